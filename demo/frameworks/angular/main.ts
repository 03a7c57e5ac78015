/** Compiled in the browser, because the test builds without Angular's own tools; with them the first line falls away. */
import '@angular/compiler';
import { bootstrapApplication } from '@angular/platform-browser';
import { Panel } from './panel.ts';

const place = document.querySelector('#app')!;
place.append(document.createElement('app-panel'));
void bootstrapApplication(Panel);
