import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** At least this many characters; longer than any passphrase is refused so that nobody makes us hash a book. */
export const passwordLength = { min: 10, max: 200 };

/** 32 MiB and about a fifth of a second; one of the settings of OWASP's Password Storage Cheat Sheet (read 2026-11). */
const cost = { ln: 15, r: 8, p: 3 };
const saltBytes = 16;
const hashBytes = 32;
/** A row that claims more than this was not written by us. */
const maxLn = 18;

const stored = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

type Derive = (password: string, salt: Buffer, cost: { ln: number; r: number; p: number }) => Promise<Buffer>;

const deriveByScrypt: Derive = (password, salt, { ln, r, p }) => {
  const N = 2 ** ln;
  const settings: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFC'), salt, hashBytes, settings, (fault, key) =>
      fault ? reject(fault) : resolve(key),
    ),
  );
};

/**
 * Operators' passwords as scrypt with a salt of their own, stored with their cost:
 * `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. One at a time, so that many sign-ins take neither all memory nor all threads.
 */
export function createPasswords(derive: Derive = deriveByScrypt) {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn(...given: Parameters<Derive>): Promise<Buffer> {
    const mine = last.then(() => derive(...given));
    last = mine.catch(() => undefined);
    return mine;
  }

  return {
    async hash(password: string): Promise<string> {
      const salt = randomBytes(saltBytes);
      const key = await inTurn(password, salt, cost);
      return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
    },

    /**
     * Whether `password` is the one of `hash`, compared in constant time. Null stands for a login that nobody has: it is
     * never right and costs as much. Throws when `hash` was not written here.
     */
    async isRight(password: string, hash: string | null): Promise<boolean> {
      const read = hash === null ? null : readHash(hash);
      const key = await inTurn(
        password.slice(0, passwordLength.max),
        read?.salt ?? randomBytes(saltBytes),
        read?.cost ?? cost,
      );
      return timingSafeEqual(key, read?.key ?? Buffer.alloc(hashBytes)) && read !== null;
    },
  };
}

export type Passwords = ReturnType<typeof createPasswords>;

function readHash(text: string) {
  const [, ln, r, p, salt, key] = stored.exec(text) ?? [];
  if (!salt || !key || Number(ln) > maxLn)
    throw new Error('a stored password is not in a form that this server writes');
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}
