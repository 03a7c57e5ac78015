import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { jwtVerify } from 'jose';
import { sections } from '../../server/admin/layout.ts';
import { customProperties, events, methods, parts, properties, staticMethods } from '../../widget/face.ts';
import { customPropertyControls } from './controls.ts';
import { customPropertyRows, eventRows, methodRows, partRows, propertyRows } from './face-rows.ts';
import { contributorFacts, readmeExamples } from './readme-code.ts';
import { docsTexts } from './texts/texts.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const texts = docsTexts.en.developer;

describe('the playground', () => {
  const tables = {
    'data-property': { table: properties, rows: propertyRows(texts), control: /data-(set|words|function)="/ },
    'data-method': {
      table: { ...methods, ...staticMethods },
      rows: methodRows('/photos/mug.jpg'),
      control: /data-try="/,
    },
    'data-event': { table: events, rows: eventRows(texts), control: /data-listen/ },
    'data-part': { table: parts, rows: partRows(texts), control: /data-highlight="/ },
    'data-custom-property': { table: customProperties, rows: customPropertyRows(texts), control: /data-custom="/ },
  };
  for (const [mark, { table, rows, control }] of Object.entries(tables)) {
    it(`has a row with a control for every name: ${mark}`, () => {
      const named = rows.map(({ markup }) => new RegExp(`${mark}="([^"]+)"`).exec(markup)?.[1]);
      assert.deepEqual(named, Object.keys(table));
      for (const { markup } of rows) assert.match(markup, control);
    });
  }

  it('knows the type of every detail', () => {
    for (const { markup } of eventRows(texts)) assert.doesNotMatch(markup, /detail: unknown/);
  });

  it('starts each colour and measure at the widget’s own default', () => {
    const styles = globSync('widget/**/styles*/**.ts', { cwd: root }).concat('widget/styles.ts').map(read).join('\n');
    for (const [name, control] of Object.entries(customPropertyControls)) {
      if (control.kind === 'font') continue;
      const [, usual] = new RegExp(`var\\(${name}, (?:light-dark\\()?([^,)]+)`).exec(styles) ?? [];
      const long = usual?.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
      assert.equal(long, control.kind === 'pixels' ? `${control.start}px` : control.start, name);
    }
  });
});

describe('the documentation', () => {
  it('names settings, admin pages and health routes that exist, in every language', () => {
    const config = read('server/config.ts');
    const routes = ['server/http/health.ts', 'server/http/metrics.ts'].map(read).join('\n');
    for (const { operator } of Object.values(docsTexts)) {
      for (const name of Object.keys(operator.settings)) assert.match(config, new RegExp(`^ {2}${name}:`, 'm'), name);
      assert.deepEqual(Object.keys(operator.admin).toSorted(), [...sections].toSorted());
      for (const path of Object.keys(operator.health)) assert.ok(routes.includes(`'${path}'`), path);
    }
  });

  it('leads contributors to folders that exist', () => {
    const { rooms, commands } = contributorFacts();
    assert.ok(rooms.length >= 8, 'the table of CONTRIBUTING.md is found');
    const folders = rooms.flatMap(({ folder }) => [...folder.matchAll(/`([^`]+)`/g)].map(([, path]) => path!));
    assert.deepEqual(
      folders.filter((path) => !existsSync(join(root, path))),
      [],
    );
    assert.ok(commands.includes('test') && !commands.includes('pretest'));
  });

  it('takes its code from the README, and says so when an example is gone', () => {
    const [node] = readmeExamples(['Node']);
    assert.match(node!.code, /^import \{ SignJWT \} from 'jose';\n[\s\S]*\n\}$/);
    assert.throws(() => readmeExamples(['Cobol']), /no example “Cobol”/);
  });
});

describe('the token endpoint of the README, as it stands there', () => {
  const secret = 'a secret that panel and covers server share';
  /** How each language is run from a text, and what prints the token. */
  const runs = {
    Node: {
      command: process.execPath,
      args: ['--input-type=module', '-e'],
      end: 'console.log(await videoCoverToken("seller-42"))',
    },
    PHP: { command: 'php', args: ['-r'], end: 'echo video_cover_token("seller-42");' },
    Python: { command: 'python3', args: ['-c'], end: 'print(video_cover_token("seller-42"))' },
  };
  for (const [name, { command, args, end }] of Object.entries(runs)) {
    it(`${name} signs for the seller, for ten minutes`, async (t) => {
      const [{ code } = { code: '' }] = readmeExamples([name]);
      const env = { ...process.env, SITE_JWT_SECRET: secret };
      const { error, stdout, stderr } = spawnSync(command, [...args, `${code}\n${end}`], {
        cwd: root,
        env,
        encoding: 'utf8',
      });
      if (error) return t.skip(`there is no ${command} here`);
      const key = new TextEncoder().encode(secret);
      const asked = { issuer: 'https://panel.example', audience: 'kling-video-cover', subject: 'seller-42' };
      const { payload } = await jwtVerify(stdout.trim(), key, { ...asked, algorithms: ['HS256'] }).catch(
        (fault: unknown) => assert.fail(`${String(fault)}: ${stdout} ${stderr}`),
      );
      assert.equal(payload.exp! - payload.iat!, 600);
    });
  }
});
