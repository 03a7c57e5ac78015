/** The shape of the texts as TypeScript: keys from the English ones themselves, types of the facts from their source. */
import { readFileSync } from 'node:fs';
import { en } from '../../widget/i18n/en.ts';
import { languages } from '../../widget/i18n/i18n.ts';
import { modesEn } from '../../widget/modes/i18n/en.ts';
import { union } from './schema-types.ts';

const namesOf = (facts: string) => facts.split(',').map((fact) => fact.split(':')[0]!.trim());

/** `count: number`, as the source has it; what is not written out there counts something. */
function factsOf(sentence: (...facts: never[]) => string, { key, source }: { key: string; source: string }): string {
  const names = namesOf(/\(([^)]*)\)/.exec(String(sentence))![1]!).join();
  const written = [...source.matchAll(new RegExp(`\\b${key}: \\(([^)]*)\\) =>`, 'g'))].map(([, facts]) => facts!);
  const facts = written.find((each) => namesOf(each).join() === names);
  if (facts === undefined && names !== 'count') throw new Error(`the facts of the text ${key} are not in the source`);
  return facts ?? 'count: number';
}

interface Walk {
  source: string;
  indent: string;
  /** Errors may be either. */
  isEither: boolean;
}

type Group = Record<string, unknown>;

function fieldsOf(texts: Group, { source, indent, isEither }: Walk): string {
  const fields = Object.entries(texts).map(([key, text]) => {
    const name = /^\w+$/.test(key) ? key : `'${key}'`;
    const type = isEither
      ? 'string | ((facts: Facts) => string)'
      : typeof text === 'function'
        ? `((${factsOf(text as () => string, { key, source })}) => string)`
        : typeof text === 'object'
          ? fieldsOf(text as Group, { source, indent: `${indent}  `, isEither: text === en.errors })
          : 'string';
    return `${indent}  ${name}?: ${type} | undefined;\n`;
  });
  return `{\n${fields.join('')}${indent}}`;
}

function textsType(name: string, { texts, file }: { texts: Group; file: string }): string {
  const source = readFileSync(new URL(`../../widget/${file}`, import.meta.url), 'utf8');
  return `export interface ${name} ${fieldsOf(texts, { source, indent: '', isEither: false })}\n`;
}

/** What `addTexts` takes. */
export const textTypes = (): string =>
  [
    `/** Of the mode \`cover\`, and what all modes share. */\n${textsType('CoverTexts', { texts: en, file: 'i18n/en.ts' })}`,
    `/** Of the other modes. */\n${textsType('ModeTexts', { texts: modesEn, file: 'modes/i18n/en.ts' })}`,
    `/** What a page may add for a language. */
export interface AddedTexts {
  /** Says what is left out; the language itself when it is one of the widget’s, else English. */
  base?: ${union(languages)} | undefined;
  texts?: CoverTexts | undefined;
  modeTexts?: ModeTexts | undefined;
}
`,
    `/** The forms of a word by the plural rules of its language; \`other\` is for all that are left out. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
`,
  ].join('\n');
