import type { Choice, PresetChoices, PresetRow } from '../store/schema.ts';
import { findModel, modelFaults, type ModelFault } from './models.ts';

type Offering = Pick<
  PresetRow,
  'kind' | 'provider' | 'model' | 'mode' | 'seconds' | 'sound' | 'aspectRatio' | 'choices' | 'tokensCost'
>;

/** One thing that a seller may order of a preset, with what it costs in tokens. */
export type Offer = Pick<PresetRow, 'mode' | 'seconds' | 'aspectRatio' | 'tokensCost'>;

/** The preset's own value for nothing on top, then what else is on offer. */
const withOwn = <T>(own: T, others: readonly Choice<T>[] = []): Choice<T>[] => [
  { value: own, extraTokens: 0 },
  ...others.filter(({ value }) => value !== own),
];

/** Every combination that a seller may order, the preset's own first. */
export function offersOf({ mode, seconds, aspectRatio, choices, tokensCost }: Omit<Offering, 'kind'>): Offer[] {
  const ratios = withOwn(aspectRatio, choices.aspectRatios);
  const lengths = withOwn(seconds, choices.seconds);
  return withOwn(mode, choices.modes).flatMap((quality) =>
    lengths.flatMap((length) =>
      ratios.map((ratio) => ({
        mode: quality.value,
        seconds: length.value,
        aspectRatio: ratio.value,
        tokensCost: tokensCost + quality.extraTokens + length.extraTokens + ratio.extraTokens,
      })),
    ),
  );
}

/**
 * What the price list shows: the preset's own offer, each other choice by itself, and every length in every quality,
 * because what a clip costs us is made of these two. Shapes cost us nothing.
 */
export function pricedOffers(preset: Omit<Offering, 'kind'>): Offer[] {
  const isOwn = (offer: Offer, name: 'mode' | 'seconds' | 'aspectRatio') => offer[name] === preset[name];
  return offersOf(preset).filter(
    (offer) => isOwn(offer, 'aspectRatio') || (isOwn(offer, 'mode') && isOwn(offer, 'seconds')),
  );
}

/** What an order chose of what the preset offers besides its own. */
export interface Chosen {
  group: keyof PresetChoices;
  value: string | number;
  extraTokens: number;
}

/** What of the preset's choices an order has, with what each costs on top. */
export function chosenOf(
  { choices, ...own }: Pick<Offering, 'choices' | 'aspectRatio' | 'seconds' | 'mode'>,
  order: Pick<Offer, 'aspectRatio' | 'seconds' | 'mode'>,
): Chosen[] {
  const pick = <T extends string | number>(
    group: keyof PresetChoices,
    { wish, value, others = [] }: { wish: T; value: T; others: readonly Choice<T>[] | undefined },
  ): Chosen[] => (wish === value ? [] : others.filter((one) => one.value === wish).map((one) => ({ group, ...one })));
  return [
    ...pick('aspectRatios', { wish: order.aspectRatio, value: own.aspectRatio, others: choices.aspectRatios }),
    ...pick('seconds', { wish: order.seconds, value: own.seconds, others: choices.seconds }),
    ...pick('modes', { wish: order.mode, value: own.mode, others: choices.modes }),
  ];
}

/** A quality that the model's name does not have, or what its model cannot do. */
export type OfferFault = ModelFault | 'mode';

/** What is wrong with anything on offer; empty: all of it can be made. Of a model that is in no list nothing is known. */
export function offerFaults(preset: Offering): OfferFault[] {
  const { kind, provider, model, sound } = preset;
  const faults = offersOf(preset).flatMap((offer): OfferFault[] => {
    const listed = findModel({ provider, model, mode: offer.mode });
    if (listed) return modelFaults(listed, { kind, sound, ...offer });
    return offer.mode === preset.mode ? [] : ['mode'];
  });
  return [...new Set(faults)];
}
