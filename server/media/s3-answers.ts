/** What S3 says in XML, read by name: our keys need no escaping, and nothing else of these documents is used. */

/** The code and sentence of an error document; both empty where there is none. */
export function errorOf(xml: string): { code: string; message: string; region: string } {
  const [error = ''] = contentsOf(xml, 'Error');
  return { code: first(error, 'Code'), message: first(error, 'Message'), region: first(error, 'Region') };
}

export interface ListedPage {
  objects: { key: string; putAtMs: number }[];
  /** Leads to the next page; null on the last. */
  next: string | null;
}

/** A page of ListObjectsV2 (docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, read 2026-11-20). */
export function pageOf(xml: string): ListedPage {
  const [page] = contentsOf(xml, 'ListBucketResult');
  if (page === undefined) throw new Error('the store answered something that is no list of objects');
  const objects = contentsOf(page, 'Contents').map((object) => ({
    key: first(object, 'Key'),
    putAtMs: Date.parse(first(object, 'LastModified')),
  }));
  return { objects, next: first(page, 'IsTruncated') === 'true' ? first(page, 'NextContinuationToken') : null };
}

/** What stands between the tags of each element of this name. In linear time: a pattern would look for each end anew. */
function contentsOf(xml: string, name: string): string[] {
  const found: string[] = [];
  const [opening, closing] = [`<${name}`, `</${name}>`];
  for (let at = xml.indexOf(opening); at >= 0; at = xml.indexOf(opening, at + 1)) {
    if (!/[\s>]/.test(xml[at + opening.length] ?? '')) continue;
    const start = xml.indexOf('>', at) + 1;
    const end = xml.indexOf(closing, start);
    if (start === 0 || end < 0) break;
    found.push(xml.slice(start, end));
    at = end;
  }
  return found;
}

const first = (xml: string, name: string): string => unescaped(contentsOf(xml, name)[0] ?? '').trim();

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#34': '"', '#39': "'" };
const unescaped = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos|#34|#39);/g, (_, name: string) => entities[name]!);
