/** What every part gets to draw itself. Parts hold no state of their own: they read it here and ask the controller. */
import type { Texts } from '../i18n/i18n.ts';
import type { JobController } from '../job-controller.ts';

export interface View {
  texts: Texts;
  language: string;
  cover: JobController;
}
