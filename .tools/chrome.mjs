// Finds a Chromium for the tests. CHROME_PATH wins; else, on linux x64, the one inside the npm package
// @sparticuz/chromium is unpacked once into node_modules/.cache; elsewhere the launcher looks for an installed Chrome.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sandbox needs user namespaces, which containers seldom have. The package's own flags switch web security off. */
const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];

/**
 * What a launcher (web-test-runner, playwright-core, puppeteer-core) needs to start the browser.
 * @returns {Promise<{ executablePath: string | undefined, env: Record<string, string | undefined>, args: string[] }>}
 */
export async function testChrome() {
  if (process.env.CHROME_PATH) return { executablePath: process.env.CHROME_PATH, env: process.env, args };
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { executablePath: undefined, env: process.env, args };
  const packageDir = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..');
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
  const dir = join(packageDir, '..', '..', '.cache', `chromium-${version}`);
  if (!existsSync(join(dir, 'chromium'))) await unpack(packageDir, dir);
  return { executablePath: join(dir, 'chromium'), env: environment(dir), args };
}

/** The package takes an existing file for a complete one, so it unpacks beside and is moved into place whole. */
async function unpack(packageDir, dir) {
  const beside = `${dir}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  const { TMPDIR } = process.env;
  process.env.TMPDIR = beside;
  try {
    const { default: chromium, inflate } = await import('@sparticuz/chromium');
    await chromium.executablePath();
    await inflate(join(packageDir, 'bin', 'al2023.tar.br'));
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
  writeFileSync(join(beside, 'fonts', 'fonts.conf'), fontConfig(dir));
  try {
    renameSync(beside, dir);
  } catch {
    rmSync(beside, { recursive: true, force: true }); // another process was first
  }
}

/** The shipped font configuration names a temp folder that does not exist here. */
const fontConfig = (dir) =>
  '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>' +
  `<dir>/usr/share/fonts</dir><dir>${join(dir, 'fonts')}</dir><cachedir>${join(dir, 'font-cache')}</cachedir></fontconfig>`;

/** A bare machine lacks nss and fontconfig; the package brings both, but only for those who point at them. */
function environment(dir) {
  const env = { ...process.env };
  if (lacksLibraries(join(dir, 'chromium'))) {
    env.LD_LIBRARY_PATH = [join(dir, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  }
  if (!existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_FILE = join(dir, 'fonts', 'fonts.conf');
  return env;
}

function lacksLibraries(executable) {
  try {
    return execFileSync('ldd', [executable], { encoding: 'utf8' }).includes('not found');
  } catch {
    return true; // no ldd to ask
  }
}
