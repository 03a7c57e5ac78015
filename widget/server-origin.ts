/** Where the script came from: the default of the `server` attribute, and the place of the files beside it. */

/**
 * The address of the script-tag build; undefined when its text stands in the page itself. A classic script knows itself as `document.currentScript`; for the same file
 * loaded with `type="module"` that is null, so the element is found by the file name.
 */
export function scriptTagUrl(): string | undefined {
  const current = document.currentScript;
  const byName = () => [...document.scripts].find((script) => /\/kling-video-cover\.js($|[?#])/.test(script.src));
  const script = current instanceof HTMLScriptElement && current.src ? current : byName();
  return script?.src;
}

/** The origin of a module URL; undefined when it is not http(s), as in a bundle opened from disk or under Node. */
export function originOf(url: string): string | undefined {
  const { origin, protocol } = new URL(url);
  return protocol.startsWith('http') ? origin : undefined;
}
