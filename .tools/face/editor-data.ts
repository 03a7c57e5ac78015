/**
 * What editors and catalogues read about the element: a custom elements manifest (schema 1.0.0), VS Code's custom data
 * for HTML and CSS (version 1.1), and JetBrains Web Types as its page on Web Components asks (plugins.jetbrains.com,
 * "Web Types"; all read 2026-11-20).
 */
import {
  customProperties,
  events,
  methods,
  parts,
  properties,
  staticMethods,
  tag,
  type FaceMethod,
  type FaceProperty,
} from '../../widget/face.ts';

const named = <T>(table: Record<string, T>) => Object.entries(table).map(([name, entry]) => ({ name, ...entry }));
const allProperties: (FaceProperty & { name: string })[] = named<FaceProperty>(properties);
const allAttributes = allProperties.flatMap(({ attribute, name, ...rest }) =>
  attribute ? [{ attribute, property: name, ...rest }] : [],
);
const allEvents = named<{ text: string; cancelable?: true }>(events).map(({ name, text, cancelable }) => ({
  name,
  type: `CoverEventMap['${name}']`,
  description: cancelable ? `${text} Cancelable.` : text,
}));
const described = (table: Record<string, string>) =>
  Object.entries(table).map(([name, description]) => ({ name, description }));
/** Readers take a default for the attribute's very text, so only a word that stands for itself is given. */
const literal = (text: string | undefined) => (text && /^[\w-]+$/.test(text) ? { default: text } : {});
const withDefault = ({ text, default: value }: { text: string; default?: string }) =>
  value ? `${text} Default: ${value}.` : text;

const methodOf = ({ name, parameters, returns, text }: FaceMethod & { name: string }) => ({
  kind: 'method',
  name,
  description: text,
  parameters: parameters.map((each) => ({ name: each.name, type: { text: each.type } })),
  return: { type: { text: returns } },
});

/** `custom-elements.json`. */
export const manifest = (module: string) => ({
  schemaVersion: '1.0.0',
  readme: '',
  modules: [
    {
      kind: 'javascript-module',
      path: module,
      declarations: [
        {
          kind: 'class',
          customElement: true,
          name: tag.className,
          tagName: tag.name,
          description: tag.text,
          superclass: { name: 'HTMLElement', package: 'global:' },
          attributes: allAttributes.map((each) => ({
            name: each.attribute,
            fieldName: each.property,
            type: { text: each.type },
            description: withDefault(each),
            ...literal(each.default),
          })),
          members: [
            ...allProperties.map((each) => ({
              kind: 'field',
              name: each.name,
              ...(each.attribute && { attribute: each.attribute }),
              type: { text: each.type },
              description: withDefault(each),
            })),
            ...named<FaceMethod>(methods).map(methodOf),
            ...named<FaceMethod>(staticMethods).map((each) => ({ ...methodOf(each), static: true })),
          ],
          events: allEvents.map(({ type, ...rest }) => ({ ...rest, type: { text: type } })),
          cssParts: described(parts),
          cssProperties: described(customProperties),
        },
      ],
      exports: [
        { kind: 'js', name: tag.className, declaration: { name: tag.className, module } },
        { kind: 'custom-element-definition', name: tag.name, declaration: { name: tag.className, module } },
      ],
    },
  ],
});

/** `html-custom-data.json`, for the setting `html.customData`. */
export const htmlCustomData = () => ({
  version: 1.1,
  tags: [
    {
      name: tag.name,
      description: tag.text,
      attributes: allAttributes.map((each) => ({
        name: each.attribute,
        description: withDefault(each),
        ...(each.values && { values: each.values.map((name) => ({ name })) }),
      })),
    },
  ],
});

/** `css-custom-data.json`, for the setting `css.customData`. */
export const cssCustomData = () => ({ version: 1.1, properties: described(customProperties) });

/** `web-types.json`. */
export const webTypes = (version: string) => ({
  $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
  name: tag.name,
  version,
  'js-types-syntax': 'typescript',
  'description-markup': 'markdown',
  contributions: {
    html: {
      elements: [
        {
          name: tag.name,
          description: tag.text,
          attributes: allAttributes.map((each) => ({
            name: each.attribute,
            description: withDefault(each),
            value: { type: each.values ? [...each.values.map((word) => `'${word}'`), 'string'] : each.type },
            ...literal(each.default),
          })),
          js: {
            properties: allProperties.map((each) => ({
              name: each.name,
              type: each.type,
              description: withDefault(each),
            })),
            events: allEvents,
          },
          css: { parts: described(parts) },
        },
      ],
    },
    css: { properties: described(customProperties) },
  },
});
