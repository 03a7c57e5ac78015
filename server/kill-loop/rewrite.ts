/** One change to a source file of the server while it is loaded. Nothing on the disk changes. */
export interface Edit {
  /** From the project's root. */
  file: string;
  /** Must stand in the file exactly once. */
  find: string;
  put: string;
}

/** Applies the edits that belong to this file. Throws when a text is missing or stands there more than once. */
export function rewrite(source: string, edits: readonly Edit[]): string {
  return edits.reduce((text, { file, find, put }) => {
    const parts = text.split(find);
    if (parts.length === 2) return parts.join(put);
    throw new Error(
      `stale edit of ${file}: ${JSON.stringify(find)} stands there ${parts.length - 1} times, not once. ` +
        'Mend server/kill-loop/points.ts.',
    );
  }, source);
}
