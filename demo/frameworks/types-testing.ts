/** Read by tsc only: the built types say the same as the sources they were made from, and each framework's types hold. */
import type { GlobalComponents } from 'vue';
import type { JSX } from 'react';
import type { SvelteHTMLElements } from 'svelte/elements';
import type * as built from 'kling-video-cover';
import type {} from 'kling-video-cover/react';
import type {} from 'kling-video-cover/vue';
import type {} from 'kling-video-cover/svelte';
import type * as contract from '../../server/contract.ts';
import type { KlingVideoCover } from '../../widget/element.ts';
import type { CoverEventMap } from '../../widget/events.ts';
import type { AddedTexts } from '../../widget/i18n/i18n.ts';
import type { PluralForms } from '../../widget/i18n/plural.ts';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const same = <_ extends true>() => undefined;

same<Same<built.Session, contract.Session>>();
same<Same<built.Job, contract.Job>>();
same<Same<built.CoverEventMap, CoverEventMap>>();
same<Same<Required<built.Job>, Required<contract.Job>>>();
same<Same<built.AddedTexts, AddedTexts>>();
same<Same<built.PluralForms, PluralForms>>();

type Public = Exclude<keyof built.KlingVideoCover, keyof HTMLElement> | 'lang';
same<Same<Pick<built.KlingVideoCover, Public>, Pick<KlingVideoCover, Public>>>();
/** Attributes have a name of their own; everything else in a template is a property of the element. */
same<Same<Exclude<keyof built.CoverProps, 'token-url'>, Exclude<Public, 'pickFile'>>>();

type React = JSX.IntrinsicElements['kling-video-cover'];
type Vue = InstanceType<GlobalComponents['kling-video-cover']>['$props'];
type Svelte = SvelteHTMLElements['kling-video-cover'];

const props = { server: 'https://covers.example', 'token-url': '/token', getToken: async () => 'token', history: 3 };
export const templates: [React, Svelte, Vue] = [
  { ...props, className: 'wide', 'onbalance-changed': ({ detail }) => detail.balance.toFixed() },
  { ...props, class: 'wide', 'oncover-failed': ({ detail }) => detail.refunded.toFixed() },
  { ...props, class: 'wide', onCoverChosen: ({ detail }) => detail.job.id },
];

// @ts-expect-error: a token is a promise
export const noPromise: React = { getToken: () => 'token' };
// @ts-expect-error: no such event
export const noEvent: Svelte = { 'oncover-eaten': () => undefined };
// @ts-expect-error: a balance is a number
export const noText: Vue = { onBalanceChanged: ({ detail }) => detail.balance.trim() };

const element = document.createElement('kling-video-cover');
element.addEventListener('cover-completed', ({ detail }) => detail.posterUrl.trim());
element.pickFile(new File([], 'photo.jpg'));

declare const Cover: typeof built.KlingVideoCover;
Cover.addTexts('kk', {
  base: 'ru',
  texts: {
    title: 'Бейне мұқаба',
    tokens: Cover.counted('kk', { other: 'токен' }),
    errors: { network: 'Байланыс жоқ.' },
  },
  modeTexts: { library: { all: 'Барлығы' } },
});
// @ts-expect-error: no such text
Cover.addTexts('kk', { texts: { titel: 'Бейне мұқаба' } });
// @ts-expect-error: no such text in this group
Cover.addTexts('kk', { modeTexts: { library: { nothing: 'Бос' } } });
// @ts-expect-error: a count is a number
Cover.addTexts('kk', { texts: { tokens: (count: string) => count } });
// @ts-expect-error: what is left out needs a language of ours
Cover.addTexts('kk', { base: 'kk' });
