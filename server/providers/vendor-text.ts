const maxChars = 500;

/** Makes a vendor's words safe to keep and show: one line, no control or format characters, at most 500 characters. */
export function cleanText(text: string): string {
  const line = text
    .slice(0, maxChars * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return (line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line).toWellFormed();
}
