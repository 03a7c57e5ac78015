import { createSSRApp } from 'vue';
import Panel from './panel.vue';

createSSRApp(Panel).mount('#app');
