import { z } from 'zod';
import type { S3Settings } from './media/s3.ts';

/** Where pictures and clips are kept. */
export type StorageConfig = { kind: 'folder'; folder: string } | ({ kind: 's3' } & S3Settings);

type StorageAddress = { kind: 'folder'; folder: string } | ({ kind: 's3' } & Omit<S3Settings, 'credentials'>);

const example = 's3://covers/media?region=eu-central-1';
const parameters = ['region', 'endpoint', 'addressing', 'reads', 'public'];
/** docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, read 2026-11-20. */
const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const prefixPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** `STORAGE_URL`. Every fault of an address is told; what stands where a password would is never repeated. */
export const storageUrl = z.string().transform((text, context): StorageAddress => {
  if (text.startsWith('file:')) return { kind: 'folder', folder: text.slice('file:'.length) };
  const faults: string[] = [];
  const storage = readS3(text, faults);
  for (const message of faults) context.addIssue({ code: 'custom', message });
  return storage ?? z.NEVER;
});

function readS3(text: string, faults: string[]): StorageAddress | null {
  const url = text.startsWith('s3://') && URL.canParse(text) ? new URL(text) : null;
  if (!url) {
    faults.push(`must be a folder such as file:./data/media or a bucket such as ${example}`);
    return null;
  }
  if (url.username || url.password)
    faults.push('must not hold credentials: give them in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  const given = url.searchParams;
  const unknown = [...new Set(given.keys())].filter((name) => !parameters.includes(name));
  if (unknown.length > 0 || url.hash) faults.push(`knows only ${parameters.join(', ')} after the question mark`);

  // As it was written: a URL has already followed its dots.
  const prefix = /^s3:\/\/[^/?#]*\/?([^?#]*?)\/?(?:[?#]|$)/.exec(text)![1]!;
  const region = given.get('region') ?? '';
  const addressing = given.get('addressing') ?? (given.has('endpoint') || url.host.includes('.') ? 'path' : 'host');
  const reads = given.get('reads') ?? 'proxy';
  if (!bucketPattern.test(url.host)) faults.push(`must name a bucket in lower case, for example ${example}`);
  if (prefix !== '' && !prefixPattern.test(prefix))
    faults.push('may have letters, digits, dots, dashes and slashes after the bucket, for example s3://covers/media');
  if (!/^[a-z0-9-]{2,40}$/.test(region)) faults.push(`must say the region, for example ${example}`);
  if (addressing !== 'path' && addressing !== 'host') faults.push('may have addressing=path or addressing=host');
  if (reads !== 'proxy' && reads !== 'redirect') faults.push('may have reads=proxy or reads=redirect');
  for (const name of ['endpoint', 'public'])
    if (given.has(name) && !isEndpoint(given.get(name)!))
      faults.push(`must have an http or https address as ${name}, for example ${name}=https://storage.example:9000`);
  if (given.has('public') && reads !== 'redirect') faults.push('has public, which needs reads=redirect');
  if (faults.length > 0) return null;

  const endpoint = given.get('endpoint') ?? `https://s3.${region}.amazonaws.com`;
  return {
    kind: 's3',
    bucket: url.host,
    prefix,
    region,
    endpoint: withoutEnd(endpoint),
    addressing: addressing as 'path' | 'host',
    reads: reads as 'proxy' | 'redirect',
    ...(given.has('public') && { publicEndpoint: withoutEnd(given.get('public')!) }),
  };
}

const withoutEnd = (url: string) => url.replace(/\/$/, '');

function isEndpoint(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash;
}

const awsNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

const awsKey = z.string().trim().optional();
/** The keys of a bucket, as every tool for S3 reads them. With a folder nobody looks at them. */
export const awsSettings = { AWS_ACCESS_KEY_ID: awsKey, AWS_SECRET_ACCESS_KEY: awsKey, AWS_SESSION_TOKEN: awsKey };

/** What is wrong with the keys, when a bucket needs them. */
export function awsFaults(given: Record<string, string | undefined>): string[] {
  if (!given['STORAGE_URL']?.startsWith('s3:')) return [];
  const isKey = (name: string) => /^[\x21-\x7e]+$/.test(given[name]?.trim() ?? '');
  return awsNames
    .filter((name) => !isKey(name) && (name !== 'AWS_SESSION_TOKEN' || given[name] !== undefined))
    .map((name) =>
      given[name] === undefined
        ? `${name} is missing: STORAGE_URL names a bucket; make a key that may use that bucket alone`
        : `${name} must be the key alone, without spaces`,
    );
}

/** The whole setting, once nothing is wrong with it. */
export function withKeys(
  address: StorageAddress,
  keys: Partial<Record<(typeof awsNames)[number], string | undefined>>,
): StorageConfig {
  if (address.kind === 'folder') return address;
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN: sessionToken } = keys;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! };
  return { ...address, credentials: { ...credentials, ...(sessionToken && { sessionToken }) } };
}
