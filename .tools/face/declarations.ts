/** Type declarations for those who use the built widget, and for the templates of each framework. */
import { readFileSync } from 'node:fs';
import { errorRules, jobErrorTexts } from '../../server/errors.ts';
import { jobStages } from '../../server/jobs/job.ts';
import {
  events,
  methods,
  properties,
  staticMethods,
  tag,
  type FaceMethod,
  type FaceProperty,
} from '../../widget/face.ts';
import { docs, schemaTypes, union } from './schema-types.ts';
import { textTypes } from './text-types.ts';

const widgetSource = (name: string) => readFileSync(new URL(`../../widget/${name}`, import.meta.url), 'utf8');
const made = '/** Made by the build from widget/face.ts and server/contract.ts of kling-video-cover. */\n';
const eventNames = Object.keys(events) as (keyof typeof events)[];

/** The right side of `export type <name> = …;` as the widget's source has it. */
function typeText(source: string, name: string): string {
  const found = new RegExp(`^export type ${name} =([^;]+);`, 'm').exec(source)?.[1];
  if (!found) throw new Error(`the widget declares no type ${name} any more`);
  return found.trim();
}

/** The type of an event's detail, one line in events.ts. */
function detailText(source: string, name: string): string {
  const found = new RegExp(`^  '${name}': (.+);$`, 'm').exec(source)?.[1];
  if (!found) throw new Error(`the detail of ${name} is not on one line of events.ts`);
  return found;
}

const withDefault = ({ text, default: value }: FaceProperty) => (value ? `${text} Default: ${value}.` : text);

function elementClass(): string {
  const fields = Object.entries<FaceProperty>(properties).map(
    ([name, each]) => `${docs(withDefault(each), '  ')}  ${name}: ${each.type};\n`,
  );
  const call = (prefix: string, [name, { parameters, returns, text }]: [string, FaceMethod]) => {
    const list = parameters.map((each) => `${each.name}: ${each.type}`).join(', ');
    return `${docs(text, '  ')}  ${prefix}${name}(${list}): ${returns};\n`;
  };
  const calls = [
    ...Object.entries(staticMethods).map((each) => call('static ', each)),
    ...Object.entries(methods).map((each) => call('', each)),
  ];
  return `${docs(tag.text)}export declare class ${tag.className} extends HTMLElement {\n${[...fields, ...calls].join('')}}\n`;
}

function templateProps(): string {
  const lines = Object.entries<FaceProperty>(properties).flatMap(([name, each]) => {
    const line = (key: string, type: string) =>
      `${docs(withDefault(each), '  ')}  ${key}?: ${type.includes('undefined') ? type : `${type} | undefined`};\n`;
    const isOtherName = each.attribute && each.attribute !== name;
    return [line(name, each.type), ...(isOtherName ? [line(`'${each.attribute}'`, 'string')] : [])];
  });
  return `/** What a template may set. */\nexport interface CoverProps {\n${lines.join('')}}\n`;
}

/** `kling-video-cover.d.ts`. */
export function mainTypes(): string {
  const source = widgetSource('events.ts');
  const errors = widgetSource('api-error.ts');
  const details = eventNames.map(
    (name) => `${docs(events[name].text, '  ')}  '${name}': ${detailText(source, name)};\n`,
  );
  return [
    made,
    schemaTypes(),
    `export type JobStage = ${union(jobStages)};\n`,
    `export type ErrorCode = ${union(Object.keys(errorRules))};\n`,
    `export type JobErrorCode = ${union(Object.keys(jobErrorTexts))};\n`,
    `/** Faults found by the widget itself. */\nexport type ClientCode = ${typeText(errors, 'ClientCode')};\n`,
    `export type AnyCode = ${typeText(errors, 'AnyCode')};\n`,
    `/** Numbers and short words that travel with an error. */\nexport type Facts = ${typeText(errors, 'Facts')};\n`,
    `export type Video = NonNullable<Job['video']>;\n`,
    `/** \`detail\` by event name; all events bubble and cross shadow roots. */\nexport interface CoverEventDetails {\n${details.join('')}}\n`,
    `export type CoverEventName = keyof CoverEventDetails;\n`,
    `export type CoverEventMap = ${typeText(source, 'CoverEventMap')};\n`,
    textTypes(),
    elementClass(),
    templateProps(),
    `declare global {
  interface HTMLElementTagNameMap {
    '${tag.name}': ${tag.className};
  }
  interface HTMLElementEventMap extends CoverEventMap {}
  interface DocumentEventMap extends CoverEventMap {}
}
`,
  ].join('\n');
}

/** JSX of React 19 and the markup of Svelte 5 listen alike: `on` and the event's name. */
const plainListeners = `type CoverListeners = {
  [Name in CoverEventName as \`on\${Name}\`]?: ((event: CoverEventMap[Name]) => void) | undefined;
};
`;
const imported = (names: string) => `import type { ${names} } from './${tag.name}.js';\n`;

/** `react.d.ts`. */
export const reactTypes = (): string => `${made}import type { DetailedHTMLProps, HTMLAttributes } from 'react';
${imported(`CoverEventMap, CoverEventName, CoverProps, ${tag.className}`)}
${plainListeners}
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      '${tag.name}': DetailedHTMLProps<HTMLAttributes<${tag.className}>, ${tag.className}> & CoverProps & CoverListeners;
    }
  }
}
`;

/** `svelte.d.ts`. */
export const svelteTypes = (): string => `${made}import type { HTMLAttributes } from 'svelte/elements';
${imported(`CoverEventMap, CoverEventName, CoverProps, ${tag.className}`)}
${plainListeners}
declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    '${tag.name}': HTMLAttributes<${tag.className}> & CoverProps & CoverListeners;
  }
}
`;

/** `balance-changed` → `onBalanceChanged`, as Vue calls a listener. */
const vueListener = (name: string) => `on-${name}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `vue.d.ts`. */
export function vueTypes(): string {
  const listeners = eventNames.map(
    (name) => `  ${vueListener(name)}?: ((event: CoverEventMap['${name}']) => void) | undefined;\n`,
  );
  return `${made}import type { HTMLAttributes, PublicProps } from 'vue';
${imported(`CoverEventMap, CoverProps, ${tag.className}`)}
interface CoverListeners {
${listeners.join('')}}

declare module 'vue' {
  interface GlobalComponents {
    '${tag.name}': new () => ${tag.className} & { $props: HTMLAttributes & PublicProps & CoverProps & CoverListeners };
  }
}
`;
}
