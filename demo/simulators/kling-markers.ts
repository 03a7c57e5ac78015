/** Orders to misbehave, written into a prompt as `[[sim:name]]`; README.md says what each one does. */
export type Markers = {
  has(name: string): boolean;
  /** The code of `refuse-<code>`, or null. */
  refusalCode: number | null;
};

/** Finds every marker in the prompt, wherever it stands. Unknown names are kept: they simply match nothing. */
export function readMarkers(prompt: string): Markers {
  const names = new Set(Array.from(prompt.matchAll(/\[\[sim:([a-z0-9-]+)\]\]/g), (match) => match[1]!));
  const refusal = [...names].find((name) => /^refuse-\d{4}$/.test(name));
  return { has: (name) => names.has(name), refusalCode: refusal ? Number(refusal.slice('refuse-'.length)) : null };
}
