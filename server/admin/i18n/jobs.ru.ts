/** Russian texts of what an operator does to accounts and jobs. */
import type {
  deedActions as actionsType,
  deedFields as fieldsType,
  deedNotices as noticesType,
  deedProblems as problemsType,
  deeds as deedsType,
} from './jobs.en.ts';

export const deeds: typeof deedsType = {
  correct: 'Исправить баланс',
  correctHint: 'Отдельная запись. В истории операций ничего не меняется и не удаляется.',
  change: 'Изменение, токены',
  changeHint: 'Целое число: 50 добавит, -50 спишет. Баланс не опустится ниже нуля.',
  correctionReferenceHint: 'Ваш номер этого исправления. Один номер действует только один раз.',
  correctSubmit: 'Исправить',
  exportTitle: 'Выгрузить операции',
  exportHint: 'Все продавцы, таблица для Excel и подобных. Дни по UTC, оба включительно; пусто: всё.',
  from: 'С дня',
  to: 'По день',
  exportSubmit: 'Сохранить CSV',
  exportOne: 'Сохранить эти операции в CSV',

  searchLabel: 'Любой ID',
  searchHint: 'ID задания (или первые 8 знаков), задачи провайдера, продавца.',
  preset: 'Пресет',
  site: 'Сайт',
  day: 'День (UTC)',
  any: 'Любой',
  nothing: 'Заданий не нашлось',
  nothingDo: 'ID нужен целиком или первые 8 знаков ID задания. Оставьте лишние поля пустыми.',

  timeline: 'Ход задания',
  timelineEmpty: 'Записей нет: задание старше, чем ведётся ход заданий.',
  timelineCut: (count) => `Показаны первые ${count} записей.`,
  what: 'Что',
  details: 'Подробности',
  kinds: {
    created: 'Заказано и оплачено',
    stage: 'Новый этап',
    provider: 'Ответ провайдера',
    callback: 'Вызов от провайдера',
    operator: 'Оператор',
    ended: 'Завершено, токены возвращены',
  },
  asked: {
    submit: 'Ответ провайдера на заказ',
    'look-up': 'Ответ провайдера на проверку',
    clip: 'Скачивание файла',
  },
  picture: 'Отправленное изображение',
  pictureAlt: 'Кадр, который получил провайдер',
  noPicture: 'Изображение ещё не подготовлено.',
  clip: 'Открыть ролик',

  retry: 'Создать заново',
  retryHint:
    'Новое задание того же продавца с тем же изображением и промптом, по сегодняшним модели и цене. Токены за это задание уже возвращены.',
  payer: 'Кто платит',
  sellerPays: (price) => `Продавец, как обычно (токены: ${price})`,
  housePays: (price) => `Бесплатно: сначала исправлением добавляются токены (${price})`,
  reason: 'Основание',
  reasonHint: 'Остаётся в журнале; если добавляются токены, продавец увидит его в истории операций.',
  retrySubmit: 'Создать заново',
  retries: 'Создано заново',
  noRetries: 'Это задание больше нельзя создать заново: слишком много попыток.',
  refund: 'Вернуть токены',
  refundHint: (price) =>
    `Результат готов и остаётся у продавца. В знак доброй воли можно один раз вернуть токены (${price}), исправлением.`,
  refundSubmit: 'Вернуть',
  refundedAlready: 'Токены возвращены в знак доброй воли.',
  refundOpen:
    'Вернуть токены нельзя: задание ещё выполняется. Если оно не удастся, токены вернутся сами; до тех пор результат может быть создан, и за него заплачено.',
  refundDone: 'Токены возвращены, когда задание завершилось.',
};

export const deedNotices: typeof noticesType = {
  corrected: 'Баланс исправлен.',
  correctionRepeated: 'Такой номер уже был. Ничего не изменено.',
  retried: 'Задание создано заново: вот новое.',
  goodwillGiven: 'Токены возвращены.',
  goodwillRepeated: 'Их уже вернули раньше. Ничего не добавлено.',
};

export const deedProblems: typeof problemsType = {
  change: 'Введите целое число, не 0, до 1 000 000 000; с минусом, чтобы списать.',
  belowZero: 'Баланс меньше этой суммы. Спишите меньше.',
  day: 'Выберите день; первый не позже последнего.',
  retryTokens: 'У продавца мало токенов. Выберите «Бесплатно» или сначала начислите.',
  retryGone: 'Пресет выключен или изображения больше нет, поэтому задание нельзя создать заново.',
  retryLimited: 'Продавец или сайт достиг предела заданий. Попробуйте позже.',
  retryRefused: 'Это задание нельзя создать заново. Откройте его страницу ещё раз.',
};

export const deedFields: typeof fieldsType = {
  presetId: 'Пресет',
  parentId: 'Создано заново из',
  job: 'Задание',
  payer: 'Кто платит',
  by: 'Кто',
  deed: 'Действие',
  outcome: 'Исход',
  reason: 'Слова',
  state: 'Состояние',
  taskId: 'Номер задачи провайдера',
  externalId: 'Наш номер у провайдера',
  resultUrl: 'Где лежит файл',
  task: 'Задача',
  task_status: 'Утверждает',
  task_status_msg: 'Слова',
  failures: 'Неудач до этого',
  status: 'Статус',
  errorCode: 'Код',
  refunded: 'Возвращено токенов',
  bytes: 'Байты',
  width: 'Ширина',
  height: 'Высота',
  format: 'Тип файла',
  container: 'Тип файла',
  videoCodec: 'Видеокодек',
  audioTracks: 'Звуковых дорожек',
  faults: 'Недостатки',
};

export const deedActions: typeof actionsType = {
  'account.corrected': 'Исправлен баланс',
  'job.retried': 'Задание создано заново',
  'order.refused': 'Заказ отклонён из-за текста',
  'job.refunded': 'Возвращены токены за задание',
};
