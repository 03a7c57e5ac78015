/** Which presets a cover may be made with. */
import type { Preset, Session } from '../server/contract.ts';

/** The presets named by the `presets` attribute, in its order; unknown ids are left out. */
export function choiceOf(session: Session, presets: string | null | undefined): Preset[] {
  const covers = session.presets.filter((preset) => preset.kind === 'image-to-video');
  const ids = presets?.split(/\s+/).filter(Boolean) ?? [];
  return ids.flatMap((id) => covers.find((preset) => preset.id === id) ?? []);
}

/** The preset to begin with: the `preset` attribute, else the first of the choice, else the site's first video preset. */
export function firstPreset(
  session: Session,
  asked: { preset: string | null | undefined; presets: string | null | undefined },
): Preset | undefined {
  const covers = session.presets.filter((preset) => preset.kind === 'image-to-video');
  return covers.find((preset) => preset.id === asked.preset) ?? choiceOf(session, asked.presets)[0] ?? covers[0];
}
