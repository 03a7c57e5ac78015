import type { JobErrorCode } from '../errors.ts';

/** The invented people of the sample month. The first work most. */
export const sellers = [
  { userId: 'ru-1001', name: 'Мария Кузнецова', locale: 'ru' },
  { userId: 'ru-1002', name: 'ИП Соколов А. В.', locale: 'ru' },
  { userId: 'vn-2001', name: 'Nguyễn Thị Hương', locale: 'vi' },
  { userId: 'ru-1003', name: 'Екатерина Волкова', locale: 'ru' },
  { userId: 'en-3001', name: 'Harbour & Pine Ltd', locale: 'en' },
  { userId: 'ru-1004', name: 'ООО «Северный лён»', locale: 'ru' },
  { userId: 'vn-2002', name: 'Trần Văn Minh', locale: 'vi' },
  { userId: 'ru-1005', name: 'Дмитрий Орлов', locale: 'ru' },
  { userId: 'ru-1006', name: 'Ольга Лебедева', locale: 'ru' },
  { userId: 'en-3002', name: 'Grace Whitfield', locale: 'en' },
  { userId: 'vn-2003', name: 'Lê Hoàng Anh', locale: 'vi' },
  { userId: 'ru-1007', name: 'Сергей Попов', locale: 'ru' },
  { userId: 'ru-1008', name: 'Мастерская «Глина и огонь»', locale: 'ru' },
  { userId: 'vn-2004', name: 'Phạm Thu Trang', locale: 'vi' },
  { userId: 'en-3003', name: 'Oakfield Home', locale: 'en' },
  { userId: 'ru-1009', name: 'Алина Фёдорова', locale: 'ru' },
  { userId: 'ru-1010', name: 'Тимур Галиев', locale: 'ru' },
  { userId: 'vn-2005', name: 'Vũ Đức Long', locale: 'vi' },
  { userId: 'ru-1011', name: 'Наталья Зайцева', locale: 'ru' },
  { userId: 'en-3004', name: 'Daniel Okafor', locale: 'en' },
  { userId: 'ru-1012', name: 'Ирина Белова', locale: 'ru' },
  { userId: 'vn-2006', name: 'Đặng Mai Chi', locale: 'vi' },
  { userId: 'ru-1013', name: 'Павел Никитин', locale: 'ru' },
  { userId: 'en-3005', name: 'Sofia Marchetti', locale: 'en' },
  { userId: 'ru-1014', name: 'Юлия Тарасова', locale: 'ru' },
] as const;

/** What they sell, in their own language. */
export const products = {
  ru: [
    'Кружка керамическая, 350 мл',
    'Сыворотка для лица, 30 мл',
    'Рюкзак городской, 20 л',
    'Плед льняной',
    'Свеча ароматическая',
  ],
  vi: ['Cốc gốm thủ công', 'Serum dưỡng da 30 ml', 'Ba lô đi phố', 'Nến thơm quế', 'Túi vải bố'],
  en: ['Stoneware mug', 'Hydrating serum, 30 ml', 'City backpack', 'Linen throw', 'Beeswax candle'],
} as const;

/** Prompts that sellers wrote themselves; the others take the preset's. */
export const ownPrompts = [
  'Медленный облёт вокруг товара, мягкий утренний свет, спокойный фон',
  'Slow dolly-in on the product, soft daylight from the left, the label stays readable',
  'Máy quay lướt chậm quanh sản phẩm, ánh sáng dịu, nền trơn',
  'Камера плавно приближается, лёгкий блик проходит по поверхности',
] as const;

/** Ways in which jobs of the month went wrong, with the provider's words; more frequent ones stand twice. */
export const failures: readonly { code: JobErrorCode; words: string; reachedProvider: boolean }[] = [
  { code: 'content_refused', words: 'Failure to pass the risk control system', reachedProvider: true },
  { code: 'content_refused', words: 'The image contains sensitive information', reachedProvider: true },
  { code: 'provider_failed', words: 'Internal error, please try again later', reachedProvider: true },
  { code: 'provider_failed', words: 'Video generation failed: worker timeout', reachedProvider: true },
  { code: 'provider_refused', words: 'code 1201: duration is invalid for this model', reachedProvider: false },
  { code: 'picture_unusable', words: 'VipsJpeg: premature end of JPEG image', reachedProvider: false },
  { code: 'timed_out', words: 'The task was still in state processing', reachedProvider: true },
];
