import { readFileSync } from 'node:fs';

export interface CodeExample {
  name: string;
  language: string;
  code: string;
}

/**
 * The examples of the README that stand in `<details>`, by the heading they are under; the pages show the same code, so
 * that there is one place to mend. Throws when the README has none of that name.
 */
export function readmeExamples(names: readonly string[]): CodeExample[] {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const all = [...readme.matchAll(/<summary>([^<]+)<\/summary>\s*```(\w+)\n([\s\S]*?)\n```/g)].map(
    ([, name, language, code]) => ({ name: name!, language: language!, code: code! }),
  );
  return names.map((name) => {
    const example = all.find((each) => each.name === name);
    if (!example) throw new Error(`the README has no example “${name}”`);
    return example;
  });
}

/** The table of folders and the commands, from where contributors read them anyway. */
export function contributorFacts(): { rooms: { folder: string; what: string }[]; commands: string[] } {
  const contributing = readFileSync(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');
  const rooms = [...contributing.matchAll(/^\| +(`.+?) +\| +(.+?) +\|$/gm)].map(([, folder, what]) => ({
    folder: folder!,
    what: what!,
  }));
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return { rooms, commands: Object.keys(scripts).filter((name) => !/^(pre|post)/.test(name)) };
}
