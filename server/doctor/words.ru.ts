import { listed as listedIn } from './finding.ts';
import type { Words } from './words.en.ts';

const rules = new Intl.PluralRules('ru');

/** "1 задание", "3 задания", "5 заданий". */
function counted(count: number, [one, few, many]: [one: string, few: string, many: string]): string {
  const rule = rules.select(count);
  return `${count} ${rule === 'one' ? one : rule === 'few' ? few : many}`;
}

const listed = (names: string[]): string => listedIn(names, (rest) => `и ещё ${rest}`);

/** Russian texts of the findings. What vendors and the system say is handed on as it is. */
export const words: Words = {
  unchecked: (reason) => ({ text: `Это проверить не удалось: ${reason}` }),
  databaseWell: () => ({ text: 'База данных читается и не повреждена.' }),

  publicHttps: (url) => ({ text: `${url} — https: провайдер получает адреса для обратных вызовов.` }),
  publicHttp: (url) => ({
    text: `${url} — не https: обратные вызовы не запрашиваются, картинки идут внутри запроса. Хватает и одного опроса.`,
    remedy: 'Задайте в PUBLIC_URL https-адрес, по которому сервер доступен из интернета.',
  }),

  booksWell: () => ({
    text: 'Каждый баланс равен сумме своих записей; у каждого задания есть списание или возврат.',
  }),
  booksWrong: (faults) => {
    const names = faults.map(
      ({ accountId, jobId, text }) => `счёт ${accountId}${jobId === undefined ? '' : `, задание ${jobId}`}: ${text}`,
    );
    return {
      text: `${counted(faults.length, ['противоречие', 'противоречия', 'противоречий'])}: ${listed(names)}.`,
      remedy:
        'Новые задания пока не принимаются. Кто-то писал в базу в обход сервера, или старая копия восстановлена лишь ' +
        'частью: сверьтесь с резервной копией, исправьте строку счёта или задания (но не журнал), и через минуту сервер продолжит.',
    };
  },

  noneOverdue: () => ({ text: 'Ни одно открытое задание не просрочено.' }),
  overdue: (jobs) => ({
    text: `Просрочено: ${counted(jobs.length, ['открытое задание', 'открытых задания', 'открытых заданий'])}: ${listed(jobs)}.`,
    remedy:
      'Найдите задачи в консоли Kling. Их судьба неизвестна, поэтому пока ничего не возвращено; сервер продолжает ' +
      'спрашивать. Если задания ещё в очереди, сервер не запущен.',
  }),
  noneAbandoned: () => ({ text: 'За каждым открытым заданием следят.' }),
  abandoned: (jobs) => ({
    text: `Больше десяти минут ждут, и никто их не взял: ${counted(jobs.length, ['задание', 'задания', 'заданий'])}: ${listed(jobs)}.`,
    remedy: 'Запустите сервер или найдите в его журнале «a round of the worker failed».',
  }),
  noneUnsaved: () => ({ text: 'Ни один готовый клип не ждёт сохранения.' }),
  unsaved: (jobs, reasons) => ({
    text: `Готовы больше часа и не сохранены: ${counted(jobs.length, ['клип', 'клипа', 'клипов'])}: ${listed(jobs)}. ${listed(reasons)}`,
    remedy: 'Проверьте RESULT_HOSTS, выход в интернет и свободное место. Kling хранит результаты 30 дней.',
  }),

  clipsWell: (covers) => ({
    text: `Файлы на месте у ${counted(covers, ['последней обложки', 'последних обложек', 'последних обложек'])}.`,
  }),
  clipsWrong: (faults) => {
    const names = faults.map(({ key, bytes, expectedBytes }) =>
      bytes === null ? `нет ${key}` : `${key}: байт ${bytes} вместо ${expectedBytes}`,
    );
    return {
      text: `Не такие, как были сохранены: ${counted(faults.length, ['файл', 'файла', 'файлов'])} готовых обложек: ${listed(names)}.`,
      remedy:
        'Проверьте, что STORAGE_URL указывает на папку или бакет этой базы, затем восстановите файлы из резервной копии.',
    };
  },

  unpriced: (presets) => ({ text: `Без цены: ${listed(presets)}.`, remedy: 'Назначьте её на странице «Цены».' }),
  noPreset: () => ({ text: 'Ни один пресет не включён: заказать нечего.', remedy: 'Включите хотя бы один.' }),
  presetsWell: (enabled) => ({
    text: `${counted(enabled, ['включённый пресет', 'включённых пресета', 'включённых пресетов'])}, у каждого есть цена.`,
  }),

  accountsUnused: () => ({ text: 'Ни один аккаунт провайдера ещё не использовался.' }),
  accountPaused: (name, reason) => ({
    text: `${name} на паузе: ${reason ?? 'причина не названа'}.`,
    remedy: 'Приведите аккаунт в порядок в консоли провайдера. Сервер сам спрашивает его снова каждую минуту.',
  }),
  accountOverfull: ({ name, used, slots }, setting) => ({
    text: `${name}: задач ${used}, больше, чем позволяет ${setting === 'own' ? 'его настройка' : setting} (${slots}).`,
    remedy: 'Так бывает недолго после того, как настройку уменьшили.',
  }),
  budgetSpent: (name, dailyJobs) => ({
    text: `${name}: сегодняшний запас в ${counted(dailyJobs, ['задачу', 'задачи', 'задач'])} исчерпан, задания ждут в очереди.`,
    remedy: 'В полночь UTC они пойдут снова; у кого срок раньше, тем вернутся токены. Или увеличьте KLING_DAILY_JOBS.',
  }),
  accountWell: ({ name, used, slots }, spent) => ({
    text: `${name} принимает задачи: занято слотов ${slots === null ? used : `${used} из ${slots}`}, за сегодня ${spent}.`,
  }),
  sealBroken: (id) => ({
    text: `Ключи аккаунта ${id} не читаются: SECRET изменился.`,
    remedy: 'Введите их заново как новый аккаунт.',
  }),

  kieRefuses: (reason) => ({
    text: `Kie.ai отказывает аккаунту: ${reason}`,
    remedy: 'Введите ключ из консоли Kie.ai, раздел API keys; у дочернего ключа мог кончиться лимит.',
  }),
  kieUnread: (reason) => ({
    text: `Остаток кредитов узнать не удалось: ${reason}`,
    remedy: 'Проверьте KIE_API_BASE, сеть и состояние Kie.ai.',
  }),
  kieCredits: (credits) => ({ text: `Осталось кредитов: ${credits}.` }),
  kieEmpty: (credits) => ({
    text: `Осталось кредитов: ${credits}.`,
    remedy: 'Пополните счёт на Kie.ai; до тех пор его задания ждут.',
  }),

  storageWell: () => ({ text: 'Картинки и клипы записываются и читаются.' }),
  space: (gigabytes, folder) => ({ text: `Свободно ${gigabytes} ГБ в ${folder}.` }),
  spaceLow: (gigabytes, folder) => ({
    text: `Свободно ${gigabytes} ГБ в ${folder}.`,
    remedy: 'Освободите место: без него не сохранить ни загрузку, ни клип, ни задание.',
  }),

  tasksUnlisted: (account, reason) => ({ text: `Список задач у ${account} получить не удалось: ${reason}` }),
  tasksWell: (tasks, account) => ({
    text: `Наших задач у ${account}: ${tasks}, у каждой есть своё задание.`,
  }),
  tasksLost: (tasks) => ({
    text: `Оплачены, но открытого задания здесь нет: ${counted(tasks.length, ['задача', 'задачи', 'задач'])}: ${listed(tasks)}.`,
    remedy:
      'Восстанавливали резервную копию, или тот же аккаунт Kling у другого сервера? Эти задачи стоят единиц, а клипов никто ' +
      'не получит: запишите их в убыток и проверьте балансы со времени копии. Через сутки останется лишь предупреждение.',
  }),
  tasksTwice: (tasks) => ({
    text: `Лишние, кроме той, что известна заданию: ${counted(tasks.length, ['задача', 'задачи', 'задач'])}: ${listed(tasks)}.`,
    remedy: 'Задание оплачено дважды. Пожалуйста, сообщите об этом и приложите журнал задания.',
  }),
  tasksFindable: (tasks) => ({
    text: `Открытое задание ещё не знает о них: ${counted(tasks.length, ['задача', 'задачи', 'задач'])}: ${listed(tasks)}.`,
    remedy: 'Запущенный сервер найдёт их сам. Чтобы он посмотрел сразу: npm run doctor -- --adopt',
  }),
  tasksAdopted: (jobs) => ({
    text: `Сервер сейчас примет задачи: ${counted(jobs.length, ['задание', 'задания', 'заданий'])}: ${listed(jobs)}.`,
  }),
};
