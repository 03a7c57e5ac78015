/** JSON on any page. */

/** What was meant, letter by letter: old libraries (Prototype.js until 1.7) have `toJSON` turn arrays into text. */
export const toJson = (meant: unknown): string =>
  JSON.stringify(meant, function (this: Record<string, unknown>, key) {
    return this[key];
  });
