import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LitElement } from 'lit';
import { KlingVideoCover } from '../../widget/element.ts';
import { emit, type CoverEventName } from '../../widget/events.ts';
import {
  customProperties,
  events,
  methods,
  parts,
  properties,
  staticMethods,
  tag,
  type FaceProperty,
} from '../../widget/face.ts';
import { en } from '../../widget/i18n/en.ts';
import { languages } from '../../widget/i18n/i18n.ts';
import { modeList } from '../../widget/mode-list.ts';
import { faceFiles } from './files.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const sources = globSync('widget/**/*.ts', { cwd: root })
  .filter((path) => !/(\.test\.ts$|^widget\/testing\/|^widget\/face\.ts$)/.test(path))
  .map(read)
  .join('\n');

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const found = (pattern: RegExp, text = sources) => sorted([...text.matchAll(pattern)].map(([, name]) => name!));
const promised = (table: Record<string, unknown>) => sorted(Object.keys(table));
const allProperties: [string, FaceProperty][] = Object.entries(properties);

describe('the table of the public face is what the element has', () => {
  it('attributes and properties', () => {
    const observed = KlingVideoCover.observedAttributes;
    assert.deepEqual(sorted(allProperties.flatMap(([, each]) => each.attribute ?? [])), sorted(observed));
    assert.deepEqual(promised(properties), sorted([...KlingVideoCover.elementProperties.keys()].map(String)));
    for (const [name, { attribute }] of allProperties) {
      const { attribute: declared } = KlingVideoCover.elementProperties.get(name)!;
      assert.equal(attribute ?? false, declared === undefined ? name.toLowerCase() : declared, name);
    }
  });

  it('methods: every other one is private or Lit’s', () => {
    const own = Object.getOwnPropertyDescriptors(KlingVideoCover.prototype);
    const callable = Object.getOwnPropertyNames(KlingVideoCover.prototype).filter(
      (name) => typeof own[name]?.value === 'function' && !(name in LitElement.prototype),
    );
    assert.deepEqual(promised(methods), sorted(callable));
    for (const [name, { parameters }] of Object.entries(methods))
      assert.equal((own[name]!.value as () => void).length, parameters.length, name);
  });

  it('methods of the class: every other function of it is Lit’s', () => {
    const callable = Object.getOwnPropertyNames(KlingVideoCover).filter(
      (name) => typeof Reflect.get(KlingVideoCover, name) === 'function' && !(name in LitElement),
    );
    assert.deepEqual(promised(staticMethods), sorted(callable));
    for (const [name, { parameters }] of Object.entries(staticMethods))
      assert.equal((Reflect.get(KlingVideoCover, name) as () => void).length, parameters.length, name);
  });

  it('words that attributes understand', () => {
    assert.deepEqual(modeList(properties.modes.values.join(' ')), properties.modes.values);
    assert.deepEqual(sorted(properties.modes.values), sorted(['cover', ...Object.keys(en.modes)]));
    assert.deepEqual(sorted(properties.lang.values), sorted(languages));
    assert.deepEqual(sorted(properties.theme.values), sorted(['auto', ...found(/:host\(\[theme='(\w+)'\]\)/g)]));
  });

  it('events, and which of them can be cancelled', () => {
    assert.deepEqual(promised(events), found(/\bemit\([^,()]+(?:\([^()]*\))?,\s*'([\w-]+)'/g));
    for (const [name, { cancelable = false }] of Object.entries<{ cancelable?: true }>(events)) {
      const host = new EventTarget();
      const heard: Event[] = [];
      host.addEventListener(name, (event) => heard.push(event));
      emit(host, name as CoverEventName, {} as never);
      assert.deepEqual(
        heard.map((event) => [event.cancelable, event.bubbles, event.composed]),
        [[cancelable, true, true]],
        name,
      );
    }
  });

  it('parts, each written out in a template', () => {
    assert.deepEqual(promised(parts), sorted(found(/\spart="([^"]*)"/g).flatMap((names) => names.split(' '))));
    assert.deepEqual(found(/(\spart=\$\{[^}]*\})/g), []);
  });

  it('custom properties', () => {
    assert.deepEqual(promised(customProperties), found(/var\(\s*(--kvc-[\w-]+)/g));
    assert.deepEqual(promised(customProperties), found(/(--kvc-[\w-]+)/g), 'none is named that is not used');
  });
});

describe('what is built from it', () => {
  const files = faceFiles();
  const everything = [properties, methods, staticMethods, events, parts, customProperties].flatMap((table) =>
    Object.keys(table),
  );

  it('names everything in the manifest and in the data for JetBrains, and what can be written in HTML and CSS for VS Code', () => {
    const namesIn = (file: string) => found(/"name": "([^"]+)"/g, files[file]);
    const missing = (file: string, names: string[]) => names.filter((name) => !namesIn(file).includes(name));
    assert.deepEqual(missing('custom-elements.json', everything), []);
    assert.deepEqual(
      missing(
        'web-types.json',
        everything.filter((name) => !(name in methods || name in staticMethods)),
      ),
      [],
    );
    assert.deepEqual(missing('html-custom-data.json', KlingVideoCover.observedAttributes), []);
    assert.deepEqual(missing('css-custom-data.json', promised(customProperties)), []);
  });

  it('is a package whose every file is there', () => {
    const { exports, ...rest } = JSON.parse(files['package.json']!) as Record<string, unknown>;
    const named = found(/"\.?\/?([\w-]+(?:\.[\w-]+)*\.(?:json|d\.ts))"/g, JSON.stringify([exports, rest]));
    assert.ok(named.length >= 6, String(named));
    assert.deepEqual(
      named.filter((name) => !(name in files)),
      [],
    );
  });
});

describe('the README', () => {
  const readme = read('README.md');
  const promisedWords = [tag.name, ...allProperties.flatMap(([, each]) => each.values ?? [])];

  it('names no event, part or custom property that is not there', () => {
    const named = found(/`((?:cover|balance)-[a-z-]+|--kvc-[a-z0-9-]+)`/g, readme);
    assert.ok(named.length >= 3);
    assert.deepEqual(
      named.filter((name) => !(name in events) && !(name in customProperties) && !promisedWords.includes(name)),
      [],
    );
  });

  it('names every mode, in the order of the table', () => {
    const [sentence] = /it shows tabs: [^.]*? in the order/.exec(readme.replaceAll(/\s+/g, ' '))!;
    assert.deepEqual(
      [...sentence.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
      properties.modes.values,
    );
  });
});
