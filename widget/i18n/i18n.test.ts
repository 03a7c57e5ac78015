import { expect } from '@open-wc/testing';
import '../index.ts';
import { errorText, languageOf, languages, textsFor, type Texts } from './i18n.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';
import { vi } from './vi.ts';
import type { ErrorCode, JobErrorCode } from '../../server/errors.ts';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

/** Every code of the server; a code added there is a compile error here. */
const serverCodes: Record<ErrorCode | JobErrorCode, true> = {
  unauthorized: true,
  token_expired: true,
  insufficient_tokens: true,
  origin_not_allowed: true,
  forbidden: true,
  not_found: true,
  not_cancellable: true,
  not_deletable: true,
  over_budget: true,
  not_shareable: true,
  upload_too_large: true,
  body_too_large: true,
  unsupported_media_type: true,
  invalid_request: true,
  idempotency_mismatch: true,
  image_unreadable: true,
  image_too_small: true,
  image_ratio: true,
  rate_limited: true,
  internal: true,
  unavailable: true,
  text_refused: true,
  content_refused: true,
  provider_refused: true,
  provider_failed: true,
  picture_unusable: true,
  result_rejected: true,
  result_lost: true,
  timed_out: true,
};

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('languages', () => {
  it('each says everything, in its own words', () => {
    for (const texts of [ru, vi]) {
      expect(leaves(texts).map(([path]) => path)).to.have.members(leaves(en).map(([path]) => path));
      const same = leaves(texts).filter(
        ([path, text]) => typeof text === 'string' && text === Object.fromEntries(leaves(en))[path],
      );
      expect(same.map(([path]) => path)).to.deep.equal(['.errors.not_configured']);
    }
  });

  it('each has a sentence for every code of the server', () => {
    const codes = Object.keys(serverCodes) as (ErrorCode | JobErrorCode)[];
    for (const texts of [en, ru, vi] satisfies Texts[]) {
      for (const code of codes) {
        const text = errorText(texts, code, { needed: 10, balance: 3, minSide: 300, retryAfter: 7 });
        expect(text, code)
          .to.match(/^\S.{12,}[.]$/)
          .and.not.match(/undefined|NaN/);
      }
    }
  });

  it('a code from a newer server still gets a sentence', () => {
    expect(errorText(ru, 'brand_new' as ErrorCode)).to.equal(ru.errors.unavailable);
  });

  it('Russian uses the literal labels', () => {
    expect([ru.generate, ...Object.values(ru.steps)]).to.deep.equal([
      'Сгенерировать видеообложку',
      'Загрузка изображения…',
      'Создание задачи…',
      'Генерация видео…',
      'Готово!',
    ]);
  });

  it('Russian tokens are counted by the rules of the language', () => {
    const counts = [1, 2, 5, 10, 11, 21, 1000].map((count) => plain(ru.tokens(count)));
    expect(counts).to.deep.equal([
      '1 токен',
      '2 токена',
      '5 токенов',
      '10 токенов',
      '11 токенов',
      '21 токен',
      '1 000 токенов',
    ]);
    expect(plain(ru.refund(10))).to.equal('10 токенов возвращены');
    expect(plain(ru.refund(1))).to.equal('1 токен возвращён');
    expect(plain(ru.notEnough(6))).to.equal('Не хватает 6 токенов');
    expect(ru.queue(3)).to.equal('Вы 3-й в очереди');
    expect(ru.estimate(120)).to.equal('около 2 мин');
  });

  it('the nearest lang decides, through shadow roots; an unknown one leaves it to the browser', () => {
    const outer = document.createElement('div');
    const inner = document.createElement('p');
    outer.lang = 'vi-VN';
    outer.attachShadow({ mode: 'open' }).append(inner);
    expect(languageOf(inner)).to.equal('vi');
    inner.lang = 'ru';
    expect(languageOf(inner)).to.equal('ru');
    inner.lang = 'xx';
    expect(languages).to.include(languageOf(inner));
  });

  it('a language that is not loaded yet comes later', async () => {
    const loaded = await new Promise<Texts | undefined>((resolve) => {
      const now = textsFor('vi', () => resolve(textsFor('vi', () => undefined)));
      if (now) resolve(now);
    });
    expect(loaded?.generate).to.equal('Tạo video bìa');
  });
});
