import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserName } from './browser-name.ts';

test('browsers are told by their telling part, and what is unknown is shown as it came', () => {
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0';
  const agents = {
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`]: 'Chrome 153, Windows',
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} YaBrowser/26.8.0 Safari/537.36`]: 'Yandex 26, Windows',
    [`Mozilla/5.0 (Linux; Android 16) ${chrome} Mobile Safari/537.36 EdgA/153.0`]: 'Edge 153, Android',
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0': 'Firefox 145, Linux',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1':
      'Safari 26, iPhone',
    'curl/8.9.1': 'curl/8.9.1',
    '': '—',
  };
  for (const [agent, name] of Object.entries(agents)) assert.equal(browserName(agent), name);
  assert.equal(browserName('x'.repeat(500)).length, 60);
});
