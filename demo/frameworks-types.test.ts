/** TypeScript reads the examples and the built types as a consumer would: without our sources, without skipLibCheck. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { exampleText } from './frameworks-testing.ts';

const folder = join(import.meta.dirname, 'frameworks');
const ours = /\/(demo\/frameworks|dist\/widget)\//;

/** Scripts of single-file components, which tsc cannot find by itself, beside the files they stand in. */
const scripts = new Map(
  ['vue/panel.vue', 'svelte/panel.svelte'].map((path) => [
    join(folder, `${path}.ts`),
    /<script[^>]*>\n(.*?)<\/script>/s.exec(exampleText(path))![1]!,
  ]),
);

function program(): ts.Program {
  const path = join(folder, 'tsconfig.json');
  const { fileNames, options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path, ts.sys.readFile).config,
    ts.sys,
    folder,
  );
  const host = ts.createCompilerHost({ ...options, skipLibCheck: false });
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => scripts.has(name) || fileExists(name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = scripts.get(name);
    return text === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, text, version);
  };
  return ts.createProgram([...fileNames, ...scripts.keys()], { ...options, skipLibCheck: false }, host);
}

describe('the types', () => {
  it('of the build agree with the sources, and every example is right by them', () => {
    const checked = program();
    const files = checked.getSourceFiles().filter(({ fileName }) => ours.test(fileName));
    const names = files.map(({ fileName }) => fileName.split('/').at(-1));
    for (const name of ['kling-video-cover.d.ts', 'react.d.ts', 'vue.d.ts', 'svelte.d.ts', 'panel.svelte.ts'])
      assert.ok(names.includes(name), `${name} is read`);
    const faults = files.flatMap((file) => [
      ...checked.getSyntacticDiagnostics(file),
      ...checked.getSemanticDiagnostics(file),
    ]);
    assert.equal(
      ts.formatDiagnostics(faults, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => folder,
        getNewLine: () => '\n',
      }),
      '',
    );
  });
});
