import { shown, type Goal } from '../goal.ts';

const mostMs = 50;

/** The longest time that our server's event loop stood still while the other goals were measured. */
export const stalls: Goal = {
  id: 'P13',
  async run({ stalls: { ours, floors } }) {
    const row = { id: 'P13', what: 'longest stall of an event loop under all of the above', ratio: '–', spread: '–' };
    const goal = `≤ ${mostMs} ms`;
    if (ours.ms === 0)
      return [{ ...row, figure: '–', floor: '–', goal, met: null, note: 'needs the other goals in the same run' }];
    const met = ours.ms <= mostMs;
    const note = `ours in ${ours.where}${floors.ms > 0 ? `, a floor's in ${floors.where}` : ''}; what the system takes away for others counts for both`;
    return [
      { ...row, figure: shown(ours.ms, 'ms'), floor: floors.ms > 0 ? shown(floors.ms, 'ms') : '–', goal, met, note },
    ];
  },
};
