import { expect } from '@open-wc/testing';
import { isExpired } from '../modes/gallery/job-facts.ts';
import { finished, onPage, pastJob, until } from '../testing/cover-page.ts';
import { TokenSource } from '../token-source.ts';

const dayMs = 24 * 3600_000;
const RealDate = Date;

/** This machine believes it is so much later. */
function moveClock(byMs: number): void {
  window.Date = class extends RealDate {
    constructor(...given: [] | [string | number]) {
      super(...((given.length === 0 ? [RealDate.now() + byMs] : given) as [number]));
    }
    static override now() {
      return RealDate.now() + byMs;
    }
  } as DateConstructor;
}

const tokenOf = (iat: number, exp: number) => `h.${btoa(JSON.stringify({ iss: 'host', sub: 'anna', iat, exp }))}.s`;

for (const [name, byMs] of [
  ['a day ahead', dayMs],
  ['a day behind', -dayMs],
] as const) {
  describe(`a clock that is ${name}`, () => {
    beforeEach(() => moveClock(byMs));
    afterEach(() => (window.Date = RealDate));

    it(
      'changes nothing for a job: one token, one upload, the same estimate, the server’s dates, links that work',
      onPage(async (page) => {
        await page.set({ jobs: [pastJob(page.base, 1)] });
        await page.open();
        const id = await page.order();
        expect(page.text('.detail')).to.equal('Вы 3-й в очереди · около 2 мин');
        await page.move(id, { status: 'processing', stage: 'generating', progress: 60, estimate: 40 });
        await until(() => page.text('.percent') === '60 %');
        await page.move(id, finished(page.base));
        const video = (await until(() => page.find('[part=player]'))) as HTMLVideoElement;
        await until(() => video.readyState > 0);
        const { createdAt } = pastJob(page.base, 1);
        const shown = page.findAll('time').find((time) => time.getAttribute('datetime') === createdAt)!;
        expect(shown.textContent).to.match(/^(19|20) нояб/);
        expect(page.named('cover-error')).to.deep.equal([]);
        const asked = await Promise.all(
          ['/token', '/v1/session', '/v1/events', `/v1/jobs/${id}`].map((path) => page.seen('GET', path)),
        );
        expect(asked.map(({ length }) => length).slice(0, 3)).to.deep.equal([1, 1, 1]);
        expect(asked[3]!.length).to.be.below(3);
        expect(await page.seen('POST', '/v1/uploads')).to.have.length(1);
        expect(page.stored()).to.deep.equal([]);
      }),
    );

    it('lets a token live for its own span and no longer', async () => {
      let asked = 0;
      const now = RealDate.now() / 1000;
      const tokens = new TokenSource({
        fetchToken: async () => tokenOf(now, now + ((asked += 1) === 1 ? 0.05 : 900)),
        onSubjectChange: () => undefined,
      });
      await tokens.get();
      await new Promise((resolve) => setTimeout(resolve, 60));
      await tokens.get();
      await tokens.get();
      expect(asked).to.equal(2);
    });

    it('takes no result away: only the server says that an address has ended', () => {
      const job = pastJob('http://x', 1);
      const ends = (fromNowMs: number) => new RealDate(RealDate.now() + fromNowMs).toISOString();
      expect(isExpired({ ...job, video: { ...job.video!, expiresAt: ends(3600_000), expired: false } })).to.equal(
        false,
      );
      expect(isExpired({ ...job, video: { ...job.video!, expiresAt: ends(-1), expired: true } })).to.equal(true);
    });
  });
}
