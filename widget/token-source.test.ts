import { expect } from '@open-wc/testing';
import { TokenSource } from './token-source.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);
const tokenOf = (claims: Record<string, unknown>) =>
  `h.${btoa(JSON.stringify({ iss: 'host', sub: 'seller', ...claims })).replace(/=+$/, '')}.s`;

function source(give: (asked: number) => string | Promise<string>) {
  const state = { asked: 0, changes: 0 };
  const tokens = new TokenSource({
    fetchToken: async () => give((state.asked += 1)),
    onSubjectChange: () => (state.changes += 1),
  });
  return { tokens, state };
}

const codeOf = (promise: Promise<unknown>) => promise.then(String, (fault: { code: string }) => fault.code);

describe('host token', () => {
  it('is asked for once by twenty requests at a time, and kept', async () => {
    const { tokens, state } = source(() => tokenOf({ iat: nowSeconds(), exp: nowSeconds() + 900 }));
    await Promise.all(Array.from({ length: 20 }, () => tokens.get()));
    await tokens.get();
    expect(state.asked).to.equal(1);
  });

  it('is asked for again, once, when the server refused it', async () => {
    const { tokens, state } = source((n) => tokenOf({ n, exp: nowSeconds() + 900 }));
    const first = await tokens.get();
    const [a, b] = await Promise.all([tokens.get(first), tokens.get(first)]);
    expect(a).to.equal(b);
    expect(a === first).to.equal(false);
    expect(await tokens.get(first)).to.equal(a);
    expect(state.asked).to.equal(2);
  });

  it('is renewed shortly before it ends', async () => {
    const { tokens, state } = source((n) =>
      tokenOf({ n, exp: nowSeconds() + (n === 1 ? 0.08 : 900), iat: nowSeconds() }),
    );
    await tokens.get();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await tokens.get();
    expect(state.asked).to.equal(2);
  });

  it('is trusted for its own span when the clock of this machine runs ahead', async () => {
    const { tokens, state } = source(() => tokenOf({ iat: nowSeconds() - 9000, exp: nowSeconds() - 8100 }));
    await tokens.get();
    await tokens.get();
    expect(state.asked).to.equal(1);
  });

  it('of another seller stops whoever waits for it', async () => {
    const { tokens, state } = source((n) => tokenOf({ sub: n === 1 ? 'anna' : 'boris', exp: nowSeconds() + 900 }));
    const first = await tokens.get();
    expect(await codeOf(tokens.get(first))).to.equal('unauthorized');
    expect(state.changes).to.equal(1);
  });

  it('that cannot be had is a named fault, and the next request asks anew', async () => {
    const { tokens, state } = source((n) => (n === 1 ? Promise.reject(new Error('host is down')) : 'opaque'));
    expect(await codeOf(tokens.get())).to.equal('token_unavailable');
    expect(await tokens.get()).to.equal('opaque');
    expect(state.asked).to.equal(2);
  });
});
