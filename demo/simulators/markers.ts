/** Orders to misbehave, written into a prompt as `[[sim:name]]`; README.md says what each one does. */
export type Markers = {
  has(name: string): boolean;
  /** The number in a marker such as `refuse-1301` (`prefix` is 'refuse-'), or null. */
  numberAfter(prefix: string): number | null;
};

/** Finds every marker in the prompt, wherever it stands. Unknown names are kept: they simply match nothing. */
export function readMarkers(prompt: string): Markers {
  const names = new Set(Array.from(prompt.matchAll(/\[\[sim:([a-z0-9-]+)\]\]/g), (match) => match[1]!));
  return {
    has: (name) => names.has(name),
    numberAfter(prefix) {
      const name = [...names].find((each) => each.startsWith(prefix) && /^\d+$/.test(each.slice(prefix.length)));
      return name === undefined ? null : Number(name.slice(prefix.length));
    },
  };
}
