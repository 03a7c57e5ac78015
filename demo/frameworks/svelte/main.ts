import { mount } from 'svelte';
import Panel from './panel.svelte';

mount(Panel, { target: document.querySelector('#app')! });
