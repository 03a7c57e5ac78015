/** A page that uses the widget is rendered where there is no DOM: nothing is thrown, nothing is left behind. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { builtWidget, renderOnServer } from './frameworks-testing.ts';

const built = (name: string) => join(builtWidget, `kling-video-cover${name}.js`);
const load = (name: string) => import(pathToFileURL(built(name)).href) as Promise<Record<string, unknown>>;

describe('on a server without a DOM', () => {
  it('the ES module is imported, gives the class, and adds nothing to the world', async () => {
    const before = Reflect.ownKeys(globalThis);
    const { KlingVideoCover } = await load('.esm');
    assert.equal(typeof KlingVideoCover, 'function');
    assert.deepEqual(
      Reflect.ownKeys(globalThis).filter((key) => !before.includes(key) && !/^(lit|reactive)/.test(String(key))),
      [],
    );
    assert.equal('customElements' in globalThis, false);
  });

  it('the script runs, as a module and as a plain script', async () => {
    await load('');
    runInNewContext(readFileSync(built(''), 'utf8'), {});
  });

  it('Vue and Svelte write the tag with its attributes, and React leaves it to the browser', async () => {
    const { react, vue, svelte } = await renderOnServer();
    for (const markup of [vue, svelte]) {
      assert.match(markup, /<kling-video-cover [^>]*server="https:\/\/covers\.example" preset="video-cover"/);
    }
    assert.match(react, /<main><button>Show<\/button>/);
    assert.doesNotMatch(react, /kling-video-cover/);
  });

  it('React, too, writes the tag where attributes are all it needs', () => {
    const props = { 'token-url': '/token', lang: 'vi', getToken: async () => '', 'oncover-ready': () => undefined };
    assert.equal(
      renderToString(createElement('kling-video-cover', props)),
      '<kling-video-cover token-url="/token" lang="vi"></kling-video-cover>',
    );
  });
});
