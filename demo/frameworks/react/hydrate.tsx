import { hydrateRoot } from 'react-dom/client';
import { Panel } from './panel.tsx';

hydrateRoot(document.querySelector('#app')!, <Panel />);
