/** Russian texts of the modes. */
import { counted } from '../../i18n/plural.ts';
import type { ModeTexts } from './en.ts';

const letters = counted('ru', { one: 'знак', few: 'знака', other: 'знаков' });

export const modesRu: ModeTexts = {
  soon: 'Этот раздел готовится.',
  kinds: {
    'text-to-video': {
      prompt: 'Опишите видео',
      hint: 'Что в кадре, как движется, какой свет',
      create: 'Создать видео',
      empty: 'Здесь появятся ваши видео',
    },
    'image-to-video': {
      prompt: 'Опишите движение',
      hint: 'Например: камера медленно обходит чашку',
      create: 'Создать видео',
      empty: 'Здесь появятся ваши видео',
    },
    'text-to-image': {
      prompt: 'Опишите картинку',
      hint: 'Что в кадре, где стоит, какой свет',
      create: 'Создать картинку',
      empty: 'Здесь появятся ваши картинки',
    },
    'image-to-image': {
      prompt: 'Опишите, что изменить',
      hint: 'Например: поставить чашку на деревянный стол у окна',
      create: 'Создать картинку',
      empty: 'Здесь появятся ваши картинки',
    },
  },
  emptyHint: 'Заполните форму внизу и нажмите кнопку.',
  optional: 'можно не заполнять',
  lettersLeft: (count) => `Осталось ${letters(count)}`,
  lettersOver: (count) => `Лишних: ${letters(count)}`,
  addPicture: 'Добавить фото',
  pictureName: 'Исходное фото',
  pictureSent: 'Будет взята эта часть фото',
  removePicture: 'Убрать фото',
  preset: 'Пресет',
  shape: 'Форма кадра',
  shapes: { portrait: 'Вертикально', landscape: 'Горизонтально', square: 'Квадрат' },
  seconds: 'Длительность',
  quality: 'Качество',
  style: 'Стиль',
  noStyle: 'Без стиля',
  settings: 'Настройки',
  noPreset: 'Сайт ещё не настроил этот раздел. Спросите его поддержку.',
  writeFirst: 'Сначала напишите несколько слов',
  addPictureFirst: 'Сначала добавьте фото',
  pictureTooSmall: (width, height) => `Фото мало для этой формы: нужно не меньше ${width} × ${height} пикс.`,
  sending: 'Отправляем заказ…',
  uploading: (percent) => `Загружаем фото: ${percent} %`,
  ordered: 'Заказ принят',
  list: 'Что получилось',
  loadMore: 'Показать ещё',
  listFailed: 'Не удалось прочитать список.',
  expired: 'Срок ссылки истёк',
  errors: {
    over_budget: 'Заказ дороже предела, который вы задали. Токены не списаны.',
    not_shareable: 'Поделиться можно только готовым видео или картинкой.',
  },
};
