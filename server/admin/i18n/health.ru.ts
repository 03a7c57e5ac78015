/** Russian texts of the health page. */
import type {
  health as english,
  healthActions as englishActions,
  healthNotices as englishNotices,
  healthProblems as englishProblems,
} from './health.en.ts';

export const health: typeof english = {
  title: 'Здоровье',
  lead: 'Всё ли в порядке с установкой и что делать, если нет.',
  run: 'Проверить сейчас',
  runHint: 'Опрашивает базу, хранилище и провайдера, не чаще раза в 30 секунд. У провайдера это бесплатно.',
  lastLook: 'Последняя проверка',
  neverLooked: 'Проверки ещё не было',
  neverLookedDo: 'Нажмите «Проверить сейчас»: это займёт несколько секунд.',
  unavailable: 'Доктор не входит в этот сервер. Запустите «npm run doctor».',
  english: 'То же по-английски говорит «npm run doctor». Слова провайдеров остаются как есть.',
  findings: 'Находки',
  state: 'Состояние',
  states: { ok: 'хорошо', warning: 'внимание', failed: 'действуйте' },
  what: 'Что найдено',
  remedy: 'Что делать',
  allWell: 'Всё в порядке',
  someWarn: 'Обложки делаются, но взгляните на отмеченное',
  someFail: 'Нужно вмешаться',

  accounts: 'Аккаунты провайдера',
  accountsHint:
    'Задания идут в первый аккаунт своего провайдера, который может их взять. Тот, где кончились юниты или не принимаются ключи, пропускается, и задания берёт следующий.',
  noAccounts: 'Эта страница не знает ни одного аккаунта провайдера.',
  fromSettings: 'из настроек сервера',
  disabledState: 'отключён: взятые задания закончатся в нём',
  unreadable: 'ключи не прочесть, SECRET сменился: введите их заново как новый аккаунт',
  takes: 'берёт задания',
  paused: 'на паузе',
  pausedUntil: 'Пауза до',
  reason: 'Причина',
  slots: 'Занято мест',
  slotsOf: (used, all) => `${used} из ${all}`,
  today: 'Задач сегодня (UTC)',
  noBudget: (count) => `${count}, дневного предела нет`,
  ofBudget: (count, budget) => `${count} из ${budget}`,
  units: { kling: 'Осталось юнитов', kie: 'Осталось кредитов' },
  unitsUnknown: 'Ещё не спрашивали. Нажмите «Проверить сейчас».',
  unitsNote: {
    kling: 'Kling считает юниты с опозданием до 12 часов.',
    kie: 'Сколько стоит задача, здесь неизвестно: это видно в кабинете Kie.',
  },
  retry: 'Попробовать сейчас',
  label: 'Название',
  labelHint: 'Только для этой страницы.',
  apiKey: 'API-ключ',
  accessKey: 'Ключ доступа (access key)',
  secretKey: 'Секретный ключ (secret key)',
  keysHint: {
    kling: 'API-ключ либо access key и secret key. Хранятся запечатанными и больше не показываются.',
    kie: 'Хранится запечатанным и больше не показывается.',
  },
  baseUrl: 'Адрес API',
  baseUrlHint: { kling: 'Ключи действуют в одном регионе.', kie: 'У Kie один адрес для всех.' },
  concurrency: 'Задач одновременно',
  concurrencyHint: 'Сколько разрешает пакет или тариф.',
  position: 'Порядок',
  positionHint: 'Меньшее раньше; аккаунт из настроек всегда первый.',
  edit: 'Изменить',
  save: 'Сохранить',
  disable: 'Отключить',
  enable: 'Включить',
  add: { kling: 'Добавить аккаунт Kling', kie: 'Добавить аккаунт Kie.ai' },
  addSubmit: 'Добавить',
  addHint: 'Начнёт брать задания за десять секунд, без перезапуска.',
};

export const healthNotices: typeof englishNotices = {
  providerAdded: 'Аккаунт добавлен и начнёт брать задания за десять секунд.',
  providerChanged: 'Аккаунт изменён.',
  providerDisabled: 'Аккаунт больше не берёт заданий. Взятые закончатся в нём.',
  providerEnabled: 'Аккаунт снова начнёт брать задания за десять секунд.',
  providerResumed: 'Пауза снята: аккаунт пробуют снова.',
};

export const healthProblems: typeof englishProblems = {
  providerLabel: 'Напишите название от 1 до 60 знаков.',
  providerKeys: 'Дайте API-ключ либо access key и secret key вместе, каждый одним словом без пробелов.',
  providerKey: 'Дайте API-ключ одним словом без пробелов.',
  providerAddress: 'Напишите https-адрес API, например https://api-singapore.klingai.com.',
  providerSlots: 'Напишите целое число от 1 до 100.',
  providerPosition: 'Напишите целое число от 0 до 1000.',
  providerConflict: 'Этот аккаунт тем временем изменили. Откройте страницу заново и внесите правку.',
};

export const healthActions: typeof englishActions = {
  'provider.added': 'Аккаунт провайдера добавлен',
  'provider.changed': 'Аккаунт провайдера изменён',
  'provider.disabled': 'Аккаунт провайдера отключён',
  'provider.enabled': 'Аккаунт провайдера включён',
  'provider.resumed': 'Аккаунт провайдера пробуют снова',
};
