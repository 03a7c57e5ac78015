import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openBenchOffice, type BenchOffice } from './bench-office.ts';
import { timedDownloads, timedPages, timedSpans } from './pages.ts';

describe('the benchmark of the admin', () => {
  let office: BenchOffice;
  before(async () => {
    office = await openBenchOffice({ jobs: 100, accounts: 10 });
  });
  after(() => office.close());

  it('every page it times is shown', async () => {
    for (const { path } of [...timedPages, ...timedSpans]) assert.ok((await office.timePage(path(office.filled))) > 0);
  });

  it('every download it times comes', async () => {
    for (const { path } of timedDownloads) {
      const { bytes, firstByteMs, wholeMs } = await office.timeDownload(path(office.filled));
      assert.ok(bytes > 100 && firstByteMs > 0 && firstByteMs <= wholeMs);
      assert.ok((await office.weighDownload(path(office.filled))) < 5);
    }
  });

  it('a page that is not shown stops it', async () => {
    await assert.rejects(office.timePage('/admin/jobs/none'), /404/);
  });
});
