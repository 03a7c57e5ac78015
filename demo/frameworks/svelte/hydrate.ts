import { hydrate } from 'svelte';
import Panel from './panel.svelte';

hydrate(Panel, { target: document.querySelector('#app')! });
