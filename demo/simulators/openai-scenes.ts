export type SceneLanguage = 'ru' | 'en' | 'vi';
export type SceneIdea = { title: string; description: string; prompt: string };

type Template = Record<SceneLanguage, { title: string; description: string }> & { prompt: string };

const templates: Template[] = [
  {
    ru: {
      title: '{name} в утреннем свете',
      description: 'Солнце из окна медленно скользит по товару, камера чуть приближается. {detail}',
    },
    en: {
      title: '{name} in the morning light',
      description: 'Sun from a window glides over the product while the camera moves closer. {detail}',
    },
    vi: {
      title: '{name} trong nắng sớm',
      description: 'Nắng từ cửa sổ lướt nhẹ trên sản phẩm, máy quay tiến lại gần. {detail}',
    },
    prompt:
      'Warm morning sun from a window slides slowly across the product on a wooden table, the camera moves in a little, dust glows in the air.',
  },
  {
    ru: {
      title: '{name}: поворот в студии',
      description: 'Товар плавно поворачивается на светлом фоне, видно каждую деталь. {detail}',
    },
    en: {
      title: '{name}: a turn in the studio',
      description: 'The product turns smoothly on a pale background and shows every detail. {detail}',
    },
    vi: {
      title: '{name}: xoay trong studio',
      description: 'Sản phẩm xoay êm trên nền sáng, thấy rõ từng chi tiết. {detail}',
    },
    prompt:
      'The camera travels in a slow arc around the product on a seamless pale background, soft studio light, a gentle reflection below.',
  },
  {
    ru: {
      title: '{name} дома',
      description: 'Уютная комната в мягком фокусе, камера проплывает мимо. {detail}',
    },
    en: {
      title: '{name} at home',
      description: 'A cosy room in soft focus, the camera drifts past. {detail}',
    },
    vi: {
      title: '{name} trong tổ ấm',
      description: 'Căn phòng ấm cúng mờ nhẹ phía sau, máy quay lướt qua. {detail}',
    },
    prompt:
      'A cosy living room in soft focus behind the product, evening lamps, the camera drifts sideways past it, calm and slow.',
  },
];

/** The first sentence of a description, short enough for a card. */
function firstSentence(text: string): string {
  const [sentence = ''] = text.trim().split(/(?<=[.!?…])\s|\n/, 1);
  return sentence.slice(0, 120);
}

/** Three believable ideas about the product in that language; the prompts are English. */
export function sceneIdeas(about: { name: string; description: string; language: SceneLanguage }): SceneIdea[] {
  const values: Record<string, string> = { name: about.name, detail: firstSentence(about.description) };
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, hole: string) => values[hole] ?? '').trim();
  return templates.map((template) => {
    const { title, description } = template[about.language];
    return { title: fill(title), description: fill(description), prompt: template.prompt };
  });
}
