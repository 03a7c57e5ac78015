/** Lets a component test speak to its page's DevTools: the test runner has no command for most of what we measure. */

/** As much of the page of the Chrome launcher as is needed. */
interface Page {
  createCDPSession(): Promise<{ send(method: string, params: object): Promise<unknown> }>;
}

interface Command {
  command: string;
  payload?: unknown;
  session: { id: string; browser: unknown };
}

const sessions = new WeakMap<Page, ReturnType<Page['createCDPSession']>>();

/** One session a page: what is emulated ends with its session. */
function devtoolsOf(page: Page) {
  const session = sessions.get(page) ?? page.createCDPSession();
  sessions.set(page, session);
  return session;
}

/** For `plugins` of web-test-runner.config.mjs. */
export const devtools = () => ({
  name: 'devtools',
  async executeCommand({ command, payload, session }: Command): Promise<unknown> {
    if (command !== 'devtools') return undefined;
    const { method, params } = payload as { method: string; params: object };
    const page = (session.browser as { getPage(id: string): Page }).getPage(session.id);
    return (await (await devtoolsOf(page)).send(method, params)) ?? {};
  },
});
