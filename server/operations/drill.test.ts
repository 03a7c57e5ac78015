import assert from 'node:assert/strict';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startPostgres } from '../../.tools/postgres.ts';
import { startSite } from '../faults/server-process-testing.ts';
import { baseBackup } from './base-backup-testing.ts';
import { drill, runGuide, runHere, startDrillSite } from './drill-testing.ts';

const copyMedia = 'cp -a /backups/covers/media';

test('a backup of a running server brings back every clip and token it knew; its open job ends in one task; what came later is known at Kling', async (t) => {
  const place = await startDrillSite();
  t.after(() => place.close());
  await drill(place, {
    backUp: () => runGuide(place, ['npm run backup']),
    async lose() {
      // The guide says to remove the log of the old database: it stays, and must not be taken for the new one's.
      const kept = ['backups', 'covers.db-wal', 'covers.db-shm'];
      for (const name of readdirSync(place.folder))
        if (!kept.includes(name)) rmSync(join(place.folder, name), { recursive: true });
    },
    restore: () =>
      runGuide(place, ['rm -f /var/lib/covers/covers.db-wal', 'cp /backups/covers/kling-video-cover.db', copyMedia]),
  });
});

test('so does a base backup of a running PostgreSQL beside a copy of the media', async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  const place = await startDrillSite();
  t.after(() => place.close());
  place.settings.DATABASE_URL = await postgres.createDatabase();
  const base = baseBackup({ url: place.settings.DATABASE_URL, folder: join(place.folder, 'base') });
  await drill(place, {
    async backUp() {
      await base.take();
      await runGuide(place, ['npm run backup']);
    },
    async lose() {
      await postgres.kill();
      rmSync(join(place.folder, 'media'), { recursive: true });
    },
    async restore() {
      await base.putBack();
      await postgres.restart();
      await runGuide(place, [copyMedia]);
    },
  });
});

test('a later backup brings new files only, and a damaged database leaves the earlier copy', async (t) => {
  const place = await startSite();
  t.after(() => place.close());
  const backup = join(place.folder, 'backup');
  const server = await place.start();
  await place.uploaded();
  assert.match((await runHere(place, 'operations/backup-main.ts', backup)).said, /: 1 new files.* 0 were there/);
  await place.uploaded();
  assert.match((await runHere(place, 'operations/backup-main.ts', backup)).said, /: 1 new files.* 1 were there/);
  await server.signal('SIGKILL');

  const earlier = statSync(join(backup, 'kling-video-cover.db'));
  const { code, said } = await runHere(
    { ...place, settings: { ...place.settings, DATABASE_URL: `file:${import.meta.filename}` } },
    'operations/backup-main.ts',
    backup,
  );
  assert.equal(code, 1);
  assert.match(said, /not a database/);
  assert.deepEqual(statSync(join(backup, 'kling-video-cover.db')), earlier);
});
