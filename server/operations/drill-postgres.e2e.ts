/** The restore drill with Debian's PostgreSQL and awscli, `npm run test:debian`: the guide's own lines. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { startPostgres } from '../../.tools/postgres.ts';
import { startTestS3 } from '../media/s3-testing.ts';
import { backupsOf, drill, runGuide, shellOf, startDrillSite } from './drill-testing.ts';

/** Where Debian keeps the programs of its PostgreSQL, the newest one's; the server's and pg_dump are of one version. */
const programs = newest('/usr/lib/postgresql');
const hasAll = programs !== null && existsSync('/usr/bin/aws');

const restoring = ['createdb', 'pg_restore', 'vacuumdb'];

if (!hasAll) it('needs Debian’s packages: apt-get install --no-install-recommends postgresql awscli', { skip: true });
else {
  it('pg_dump, and a copy of the media folder, bring back every clip and token', async (t) => {
    const { place, guide, lose } = await startWithPostgres(t);
    await drill(place, {
      backUp: () => guide('pg_dump', 'npm run backup'),
      async lose() {
        await lose();
        rmSync(join(place.folder, 'media'), { recursive: true });
      },
      restore: () => guide(...restoring, 'cp -a /backups/covers/media'),
    });
  });

  it('pg_dump, and a copy of the bucket, bring back every clip and token', async (t) => {
    const { place, guide, lose } = await startWithPostgres(t);
    const s3 = await startTestS3();
    t.after(() => s3.close());
    const { endpoint, region, credentials } = s3.settings;
    Object.assign(place.settings, {
      STORAGE_URL: `s3://covers/media?region=${region}&endpoint=${endpoint}`,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_DEFAULT_REGION: region,
    });
    const elsewhere = ` --endpoint-url ${endpoint}`;
    await drill(place, {
      backUp: () => guide('pg_dump', ['aws s3 sync s3:', elsewhere]),
      async lose() {
        await lose();
        const all = ['s3', 'rm', '--recursive', 's3://covers/media', '--endpoint-url', endpoint];
        await promisify(execFile)('aws', all, { env: shellOf(place) });
        assert.deepEqual(await s3.keys(), []);
      },
      restore: () => guide(...restoring, ['aws s3 sync /backups', elsewhere]),
    });
  });
}

/** An installation on a PostgreSQL of Debian's, whose database `covers` it may lose. */
async function startWithPostgres(t: TestContext) {
  const postgres = await startPostgres({ programs: programs! });
  t.after(() => postgres.stop());
  const place = await startDrillSite();
  t.after(() => place.close());
  mkdirSync(backupsOf(place));
  const url = new URL(await postgres.createDatabase());
  url.pathname = '/covers';
  place.settings.DATABASE_URL = url.href;
  const env = {
    PATH: `${programs}:${process.env['PATH']}`,
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: url.username,
  };
  const guide = (...beginnings: Parameters<typeof runGuide>[1]) => runGuide(place, beginnings, env);
  await guide('createdb');
  const lose = () => promisify(execFile)('dropdb', ['--force', 'covers'], { env });
  return { place, guide, lose };
}

function newest(folder: string): string | null {
  const versions = existsSync(folder) ? readdirSync(folder).toSorted((a, b) => Number(b) - Number(a)) : [];
  const bins = versions.map((version) => join(folder, version, 'bin'));
  return bins.find((bin) => ['postgres', 'pg_dump'].every((name) => existsSync(join(bin, name)))) ?? null;
}
