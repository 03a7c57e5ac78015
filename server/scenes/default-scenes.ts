import { oneLine, shorten } from './plain-text.ts';

export const sceneLanguages = ['ru', 'en', 'vi'] as const;
export type SceneLanguage = (typeof sceneLanguages)[number];

export interface Scene {
  /** In the seller's language. */
  title: string;
  /** In the seller's language. */
  description: string;
  /** In English, for the video model. */
  prompt: string;
}

/** In UTF-16 units. */
export const sceneLimits = { title: 80, description: 300, prompt: 1000 } as const;

const sameProduct =
  'The product itself stays exactly as in the picture: same shape, colours, labels and text. No people, no hands, no added text.';

/** A prompt for the video model that ends by asking for the same product, whatever it says before, and fits. */
export function keepingProduct(prompt: string): string {
  return `${shorten(prompt, sceneLimits.prompt - sameProduct.length - 1)} ${sameProduct}`;
}

type Words = Record<SceneLanguage, { title: string; description: string }>;

const scenes: { words: Words; prompt: string }[] = [
  {
    words: {
      ru: {
        title: '{name} крупным планом',
        description:
          'Камера медленно приближается к товару в мягком студийном свете: видны фактура, форма и каждая деталь.',
      },
      en: {
        title: '{name}, close up',
        description:
          'The camera moves slowly closer in soft studio light and shows the surface, the shape and every detail.',
      },
      vi: {
        title: '{name} cận cảnh',
        description:
          'Máy quay tiến chậm lại gần trong ánh sáng studio dịu, cho thấy chất liệu, hình dáng và từng chi tiết.',
      },
    },
    prompt:
      'Slow, steady push-in towards the product in soft studio light on a plain background, shallow depth of field, fine surface detail.',
  },
  {
    words: {
      ru: {
        title: '{name} со всех сторон',
        description: 'Камера плавно обходит товар по дуге на чистом светлом фоне, под ним лёгкое отражение.',
      },
      en: {
        title: '{name} from all sides',
        description:
          'The camera glides around the product on a clean, bright background with a faint reflection below.',
      },
      vi: {
        title: '{name} từ mọi góc',
        description: 'Máy quay lướt vòng quanh sản phẩm trên nền sáng sạch, bên dưới có bóng phản chiếu nhẹ.',
      },
    },
    prompt:
      'The camera glides around the product in a gentle arc on a clean bright background, a faint reflection below, even light.',
  },
  {
    words: {
      ru: {
        title: '{name} в солнечном свете',
        description: 'Тёплый солнечный свет медленно скользит по товару, тени листьев едва движутся на стене за ним.',
      },
      en: {
        title: '{name} in sunlight',
        description:
          'Warm sunlight slides slowly over the product while shadows of leaves barely move on the wall behind.',
      },
      vi: {
        title: '{name} trong nắng',
        description: 'Nắng ấm lướt chậm trên sản phẩm, bóng lá khẽ lay động trên bức tường phía sau.',
      },
    },
    prompt:
      'Still camera. Warm sunlight slides slowly across the product, soft shadows of leaves sway a little on the wall behind it.',
  },
];

/** Three scenes that suit any product, with its name in the titles as plain text. */
export function defaultScenes(productName: string, language: SceneLanguage): Scene[] {
  const name = oneLine(productName);
  return scenes.map(({ words, prompt }) => {
    const { title, description } = words[language];
    const room = sceneLimits.title - title.length + '{name}'.length;
    return { title: title.replace('{name}', () => shorten(name, room)), description, prompt: keepingProduct(prompt) };
  });
}
