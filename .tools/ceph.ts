/** Ceph's S3 gateway from Debian's packages, for the tests that want a second make of S3: one monitor, one disk in memory. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const stepMs = 60_000;
const startMs = 90_000;
const bucket = 'covers';
const key = { accessKeyId: 'TESTS', secretAccessKey: 'a-secret-of-the-tests/+' };

/** Whether the packages are there: `apt-get install --no-install-recommends radosgw ceph-mon ceph-osd`. */
export const hasCeph = ['radosgw', 'ceph-mon', 'ceph-osd'].every((name) => existsSync(`/usr/bin/${name}`));

/** Starts it in a folder of its own, with a user and an empty bucket; takes ten seconds to a minute. Needs root. */
export async function startCeph() {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-ceph-'));
  const [monitor, gateway] = [await freePort(), await freePort()];
  const children: ChildProcess[] = [];
  const conf = join(folder, 'ceph.conf');
  const keyring = join(folder, 'keyring');
  for (const name of ['mon', 'osd', 'rgw', 'run']) mkdirSync(join(folder, name));
  const cluster = randomUUID();
  writeFileSync(conf, settings({ folder, cluster, monitor, gateway }));

  const ceph = (name: string, ...rest: string[]) => run(name, ['--conf', conf, ...rest], { timeout: stepMs });
  const serve = (name: string, ...rest: string[]) =>
    children.push(spawn(name, ['--conf', conf, '-f', ...rest], { stdio: 'ignore' }));
  const stop = async () => {
    const running = children.filter((child) => child.exitCode === null);
    const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const all = ['mon', 'osd', 'mgr'].flatMap((part) => ['--cap', part, 'allow *']);
    for (const [index, name] of ['mon.', 'client.admin', 'client.rgw.a', 'osd.0'].entries())
      await run('ceph-authtool', [...(index === 0 ? ['-C'] : []), keyring, '--gen-key', '-n', name, ...all]);
    const map = join(folder, 'monmap');
    await run('monmaptool', ['--create', '--addv', 'a', `[v2:127.0.0.1:${monitor}]`, '--fsid', cluster, map]);
    await ceph('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
    copyFileSync(keyring, join(folder, 'mon', 'keyring'));
    serve('ceph-mon', '-i', 'a', '--setuser', 'root', '--setgroup', 'root');
    const disk = randomUUID();
    await ceph('ceph', 'osd', 'new', disk);
    await ceph('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'host=h', 'root=default');
    await ceph('ceph-osd', '--mkfs', '-i', '0', '--osd-uuid', disk);
    copyFileSync(keyring, join(folder, 'osd', 'keyring'));
    await ceph('ceph', 'auth', 'import', '-i', keyring);
    serve('ceph-osd', '-i', '0', '--setuser', 'root', '--setgroup', 'root');
    serve('radosgw', '-n', 'client.rgw.a');
    const endpoint = `http://127.0.0.1:${gateway}`;
    await answering(endpoint);
    const user = ['--uid', 'tests', '--display-name', 'tests', '--access-key', key.accessKeyId];
    await ceph('radosgw-admin', '-n', 'client.rgw.a', 'user', 'create', ...user, '--secret-key', key.secretAccessKey);
    return { endpoint, bucket, ...key, stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

const settings = (of: { folder: string; cluster: string; monitor: number; gateway: number }) => `[global]
fsid = ${of.cluster}
mon host = [v2:127.0.0.1:${of.monitor}]
public network = 127.0.0.0/8
ms bind msgr1 = false
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = ${of.folder}/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 500
mon data = ${of.folder}/mon
osd data = ${of.folder}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
run dir = ${of.folder}/run
admin socket = ${of.folder}/run/$name.asok
pid file = ${of.folder}/run/$name.pid
log file = ${of.folder}/$name.log
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:${of.gateway}
rgw data = ${of.folder}/rgw
keyring = ${of.folder}/keyring
`;

async function answering(endpoint: string): Promise<void> {
  for (const end = Date.now() + startMs; ; await wait(250)) {
    const status = await fetch(endpoint).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status > 0) return;
    if (Date.now() > end) throw new Error('Ceph’s gateway does not come up');
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
