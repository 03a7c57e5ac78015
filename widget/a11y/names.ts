/** What a screen reader is told of each part, in Russian: role, name and the states that are on, in its order. */

/** One part in one state; `told` has a line for each thing. */
export interface Part {
  part: string;
  state: string;
  /** The element it is. */
  at: string;
  told: string;
}

export const parts: readonly Part[] = [
  {
    part: 'the widget at its start',
    state: 'loading',
    at: '.panel',
    told: `
      region "Видеообложка"
      heading "Видеообложка"
      image "Загрузка…"
      status
    `,
  },
  {
    part: 'the widget that could not start',
    state: 'session-refused',
    at: '.panel',
    told: `
      region "Видеообложка"
      heading "Видеообложка"
      alert
      button "Попробовать ещё раз"
      status
    `,
  },
  {
    part: 'tabs',
    state: 'tabs',
    at: '.panel',
    told: `
      region "Видеообложка"
      heading "Видеообложка"
      tablist "Видеообложка"
      tab "Видеообложка" selected
      tab "Сцены"
      tab "Видео по описанию"
      tab "Видео из фото"
      tab "Картинка по описанию"
      tab "Картинка из фото"
      tab "Библиотека"
      tabpanel "Видеообложка"
      button "Выбрать изображение"
      figure
      button "Сгенерировать видеообложку 10 токенов" disabled
      status
    `,
  },
  {
    part: 'the place for a picture, the button that orders',
    state: 'empty',
    at: '.body',
    told: `
      button "Выбрать изображение"
      figure
      button "Сгенерировать видеообложку 10 токенов" disabled
    `,
  },
  {
    part: 'the frame',
    state: 'framing',
    at: '.framing',
    told: `
      image "mug.png"
      application "Рамка кадра"
      radiogroup "Как вписать"
      radio "Кадрировать" checked
      radio "Вписать с полями"
      button "Другое фото"
      slider "Масштаб"
    `,
  },
  {
    part: 'the choice of presets',
    state: 'framing-with-presets',
    at: '.presets',
    told: `
      group "Формат видео"
      radio "Видеообложка 3:4 3:4 · 5 с · 10 токенов"
      radio "Длинный ролик 3:4 · 10 с · 1 токен" checked
    `,
  },
  {
    part: 'the upload',
    state: 'uploading',
    at: '.body',
    told: `
      image "Так будет отправлено"
      list
      progressbar "Загрузка изображения…"
      button "Отменить"
    `,
  },
  {
    part: 'an order without an answer',
    state: 'unanswered',
    at: '.progress-panel',
    told: `
      list
      progressbar "Создание задачи…"
      button "Попробовать ещё раз"
      button "Не повторять"
    `,
  },
  {
    part: 'a job in the queue',
    state: 'queued',
    at: '.progress-panel',
    told: `
      list
      progressbar "Генерация видео…"
      button "Новое видео"
      button "Отменить"
    `,
  },
  {
    part: 'a clip that is done',
    state: 'done',
    at: '.body',
    told: `
      Video "Видеообложка"
      heading "Готово!"
      button "Использовать это видео"
      link "Скачать"
      button "Новое видео"
      button "# Скопировать номер задачи"
    `,
  },
  {
    part: 'a job that failed',
    state: 'failed-with-refund',
    at: '.body',
    told: `
      image "Так будет отправлено"
      heading "Видео не получилось"
      button "Попробовать ещё раз"
      button "# Скопировать номер задачи"
    `,
  },
  {
    part: 'the history',
    state: 'history',
    at: '.history',
    told: `
      region "История"
      heading "История"
      list
      button "Показать: Готово, *"
      link "Скачать"
      button "Использовать это видео"
      button "Удалить"
      button "Показать: В работе, *"
      button "Показать: В очереди, *"
      button "Отменить"
      button "Показать: Ошибка, *"
      button "Удалить"
      button "Показать: Отменено, *"
      button "Удалить"
      button "Показать: Готово, *"
      link "Скачать"
      button "Использовать это видео"
      button "Удалить"
    `,
  },
  {
    part: 'the question before a cover is deleted',
    state: 'history-delete-question',
    at: '.card',
    told: `
      button "Показать: Готово, *"
      group "Удалить"
      button "Удалить"
      button "Оставить"
    `,
  },
  {
    part: 'a message',
    state: 'picture-refused',
    at: '.toast-place',
    told: `
      alert
      button "Закрыть"
    `,
  },
  {
    part: 'the form of a kind',
    state: 'words-options',
    at: '.kind-form',
    told: `
      form "Создать видео"
      button "Добавить фото, если хотите"
      textbox "Опишите видео"
      combobox "Пресет"
      radiogroup "Форма кадра"
      radio "Вертикально 9:16" checked
      radio "Горизонтально 16:9"
      radio "Квадрат 1:1"
      radio "Вертикально 3:4"
      radiogroup "Длительность"
      radio "5 с" checked
      radio "10 с +1 токен"
      radiogroup "Качество"
      radio "720p" checked
      radio "1080p +2 токена"
      radiogroup "Стиль"
      radio "Без стиля" checked
      radio "Студия"
      radio "Природа"
      button "Настройки Свободный text-to-video · Вертикально 9:16 · 5 с · 720p" expanded
      button "Создать видео 1 токен"
    `,
  },
  {
    part: 'the form of a kind with a photo',
    state: 'photo-framing',
    at: '.kind-form',
    told: `
      form "Создать видео"
      image "mug.png"
      application "Рамка кадра"
      radiogroup "Как вписать"
      radio "Кадрировать" checked
      radio "Вписать с полями"
      button "Другое фото"
      slider "Масштаб"
      group "Исходное фото"
      image "Будет взята эта часть фото"
      button "Рамка кадра" expanded
      button "Убрать фото"
      textbox "Опишите движение"
      button "Настройки Вертикально 9:16 · 5 с · 720p"
      button "Создать видео 1 токен" disabled
    `,
  },
  {
    part: 'the tools of the library',
    state: 'library-full',
    at: '.library-tools',
    told: `
      search
      searchbox "Поиск по описаниям"
      radiogroup "Что показать"
      radio "Всё" checked
      radio "Видео из фото"
      radio "Видео по описанию"
      radio "Картинка по описанию"
      radio "Картинка из фото"
    `,
  },
  {
    part: 'a card of the library',
    state: 'library-full',
    at: '.tile[data-job=past-job-1]',
    told: `
      button "Показать крупно: A smooth, cinematic product showcase. Готово"
      group "Что можно сделать"
      button "Показать крупно"
      link "Скачать"
      button "Варианты"
      button "Поделиться"
      button "Удалить"
    `,
  },
  {
    part: 'a card that waits',
    state: 'library-full',
    at: '.tile[data-job=past-job-3]',
    told: `
      button "Показать крупно: A smooth, cinematic product showcase. В очереди"
      group "Что можно сделать"
      button "Показать крупно"
      button "Отменить"
    `,
  },
  {
    part: 'the question on a card',
    state: 'library-delete-question',
    at: '.tile',
    told: `
      button "Показать крупно: A smooth, cinematic product showcase. Готово"
      group "Удалить"
      button "Удалить"
      button "Оставить"
    `,
  },
  {
    part: 'a library that found nothing',
    state: 'library-nothing-found',
    at: '.gallery',
    told: `
      button "Показать всё"
    `,
  },
  {
    part: 'the larger view',
    state: 'bigger-clip',
    at: 'dialog',
    told: `
      dialog "Кружка утром"
      heading "Кружка утром"
      button "Закрыть"
      Video "Кружка утром"
      status
      list
      figure
      button "Использовать это видео"
      link "Скачать"
      button "Варианты"
      button "Поделиться"
      button "Удалить"
      button "st-job-1 Скопировать номер задачи"
    `,
  },
  {
    part: 'the question in the larger view',
    state: 'bigger-delete-question',
    at: '.bigger-text',
    told: `
      status
      list
      figure
      group "Удалить"
      button "Удалить"
      button "Оставить"
      button "st-job-1 Скопировать номер задачи"
    `,
  },
  {
    part: 'sharing',
    state: 'share',
    at: '.share',
    told: `
      heading "Поделиться"
      textbox "Открытая ссылка"
      button "Скопировать ссылку"
      link "Открыть"
      textbox "Код для страницы магазина"
      button "Скопировать код"
      button "Закрыть ссылку"
    `,
  },
  {
    part: 'variants',
    state: 'variants',
    at: '.variants',
    told: `
      heading "Варианты"
      list "Варианты"
      Video "Первый · Видеообложка 3:4"
      button "Использовать это видео"
      link "Скачать"
      Video "Видеообложка 3:4"
      button "Использовать это видео"
      link "Скачать"
      button "Удалить"
      button "Удалить"
      progressbar "В работе"
      form
      combobox "Пресет"
      textbox "Слова для нового варианта"
      button "Сделать вариант 10 токенов"
    `,
  },
  {
    part: 'the photos of a batch',
    state: 'batch-photos',
    at: '.batch',
    told: `
      heading "2 фото одним заказом"
      button "Добавить"
      button "Отказаться от заказа"
      alert
      list "Фото этого заказа"
      button "Удалить: small.png"
      button "Удалить: photo-1.png"
      button "Удалить: photo-2.png"
    `,
  },
  {
    part: 'the upload of a batch',
    state: 'batch-uploading',
    at: '.batch-line',
    told: `
      progressbar "Загружаем фото 1 из 2"
      button "Отменить"
    `,
  },
  {
    part: 'the price of a batch',
    state: 'batch-priced',
    at: '.buy-row',
    told: `
      textbox "Потратить не больше, токенов"
      button "Настройки Вертикально 9:16"
      button "Заказать 2 2 токена"
    `,
  },
  {
    part: 'a batch that is done',
    state: 'batch-done',
    at: '.batch-line',
    told: `
      heading "Ваш заказ"
      progressbar "Ваш заказ"
      list
      button "Закрыть"
    `,
  },
  {
    part: 'the product of scenes',
    state: 'scenes-form',
    at: '.product-form',
    told: `
      form "Придумать сцены"
      button "Добавить фото"
      textbox "Как называется товар?"
      textbox "Что в нём важно (можно не заполнять)"
      button "Придумать сцены" disabled
    `,
  },
  {
    part: 'a scene to choose',
    state: 'scenes-cards',
    at: '.scene:first-of-type',
    told: `
      article "Утро: Кружка"
      checkbox "Сцена 1" checked
      textbox "Название сцены"
      textbox "Что в ней происходит"
      group
      DisclosureTriangle "Слова для видеомодели" expanded
      textbox "Слова для видеомодели"
    `,
  },
  {
    part: 'scenes that are done',
    state: 'scenes-finished',
    at: '.scene-list',
    told: `
      group "Сцены товара"
      article "Утро: Кружка"
      textbox "Название сцены"
      textbox "Что в ней происходит"
      group
      DisclosureTriangle "Слова для видеомодели"
      button "Попробовать ещё раз 10 токенов"
      button "Удалить"
      article "Вода: Кружка"
      Video "Вода: Кружка"
      textbox "Название сцены"
      textbox "Что в ней происходит"
      group
      DisclosureTriangle "Слова для видеомодели"
      button "Использовать это видео"
      link "Скачать"
      button "Попробовать ещё раз 10 токенов"
      button "Удалить"
      article "Студия: Кружка"
      checkbox "Сцена 3"
      textbox "Название сцены"
      textbox "Что в ней происходит"
      group
      DisclosureTriangle "Слова для видеомодели"
    `,
  },
  {
    part: 'the question on a scene',
    state: 'scenes-delete-question',
    at: '.scene:nth-of-type(2)',
    told: `
      article "Вода: Кружка"
      Video "Вода: Кружка"
      textbox "Название сцены"
      textbox "Что в ней происходит"
      group
      DisclosureTriangle "Слова для видеомодели"
      group "Удалить"
      button "Удалить"
      button "Оставить"
    `,
  },
  {
    part: 'earlier products',
    state: 'scenes-earlier',
    at: '.earlier',
    told: `
      region "Прежние товары"
      heading "Прежние товары"
      group
      DisclosureTriangle "Кружка 2 ролика" expanded
      list "Что получилось"
      button "Показать крупно: Вода: Кружка. Готово"
      group "Что можно сделать"
      button "Показать крупно"
      link "Скачать"
      button "Варианты"
      button "Поделиться"
      button "Удалить"
      button "Показать крупно: Утро: Кружка. Ошибка"
      group "Что можно сделать"
      button "Показать крупно"
      button "Варианты"
      button "Удалить"
    `,
  },
];
