const maxChars = 500;

/** Makes a vendor's words safe to keep and show: one line, no control or format characters, at most 500 characters. */
export function cleanText(text: string): string {
  const line = text
    .slice(0, maxChars * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return (line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line).toWellFormed();
}

/** An answer's body as text, to be quoted in a reason. */
export function shownBody(body: unknown): string {
  if (typeof body === 'string') return body;
  try {
    return JSON.stringify(body) ?? '';
  } catch {
    // JSON can be read at a depth at which it cannot be written again.
    return 'nested too deep';
  }
}
