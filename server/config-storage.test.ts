import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, loadConfig } from './config.ts';

const sound = { KLING_API_KEY: 'key', SECRET: 'x'.repeat(32) };
const keys = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 'secret/1+' };
const bucket = 's3://covers/media?region=eu-central-1';

const storageOf = (STORAGE_URL: string, env: Record<string, string> = keys) =>
  loadConfig({ ...sound, ...env, STORAGE_URL }).storage;

function faultsOf(STORAGE_URL: string, env: Record<string, string> = keys): string[] {
  try {
    storageOf(STORAGE_URL, env);
  } catch (fault) {
    if (fault instanceof ConfigError) return fault.faults;
    throw fault;
  }
  return [];
}

describe('STORAGE_URL', () => {
  it('is a folder when nothing else is said, whatever keys the machine has', () => {
    assert.deepEqual(loadConfig({ ...sound, AWS_ACCESS_KEY_ID: 'of another program' }).storage, {
      kind: 'folder',
      folder: './data/media',
    });
  });

  it('is a bucket at Amazon, read through us', () => {
    assert.deepEqual(storageOf(bucket), {
      kind: 's3',
      bucket: 'covers',
      prefix: 'media',
      region: 'eu-central-1',
      endpoint: 'https://s3.eu-central-1.amazonaws.com',
      addressing: 'host',
      reads: 'proxy',
      credentials: { accessKeyId: 'AKIA1', secretAccessKey: 'secret/1+' },
    });
  });

  it('is a bucket anywhere else, with browsers sent there and temporary keys', () => {
    const endpoint = encodeURIComponent('http://minio.internal:9000/');
    const storage = storageOf(
      `s3://my.covers?region=us-east-1&endpoint=${endpoint}&reads=redirect&public=https://files.example`,
      { ...keys, AWS_SESSION_TOKEN: ' temporary ' },
    );
    assert.deepEqual(storage, {
      kind: 's3',
      bucket: 'my.covers',
      prefix: '',
      region: 'us-east-1',
      endpoint: 'http://minio.internal:9000',
      addressing: 'path',
      reads: 'redirect',
      publicEndpoint: 'https://files.example',
      credentials: { accessKeyId: 'AKIA1', secretAccessKey: 'secret/1+', sessionToken: 'temporary' },
    });
    assert.deepEqual(storageOf('s3://covers/a/b_c.1/?region=auto&endpoint=https://s3.example&addressing=host'), {
      kind: 's3',
      bucket: 'covers',
      prefix: 'a/b_c.1',
      region: 'auto',
      endpoint: 'https://s3.example',
      addressing: 'host',
      reads: 'proxy',
      credentials: { accessKeyId: 'AKIA1', secretAccessKey: 'secret/1+' },
    });
  });

  it('with a dot in the bucket goes by path: no certificate of Amazon covers it as a host', () => {
    const storage = storageOf('s3://my.covers?region=eu-central-1');
    assert.equal(storage.kind === 's3' && storage.addressing, 'path');
  });

  it('tells all its faults at once, each with what would be right', () => {
    const wrong = 's3://Covers/../up?region=EU&endpoint=minio:9000&public=ftp://x&reads=both&addressing=dns&acl=public';
    const faults = faultsOf(wrong, {});
    for (const said of [
      /bucket in lower case.*s3:\/\/covers/,
      /must say the region.*region=eu-central-1/,
      /as endpoint, for example endpoint=https:/,
      /as public, for example public=https:/,
      /reads=proxy or reads=redirect/,
      /addressing=path or addressing=host/,
      /knows only region, endpoint/,
      /public, which needs reads=redirect/,
    ])
      assert.ok(
        faults.some((fault) => fault.startsWith('STORAGE_URL ') && said.test(fault)),
        `${said} in\n${faults.join('\n')}`,
      );
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
      assert.ok(
        faults.some((fault) => fault.startsWith(`${name} is missing`)),
        name,
      );
    for (const prefix of ['/a//b', '/a b', '/.tmp', '/a/%2e%2e/b', '/ы'])
      assert.match(faultsOf(`s3://covers${prefix}?region=eu-central-1`).join(), /letters, digits, dots/, prefix);
    for (const other of ['gs://covers', 's3:covers', '/srv/media', 's3://'])
      assert.match(faultsOf(other).join(), /STORAGE_URL must/, other);
  });

  it('never repeats a secret in a fault', () => {
    const canary = 'canary-7f3a';
    const faults = [
      ...faultsOf(`s3://${canary}:${canary}@covers?region=eu-central-1`),
      ...faultsOf(bucket, { AWS_ACCESS_KEY_ID: `${canary} `, AWS_SECRET_ACCESS_KEY: `${canary} ${canary}` }),
      ...faultsOf(`s3://covers?region=eu-central-1&endpoint=https://${canary}:${canary}@s3.example`),
    ];
    assert.ok(faults.length >= 3, faults.join('\n'));
    assert.ok(!faults.join().includes('canary'));
  });
});
