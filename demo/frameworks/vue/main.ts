import { createApp } from 'vue';
import Panel from './panel.vue';

createApp(Panel).mount('#app');
