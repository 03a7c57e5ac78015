/** Where a page starts and how many rows to read. */
export interface Window {
  limit: number;
  before?: string;
}

/**
 * Reads one row more than asked for, to know whether there is a next page. `items` are newest first; the cursor is the
 * id of the last one given.
 */
export async function pageFrom<Row extends { id: string }>(
  asked: { limit: number; cursor?: string | undefined },
  read: (window: Window) => Promise<Row[]>,
): Promise<{ items: Row[]; nextCursor: string | null }> {
  const rows = await read({ limit: asked.limit + 1, ...(asked.cursor !== undefined && { before: asked.cursor }) });
  const items = rows.slice(0, asked.limit);
  return { items, nextCursor: rows.length > items.length ? items.at(-1)!.id : null };
}
