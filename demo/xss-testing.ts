/** The corpus of hostile text, and how a browser is watched while it shows it. */
import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';

/** Each would run, load, navigate, or put an element with `data-hit` somewhere if it ever became markup. */
export const payloads = [
  '<script data-hit>alert(1)</script>',
  '"><img data-hit src=https://hit.example/x onerror=alert(2)>',
  "' autofocus onfocus=alert(3) data-hit='",
  '</textarea></title></style><svg data-hit onload=alert(4)>',
  '<iframe data-hit srcdoc="<script>alert(5)</script>"></iframe>',
  '<a data-hit href="javascript:alert(6)">x</a>',
  'javascript:alert(7)',
  '{{constructor.constructor("alert(8)")()}}${alert(8)}<%=7*7%>',
  '<form data-hit id=body><input name=attributes></form><img data-hit name=cookie>',
  '<style data-hit>@import "https://hit.example/x"</style><base data-hit href=//hit.example/>',
  '<!--><template data-hit><slot onslotchange=alert(9)></template>',
  '\u202Egnp.x\u202C \uFEFF&lt;b data-hit&gt; \\u003cimg\\u003e %3Csvg%3E',
];
/** The whole corpus. */
export const all = payloads.join(' ');
/** As much of the corpus as a field of this length takes, whole payloads only, turned so that each has its turn. */
export const some = (maxLength: number, from: number): string => {
  let text = '';
  for (const payload of [...payloads.slice(from), ...payloads.slice(0, from)])
    if (text.length + payload.length < maxLength) text += ` ${payload}`;
  return text.trim();
};

/** Writes down what must never happen in any page of the context: dialogs, breaches of the policy, strange requests, script faults. */
export async function guard(context: BrowserContext): Promise<string[]> {
  const caught: string[] = [];
  await context.exposeFunction('kvcCaught', (what: string) => void caught.push(what));
  await context.addInitScript(() => {
    const { kvcCaught } = window as unknown as { kvcCaught: (what: string) => void };
    document.addEventListener('securitypolicyviolation', (event) =>
      kvcCaught(`${event.violatedDirective} ${event.blockedURI} at ${location.href}`),
    );
  });
  context.on('dialog', (dialog) => {
    caught.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    if (new URL(request.url()).hostname === 'hit.example') caught.push(request.url());
  });
  context.on('weberror', (fault) => caught.push(fault.error().message));
  return caught;
}

/** All text that a person can see or edit on the page, shadow roots included. Throws for injected markup and whatever was caught. */
export async function examine(page: Page, caught: string[]): Promise<string> {
  const { text, injected } = await page.evaluate(() => {
    const roots: (Document | ShadowRoot)[] = [document];
    const elements: Element[] = [];
    for (const root of roots)
      for (const element of root.querySelectorAll('*')) {
        elements.push(element);
        if (element.shadowRoot) roots.push(element.shadowRoot);
      }
    const isHostile = (element: Element) =>
      element.hasAttribute('data-hit') ||
      /^(iframe|object|embed|base)$/i.test(element.localName) ||
      element
        .getAttributeNames()
        .some(
          (name) =>
            /^on|^srcdoc$/i.test(name) ||
            (name !== 'value' && element.getAttribute(name)!.trim().toLowerCase().startsWith('javascript:')),
        );
    const values = elements.map((element) =>
      element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.value : '',
    );
    return {
      text: [
        ...roots.map((root) => (root instanceof Document ? root.documentElement : root).textContent),
        ...values,
      ].join('\n'),
      injected: elements.filter(isHostile).map((element) => element.outerHTML.slice(0, 200)),
    };
  });
  assert.deepEqual(injected, [], page.url());
  assert.deepEqual(caught, [], page.url());
  return text;
}
