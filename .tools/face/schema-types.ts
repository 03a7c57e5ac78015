/** The shapes of the public API as TypeScript, for consumers who have neither zod nor this repository. */
import { z } from 'zod';
import * as contract from '../../server/contract.ts';

/** What of JSON Schema the contract comes to. */
interface Schema {
  title?: string;
  description?: string;
  type?: string;
  enum?: string[];
  const?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Shapes that get a name; all others are written where they stand. */
const named = new Map<unknown, string>([
  [contract.presetSchema, 'Preset'],
  [contract.styleSchema, 'Style'],
  [contract.jobSchema, 'Job'],
  [contract.uploadLimitsSchema, 'UploadLimits'],
  [contract.sessionSchema, 'Session'],
]);

/** `/** … *\/` and a line break; empty for no text. */
export const docs = (text: string | undefined, indent = ''): string =>
  text ? `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n` : '';

/** `'a' | 'b'`. */
export const union = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' | ');

function typeOf(schema: Schema, indent: string): string {
  if (schema.title) return schema.title;
  if (schema.anyOf) return schema.anyOf.map((each) => typeOf(each, indent)).join(' | ');
  if (schema.enum) return union(schema.enum);
  if (schema.const) return union([schema.const]);
  if (schema.type === 'integer') return 'number';
  if (schema.type === 'array') {
    const item = typeOf(schema.items!, indent);
    return / \| /.test(item) ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type === 'object') return bodyOf(schema, indent);
  if (['string', 'number', 'boolean', 'null'].includes(schema.type!)) return schema.type!;
  throw new Error(`no type is known for ${JSON.stringify(schema)}`);
}

function bodyOf({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, schema]) => {
    const type = typeOf(schema, inner);
    const isRequired = required.includes(name);
    return `${docs(schema.description, inner)}${inner}${name}${isRequired ? '' : '?'}: ${type}${isRequired ? '' : ' | undefined'};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

/** `export interface Job { … }` and what it is made of. */
export function schemaTypes(): string {
  return [...named]
    .map(([schema, name]) => {
      const json = z.toJSONSchema(schema as z.ZodType, {
        io: 'output',
        override({ zodSchema, jsonSchema }) {
          const title = named.get(zodSchema);
          if (title && title !== name) jsonSchema.title = title;
        },
      }) as Schema;
      return `${docs(json.description)}export interface ${name} ${bodyOf(json, '')}\n`;
    })
    .join('\n');
}
