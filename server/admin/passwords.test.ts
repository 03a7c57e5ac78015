import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPasswords } from './passwords.ts';

const passwords = createPasswords();

test('a password is right and every other one wrong', async () => {
  const hash = await passwords.hash('one long password');
  assert.equal(await passwords.isRight('one long password', hash), true);
  for (const wrong of ['one long passwort', 'one long password ', '', 'x'.repeat(10_000)])
    assert.equal(await passwords.isRight(wrong, hash), false, wrong.slice(0, 20));
});

test('the hash holds its cost and a salt of its own', async () => {
  const [one, other] = [await passwords.hash('the same password'), await passwords.hash('the same password')];
  assert.match(one, /^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
  assert.notEqual(one, other);
});

test('a hash of another cost is still right, by its own cost', async () => {
  const cheap = createPasswords(async (password, salt, { ln, r, p }) =>
    Buffer.from(`${password} ${salt.length} ${ln} ${r} ${p}`.padEnd(32).slice(0, 32)),
  );
  const [salt, key] = [Buffer.alloc(16), Buffer.from('old 16 14 8 1'.padEnd(32))];
  const hash = `$scrypt$ln=14,r=8,p=1$${salt.toString('base64url')}$${key.toString('base64url')}`;
  assert.equal(await cheap.isRight('old', hash), true);
  assert.equal(await cheap.isRight('new', hash), false);
});

test('a login that nobody has costs one derivation of the same cost, and no password is right for it', async () => {
  const asked: object[] = [];
  const counted = createPasswords(async (_password, salt, cost) => {
    asked.push({ ...cost, saltBytes: salt.length });
    return Buffer.alloc(32);
  });
  const hash = await counted.hash('a password');
  asked.length = 0;
  assert.equal(await counted.isRight('a password', hash), true);
  assert.equal(await counted.isRight('a password', null), false);
  assert.equal(asked.length, 2);
  assert.deepEqual(asked[0], asked[1]);
});

test('letters that look the same are the same, however the keyboard composed them', async () => {
  assert.equal(await passwords.isRight('crème brûlée', await passwords.hash('cre\u0300me bru\u0302le\u0301e')), true);
});

test('a damaged hash is a fault and not a wrong password', async () => {
  for (const damaged of ['', 'plain', '$scrypt$ln=30,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$' + 'A'.repeat(43)])
    await assert.rejects(passwords.isRight('x', damaged), /stored password/);
});

test('derivations run one after the other', async () => {
  let running = 0;
  const slow = createPasswords(async () => {
    assert.equal((running += 1), 1);
    await new Promise(setImmediate);
    running -= 1;
    return Buffer.alloc(32);
  });
  await Promise.all(Array.from({ length: 5 }, () => slow.isRight('x', null)));
});
