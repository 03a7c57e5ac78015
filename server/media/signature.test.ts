import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createS3Signer, emptySha256, originOf } from './s3-signer.ts';
import { signatureFault } from './signature-testing.ts';

/** The examples of sig-v4-header-based-auth.html and sigv4-query-string-auth.html in Amazon's S3 API (read 2026-11-20). */
const region = 'us-east-1';
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const key = { ...credentials, region };
const nowMs = Date.UTC(2013, 4, 24);
const place = {
  bucket: 'examplebucket',
  prefix: '',
  region,
  endpoint: 'https://s3.amazonaws.com',
  addressing: 'host' as const,
};
const host = 'examplebucket.s3.amazonaws.com';

const signed = (names: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${signature}`;
const amazon = { host, 'x-amz-content-sha256': emptySha256, 'x-amz-date': '20130524T000000Z' };
const examples = [
  {
    method: 'GET',
    target: '/test.txt',
    headers: {
      ...amazon,
      range: 'bytes=0-9',
      authorization: signed(
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
    },
  },
  {
    method: 'PUT',
    target: '/test%24file.text',
    headers: {
      ...amazon,
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      authorization: signed(
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
    },
  },
  {
    method: 'GET',
    target: '/?max-keys=2&prefix=J',
    headers: {
      ...amazon,
      authorization: signed(
        'host;x-amz-content-sha256;x-amz-date',
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    },
  },
  {
    method: 'GET',
    target:
      '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    headers: { host },
  },
];

describe('the signature check of the tests', () => {
  it('accepts every example that Amazon prints', () => {
    for (const example of examples) assert.equal(signatureFault(example, key, nowMs), null, example.target);
  });

  it('refuses each of them with anything changed, too late, or of another key', () => {
    for (const example of examples) {
      const changed = { ...example, target: example.target.replace(/test|max-keys=2/, 'other') };
      assert.equal(signatureFault(changed, key, nowMs), 'SignatureDoesNotMatch');
      assert.equal(signatureFault({ ...example, method: 'DELETE' }, key, nowMs), 'SignatureDoesNotMatch');
      const other = { ...key, secretAccessKey: 'another' };
      assert.equal(signatureFault(example, other, nowMs), 'SignatureDoesNotMatch');
      assert.equal(signatureFault(example, { ...key, accessKeyId: 'another' }, nowMs), 'InvalidAccessKeyId');
      assert.equal(signatureFault(example, { ...key, region: 'eu' }, nowMs), 'AuthorizationHeaderMalformed');
      assert.match(signatureFault(example, key, nowMs + 86_400_000)!, /^(RequestTimeTooSkewed|AccessDenied)$/);
      const unsigned = { ...example, headers: { ...example.headers, 'x-amz-meta-more': '1' } };
      assert.equal(signatureFault(unsigned, key, nowMs), 'AccessDenied', 'a header of Amazon that nobody signed');
    }
  });

  it('refuses what is not signed', () => {
    assert.equal(signatureFault({ method: 'GET', target: '/test.txt', headers: { host } }, key, nowMs), 'AccessDenied');
  });
});

describe('our signatures', () => {
  const signer = createS3Signer({ place, credentials, now: () => nowMs });

  it('are those of Amazon’s examples', async () => {
    const list = await signer.sign({ method: 'GET', query: { prefix: 'J', 'max-keys': '2' } });
    assert.match(list.headers['authorization']!, /34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7$/);
    const address = await signer.presign('test.txt', { query: {}, fromMs: nowMs, seconds: 86_400 });
    assert.match(address, /X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404$/);
  });

  it('hold for prefixes, awkward query values and temporary keys, in path and in host', async () => {
    for (const addressing of ['path', 'host'] as const)
      for (const endpoint of ['https://s3.example:9000', 'https://s3.example/storage/v1/s3']) {
        const own = { ...place, addressing, endpoint, prefix: 'a/b_c.D' };
        const temporary = createS3Signer({
          place: own,
          credentials: { ...credentials, sessionToken: 'a token+/=' },
          now: () => nowMs,
        });
        const query = { 'response-content-disposition': `attachment; filename="a b.mp4"; filename*=UTF-8''%D1%8B(1)` };
        const address = new URL(await temporary.presign('x/y.mp4', { query, fromMs: nowMs, seconds: 60 }));
        const seen = { method: 'GET', target: address.pathname + address.search, headers: { host: address.host } };
        assert.equal(signatureFault(seen, key, nowMs + 59_000), null);
        assert.equal(signatureFault(seen, key, nowMs + 60_000), 'AccessDenied');
        assert.equal(address.searchParams.get('response-content-disposition'), query['response-content-disposition']);
        assert.equal(address.origin, originOf(own));
        assert.ok(address.pathname.endsWith('/a/b_c.D/x/y.mp4'));
        assert.equal(address.host.startsWith('examplebucket.'), addressing === 'host');

        const { url, headers } = await temporary.sign({ method: 'GET', query: { 'continuation-token': 'a b+/=*~&' } });
        const { host: of, pathname, search } = new URL(url);
        assert.equal(
          signatureFault({ method: 'GET', target: pathname + search, headers: { ...headers, host: of } }, key, nowMs),
          null,
        );
      }
  });
});
