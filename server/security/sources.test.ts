/** Facts about the sources themselves, where running them could prove nothing. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const filesOf = (...patterns: string[]) =>
  globSync(patterns, { cwd: root })
    .filter(
      (path) => !/\.(test|suite|e2e)\.ts$|testing|\/(security|simulation|kill-loop|bench|scale|a11y)\//.test(path),
    )
    .toSorted();
const matching = (paths: string[], pattern: RegExp) =>
  paths.filter((path) => pattern.test(withoutComments(read(path))));
const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

describe('the widget', () => {
  const widget = filesOf('widget/**/*.ts');

  it('keeps nothing in the browser but the order that waits for its answer, the words of a product, and how long the history was', () => {
    assert.ok(widget.length > 30);
    assert.deepEqual(matching(widget, /localStorage/), ['widget/parts/history.ts', 'widget/pending-order.ts']);
    assert.deepEqual(matching(widget, /sessionStorage/), ['widget/modes/scenes/product.ts']);
    assert.deepEqual(matching(widget, /indexedDB|document\.cookie|\bcaches\b/), []);
    for (const path of ['widget/parts/history.ts', 'widget/pending-order.ts', 'widget/modes/scenes/product.ts'])
      assert.doesNotMatch(withoutComments(read(path)), /[Tt]oken/, path);
  });

  it('listens to no messages of other windows, sends none, and makes no code from texts', () => {
    assert.deepEqual(
      matching(
        widget,
        /postMessage|onmessage|addEventListener\(\s*'message'|\beval\(|new Function|setTimeout\(\s*['"`]/,
      ),
      [],
    );
  });

  it('opens no address that came as text, other than media and public links of the server', () => {
    assert.deepEqual(matching(widget, /window\.open|location\.(href|assign|replace)/), []);
    assert.deepEqual(matching(widget, /target="_blank"/), [
      'widget/modes/share/share-action.ts',
      'widget/parts/download-link.ts',
    ]);
    assert.match(read('widget/modes/share/share-action.ts'), /rel="noopener/);
  });
});

describe('the server', () => {
  const server = filesOf('server/**/*.ts');

  it('compares secrets in constant time in every file that does so', () => {
    const places = [
      'server/secrets.ts',
      'server/media/media-token.ts',
      'server/providers/kling-callback.ts',
      'server/providers/kie-callback.ts',
      'server/admin/session.ts',
    ];
    for (const path of places) assert.match(read(path), /timingSafeEqual\(/, path);
    assert.deepEqual(
      matching(
        server,
        /(?:mac|signature|digest|password|apiKey)\w*\s*(?:===|!==)\s*(?!undefined|null|''|signature)\w/i,
      ),
      [],
    );
  });

  it('builds no SQL from texts', () => {
    assert.deepEqual(matching(server, /sql\.raw\(|sql\.identifier\(/), []);
    const texts = matching(server, /\.(?:exec|query|prepare|pragma)\(\s*`[^`]*\$\{/);
    // What takes no parameter is filled from constants of the file.
    assert.deepEqual(texts, ['server/store/postgres-line.ts']);
    const line = read('server/store/postgres-line.ts');
    assert.deepEqual(
      [...line.matchAll(/query\(`[^`]*\$\{(\w+)\}/g)].map(([, name]) => name),
      ['channel'],
    );
    assert.match(line, /^const channel = '\w+';/m);
  });

  it('starts no program and makes no code from texts', () => {
    assert.deepEqual(matching(server, /\beval\(|new Function\(|node:vm/), []);
    assert.deepEqual(matching(server, /node:child_process/), []);
  });

  it('turns text into markup in one place, which has escaped text already', () => {
    assert.deepEqual(matching(server, /[^.\w]raw\(/), ['server/admin/locked-forms.ts']);
  });

  it('redirects only to its own pages', () => {
    const targets = server.flatMap((path) =>
      [...withoutComments(read(path)).matchAll(/\.redirect\(([^\n]{1,40})/g)].map(([, target]) => `${path} ${target}`),
    );
    const known =
      /^server\/admin\/\S+ (?:['`]\/admin|`\$\{href\(`\/admin|(?:`\$\{)?front\b|`\$\{promptPath\(|(?:next|path), 303|pathname\.slice)|^server\/http\/shares\.ts link\.url, 302|^server\/http\/send-object\.ts location, 302/;
    assert.ok(targets.length > 5);
    assert.deepEqual(
      targets.filter((target) => !known.test(target)),
      [],
    );
    for (const path of matching(server, /^const front = /m)) assert.match(read(path), /^const front = '\/admin/m, path);
    assert.match(read('server/admin/pages/prompts.ts'), /promptPath = [^`]*`\/admin\//);
  });
});
