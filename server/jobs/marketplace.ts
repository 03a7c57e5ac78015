import type { MarketplaceRules } from '../store/schema.ts';

/** What a marketplace looks at in a finished file. */
export type MarketplaceRule = 'minSeconds' | 'maxSeconds' | 'maxBytes' | 'container' | 'aspectRatio';

/** One rule against one file. `asked` and `actual` are in the rule's own unit: seconds, bytes, a word, a ratio. */
export interface MarketplaceCheck {
  rule: MarketplaceRule;
  passes: boolean;
  asked: string | number;
  actual: string | number;
}

/** What the check looks at; a stored clip is one. */
export interface FinishedClip {
  width: number;
  height: number;
  seconds: number;
  bytes: number;
  /** `video/mp4`, `video/quicktime`. */
  contentType: string;
}

/** Encoders round to whole macroblocks, so a ratio is met within 2 %, as in the check of the provider's file. */
const ratioSlack = 0.02;

const containers: Record<string, string> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
};

/** Holds a finished clip against what its marketplace asks, one line per rule that the marketplace has. */
export function checkMarketplace(clip: FinishedClip, rules: MarketplaceRules): MarketplaceCheck[] {
  const { minSeconds, maxSeconds, maxBytes, aspectRatio } = rules;
  const seconds = Number(clip.seconds.toFixed(2));
  const container = containers[clip.contentType] ?? clip.contentType;
  const checks: MarketplaceCheck[] = [];
  if (minSeconds !== null)
    checks.push({ rule: 'minSeconds', passes: seconds >= minSeconds, asked: minSeconds, actual: seconds });
  if (maxSeconds !== null)
    checks.push({ rule: 'maxSeconds', passes: seconds <= maxSeconds, asked: maxSeconds, actual: seconds });
  if (maxBytes !== null)
    checks.push({ rule: 'maxBytes', passes: clip.bytes <= maxBytes, asked: maxBytes, actual: clip.bytes });
  if (rules.containers.length > 0)
    checks.push({
      rule: 'container',
      passes: rules.containers.includes(container),
      asked: rules.containers.join(', '),
      actual: container,
    });
  if (aspectRatio !== null)
    checks.push({
      rule: 'aspectRatio',
      passes: hasRatio(clip, aspectRatio),
      asked: aspectRatio,
      actual: `${clip.width}×${clip.height}`,
    });
  return checks;
}

function hasRatio(clip: FinishedClip, ratio: string): boolean {
  const [width = NaN, height = NaN] = ratio.split(':').map(Number);
  return Math.abs(clip.width / clip.height / (width / height) - 1) <= ratioSlack;
}
