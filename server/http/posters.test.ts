import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { models } from '../jobs/models.ts';
import { neutralPosterUrl } from './posters.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

it('every shape that a model makes has its poster, for any page and for good', async () => {
  const ratios = new Set([...models.flatMap(({ aspectRatios }) => aspectRatios), '100:1']);
  for (const ratio of ratios) {
    const answer = await server.call(neutralPosterUrl('', ratio));
    assert.equal(answer.status, 200, ratio);
    assert.equal(answer.headers.get('content-type'), 'image/svg+xml');
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.match(answer.headers.get('cache-control')!, /immutable/);
    const [width, height] = ratio.split(':').map((side) => Number(side) * 100);
    assert.match(await answer.text(), new RegExp(`viewBox="0 0 ${width} ${height}"`));
  }
});

it('there are no others', async () => {
  for (const name of [
    '0x1.svg',
    '3x4.png',
    '3x4',
    '1000x1.svg',
    '3x4.svg.svg',
    '%3Cscript%3E',
    '3:4.svg',
    '3x4.svg%0A',
  ])
    await problemOf(await server.call(`/posters/${name}`), { status: 404, code: 'not_found' });
});
