import assert from 'node:assert/strict';
import { it } from 'node:test';
import { errorOf, pageOf } from './s3-answers.ts';

const object = (key: string) =>
  `<Contents><Key>${key}</Key><LastModified>2026-11-20T12:00:00.000Z</LastModified><Owner><ID>1</ID></Owner></Contents>`;

it('a page of a list gives its objects with their times, and where it goes on', () => {
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
    `<KeyCount>2</KeyCount><IsTruncated>true</IsTruncated>${object('a/1.jpg')}\n${object('a/2.jpg')}` +
    `<NextContinuationToken>1&amp;2&quot;=&#39;</NextContinuationToken></ListBucketResult>`;
  const putAtMs = Date.UTC(2026, 10, 20, 12);
  assert.deepEqual(pageOf(xml), {
    objects: [
      { key: 'a/1.jpg', putAtMs },
      { key: 'a/2.jpg', putAtMs },
    ],
    next: `1&2"='`,
  });
  const last = '<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>';
  assert.deepEqual(pageOf(last), { objects: [], next: null });
  for (const other of ['', '<html>', '<Error><Code>X</Code></Error>', '{}'])
    assert.throws(() => pageOf(other), /no list/);
});

it('an error is told by code and sentence, and anything else by nothing', () => {
  const xml = '<?xml version="1.0"?>\n<Error><Code>SlowDown</Code><Message>less &lt;of&gt; it</Message></Error>';
  assert.deepEqual(errorOf(xml), { code: 'SlowDown', message: 'less <of> it', region: '' });
  for (const other of ['', '<ErrorDocument><Code>X</Code></ErrorDocument>', '<Error>', '<Error', '502 Bad Gateway'])
    assert.deepEqual(errorOf(other), { code: '', message: '', region: '' }, other);
});

it('a hostile answer is read in linear time', () => {
  const started = performance.now();
  for (const unit of ['<Error', '<Error>', '<Error >', '<Error><Code>', '<ListBucketResult><Contents>', '<'])
    errorOf(unit.repeat(200_000));
  assert.ok(performance.now() - started < 1000);
});
