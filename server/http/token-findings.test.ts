import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createSeal } from '../secrets.ts';
import { createSiteDirectory } from './sites.ts';
import { firstSite, sharedSecret, startTestServer, type TestServer } from './testing.ts';
import { createTokenFindings, type ExplainToken, type FindingCode, type TokenReport } from './token-findings.ts';

const nextSecret = 'the next shared secret of the first site, as long';

let server: TestServer;
let explain: ExplainToken;
before(async () => {
  server = await startTestServer({ perMinute: { badTokens: 10_000 } });
  const { store, runtime, secrets } = server.parts;
  await store.sites.put({ ...firstSite, sealedNextJwtSecret: secrets.seal.seal(nextSecret) }, 2);
  const key = { issuer: 'https://keys.example', jwksUrl: 'http://127.0.0.1:9/keys', sealedJwtSecret: null };
  await store.sites.put({ ...firstSite, ...key, id: 'keys', apiKeyHash: null }, 2);
  const directory = () => createSiteDirectory({ store, seal: secrets.seal, runtime });
  explain = createTokenFindings({ directory, now: runtime.now });
});
after(() => server.close());

const encoded = (text: string) => Buffer.from(text).toString('base64url');

/** Truly signed, whatever the text says. */
function signed(claims: string, { secret = sharedSecret, header = '{"alg":"HS256"}' } = {}): string {
  const content = `${encoded(header)}.${encoded(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}
const seconds = () => Math.floor(server.parts.runtime.now() / 1000);
const good = () => ({
  iss: firstSite.issuer,
  aud: firstSite.audience,
  sub: 'seller-1',
  iat: seconds(),
  exp: seconds() + 600,
});
const wrong = (report: TokenReport): FindingCode[] =>
  report.findings.filter((one) => !one.isGood).map(({ code }) => code);
const changed = (changes: Record<string, unknown>) => signed(JSON.stringify({ ...good(), ...changes }));

describe('the findings of a token', () => {
  it('of a good one are all good, and say which secret signed it', async () => {
    for (const [secret, code] of [
      [sharedSecret, 'signedByCurrent'],
      [nextSecret, 'signedByNext'],
    ] as const) {
      const report = await explain(signed(JSON.stringify(good()), { secret }));
      assert.deepEqual([report.verdict, wrong(report)], ['good', []]);
      assert.ok(report.findings.some((one) => one.code === code));
      assert.deepEqual([report.site!.id, report.decoded!.claims['sub']], [firstSite.id, 'seller-1']);
    }
  });

  it('name the one thing that is wrong', async () => {
    const now = seconds();
    const cases: [token: string, code: FindingCode, verdict: TokenReport['verdict']][] = [
      ['hello', 'unreadable', 'unauthorized'],
      [`Bearer ${changed({})}`, 'unreadable', 'unauthorized'],
      [`${changed({})}=`, 'unreadable', 'unauthorized'],
      [changed({ iss: 'https://nobody.example' }), 'issuerUnknown', 'unauthorized'],
      [changed({ iss: undefined }), 'issuerUnknown', 'unauthorized'],
      [signed(JSON.stringify(good()), { secret: `${sharedSecret}\n` }), 'signatureWrong', 'unauthorized'],
      [changed({ aud: 'another' }), 'audienceWrong', 'unauthorized'],
      [changed({ aud: undefined }), 'audienceWrong', 'unauthorized'],
      [changed({ sub: undefined }), 'subjectWrong', 'unauthorized'],
      [changed({ sub: '' }), 'subjectWrong', 'unauthorized'],
      [changed({ iat: undefined }), 'issuedMissing', 'unauthorized'],
      [changed({ iat: now + 120, exp: now + 300 }), 'issuedInFuture', 'unauthorized'],
      [changed({ exp: undefined }), 'expiryMissing', 'unauthorized'],
      [changed({ iat: now - 600, exp: now - 300 }), 'expired', 'token_expired'],
      [changed({ exp: now + 901 }), 'lifetimeLong', 'unauthorized'],
      [changed({ nbf: now + 120 }), 'notYet', 'unauthorized'],
      [changed({ name: 'a\nb' }), 'claimWrong', 'unauthorized'],
    ];
    for (const [token, code, verdict] of cases) {
      const report = await explain(token);
      assert.deepEqual([wrong(report), report.verdict], [[code], verdict], code);
    }
  });

  it('name all that is wrong at once', async () => {
    const token = signed(
      JSON.stringify({ ...good(), aud: 'x', sub: 1, exp: seconds() - 3_600, iat: seconds() - 7_200 }),
      {
        secret: 'nobody’s secret',
        header: '{"alg":"HS512"}',
      },
    );
    assert.deepEqual(wrong(await explain(token)), [
      'algRefused',
      'signatureWrong',
      'audienceWrong',
      'subjectWrong',
      'expired',
      'lifetimeLong',
    ]);
  });

  it('say when the address of the keys does not answer', async () => {
    const token = signed(JSON.stringify({ ...good(), iss: 'https://keys.example' }), { header: '{"alg":"RS256"}' });
    const report = await explain(token);
    assert.deepEqual([wrong(report), report.verdict], [['jwksUnreachable'], 'unavailable']);
  });

  it("say when the site's secret was sealed with another SECRET", async () => {
    const { store, runtime } = server.parts;
    const directory = () => createSiteDirectory({ store, seal: createSeal('another SECRET of the server'), runtime });
    const report = await createTokenFindings({ directory, now: runtime.now })(changed({}));
    assert.deepEqual([wrong(report), report.verdict], [['secretUnreadable'], 'internal']);
  });

  it('hold neither the token nor its signature', async () => {
    const token = changed({});
    const text = JSON.stringify(await explain(token));
    for (const part of [token, ...token.split('.')]) assert.ok(!text.includes(part));
    assert.deepEqual(server.logged, []);
  });

  it('are all good exactly when the API takes the token', async () => {
    const tokens: string[] = [
      changed({}),
      changed({ nbf: seconds() - 5 }),
      changed({ aud: [firstSite.audience, 'x'] }),
    ];
    const values = [
      '"1999999999"',
      '-1',
      '1e999',
      '-1e999',
      '[1]',
      '{}',
      'true',
      'null',
      '""',
      '"\\u0000"',
      '"x"',
      '0',
    ];
    for (const claim of ['exp', 'iat', 'nbf', 'aud', 'sub', 'iss', 'name', 'locale', 'other'])
      for (const value of values) {
        const honest = Object.entries(good()).map(([name, is]) => [name, JSON.stringify(is)]);
        const claims = Object.entries({ ...Object.fromEntries(honest), [claim]: value });
        tokens.push(signed(`{${claims.map(([name, text]) => `"${name}":${text}`).join()}}`));
      }
    for (const header of [
      '{"alg":"none"}',
      '{"alg":"hs256"}',
      '{}',
      '{"alg":"HS256","crit":["exp"]}',
      '{"alg":["HS256"]}',
    ])
      tokens.push(signed(JSON.stringify(good()), { header }));
    const statuses = new Set<number>();
    for (const token of tokens) {
      const report = await explain(token);
      const { status } = await server.call('/v1/session', { token });
      statuses.add(status);
      const claims = Buffer.from(token.split('.')[1]!, 'base64url').toString();
      assert.equal(report.verdict === 'good', status === 200, claims);
      assert.equal(wrong(report).length === 0, status === 200, `${claims} ${wrong(report).join()}`);
    }
    assert.deepEqual([...statuses].toSorted(), [200, 401]);
  });
});
