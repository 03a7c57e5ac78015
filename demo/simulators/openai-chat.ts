import { randomUUID } from 'node:crypto';
import { invalid } from './openai-answers.ts';
import { sceneIdeas, type SceneIdea, type SceneLanguage } from './openai-scenes.ts';

export type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything the request says, for markers. Throws OpenAiRefusal when it lacks a model or messages. */
export function saidIn(body: Fields): { system: string; user: string } {
  if (typeof body['model'] !== 'string') throw invalid('you must provide a model parameter');
  const messages = body['messages'];
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid("Missing required parameter: 'messages'.", { param: 'messages', code: 'missing_required_parameter' });
  const textOf = (isWanted: (role: unknown) => boolean) =>
    messages
      .filter((message) => isFields(message) && isWanted(message['role']))
      .map((message: Fields) => String(message['content']))
      .join('\n');
  return {
    system: textOf((role) => role === 'system' || role === 'developer'),
    user: textOf((role) => role === 'user'),
  };
}

/** The product in the user's message: JSON with a name, or the first line of a plain text. */
function productOf(user: string): { name: string; description: string; language: SceneLanguage } {
  const found: Fields = {};
  try {
    const parsed: unknown = JSON.parse(user.slice(user.indexOf('{'), user.lastIndexOf('}') + 1));
    if (isFields(parsed)) Object.assign(found, parsed);
  } catch {
    found['name'] = user.trim().split('\n', 1)[0];
  }
  const text = (...names: string[]) => names.map((name) => found[name]).find((value) => typeof value === 'string');
  const name = String(text('productName', 'name', 'title') ?? 'Product');
  const description = String(text('description') ?? '');
  const asked = String(text('language', 'locale') ?? '');
  return { name, description, language: languageOf(asked, name + description) };
}

function languageOf(asked: string, words: string): SceneLanguage {
  if (/^ru/i.test(asked)) return 'ru';
  if (/^vi/i.test(asked)) return 'vi';
  if (/^en/i.test(asked)) return 'en';
  if (/\p{Script=Cyrillic}/u.test(words)) return 'ru';
  return /[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i.test(words) ? 'vi' : 'en';
}

/**
 * A strict schema closes every object and requires all of its fields (developers.openai.com/api/docs/guides/structured-outputs,
 * read 2026-11-20). Throws OpenAiRefusal.
 */
function checkStrict(schema: unknown, name: string): void {
  if (!isFields(schema)) throw invalid(`Invalid schema for response_format '${name}'`, { param: 'response_format' });
  if (schema['type'] === 'array') return checkStrict(schema['items'], name);
  if (schema['type'] !== 'object') return;
  const properties = isFields(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const isClosed = schema['additionalProperties'] === false;
  if (!isClosed || Object.keys(properties).some((key) => !required.includes(key)))
    throw invalid(
      `Invalid schema for response_format '${name}': 'additionalProperties' must be false and 'required' must name every property.`,
      { param: 'response_format', code: 'invalid_json_schema' },
    );
  for (const inner of Object.values(properties)) checkStrict(inner, name);
}

/** A value after the schema: lists hold one item for each idea, texts are the idea's field of that name. */
function valueAfter(schema: Fields, { ideas, at, key }: { ideas: SceneIdea[]; at: number; key: string }): unknown {
  if (schema['type'] === 'array')
    return ideas.map((_, index) => valueAfter(schema['items'] as Fields, { ideas, at: index, key }));
  if (schema['type'] === 'object')
    return Object.fromEntries(
      Object.entries(schema['properties'] as Record<string, Fields>).map(([name, inner]) => [
        name,
        valueAfter(inner, { ideas, at, key: name }),
      ]),
    );
  if (schema['type'] === 'string') return ideas[at]?.[key as keyof SceneIdea] ?? 'text';
  return schema['type'] === 'boolean' ? true : at;
}

/** The ideas as markers want them. */
function spoiled(ideas: SceneIdea[], markers: Set<string>): SceneIdea[] {
  if (markers.has('two-scenes')) return ideas.slice(0, 2);
  if (markers.has('four-scenes')) return [...ideas, ideas[0]!];
  if (markers.has('empty-scene')) return ideas.map((idea, at) => (at === 1 ? { ...idea, description: ' \n ' } : idea));
  if (markers.has('foreign-prompt')) return ideas.map((idea) => ({ ...idea, prompt: 'Товар медленно поворачивается' }));
  if (markers.has('long-texts'))
    return ideas.map(({ title, description, prompt }) => ({
      title: `${title} `.repeat(40),
      description: `${description}\n`.repeat(40),
      prompt: `${prompt}\n`.repeat(40),
    }));
  return ideas;
}

/** The answer to a chat request: three scene ideas after the asked schema. Throws OpenAiRefusal. */
export function chatAnswer(body: Fields, { markers, user }: { markers: Set<string>; user: string }) {
  const format = isFields(body['response_format']) ? body['response_format'] : {};
  const asked = isFields(format['json_schema']) ? format['json_schema'] : null;
  if (asked?.['strict'] === true) checkStrict(asked['schema'], String(asked['name']));
  const ideas = spoiled(sceneIdeas(productOf(user)), markers);
  const written = asked
    ? JSON.stringify(valueAfter(asked['schema'] as Fields, { ideas, at: 0, key: '' }))
    : ideas.map(({ title, description }) => `${title}: ${description}`).join('\n');

  const isRefused = markers.has('refusal');
  const isShort = markers.has('length');
  const content = markers.has('bad-json') ? `Here you are: ${written}` : written;
  const message = {
    role: 'assistant',
    content: isRefused ? null : isShort ? content.slice(0, content.length / 2) : content,
    refusal: isRefused ? "I'm sorry, but I can't help with that." : null,
    annotations: [],
  };
  return {
    id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: body['model'],
    choices: [{ index: 0, message, logprobs: null, finish_reason: isShort ? 'length' : 'stop' }],
    usage: { prompt_tokens: 200, completion_tokens: 220, total_tokens: 420 },
  };
}
