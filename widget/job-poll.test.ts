import { expect } from '@open-wc/testing';
import { JobPoll } from './job-poll.ts';
import { pastJob, until } from './testing/cover-page.ts';

function poll({ open, isHealthy }: { open: string[]; isHealthy: boolean }) {
  const reads: string[] = [];
  const made = new JobPoll({
    read: async (id) => (reads.push(id), pastJob('http://x', 1, { id })),
    openIds: () => open,
    isStreamHealthy: () => isHealthy,
    onJob: () => undefined,
    everyMs: { withStream: 1_000_000, withoutStream: 20 },
  });
  made.start();
  return { made, reads };
}

describe('polling', () => {
  it('reads open jobs again and again while the stream is silent', async () => {
    const { made, reads } = poll({ open: ['a', 'b'], isHealthy: false });
    await until(() => reads.length >= 4);
    made.stop();
    expect(reads.slice(0, 4)).to.deep.equal(['a', 'b', 'a', 'b']);
  });

  it('leaves the server alone while the stream works or nothing is open', async () => {
    const healthy = poll({ open: ['a'], isHealthy: true });
    const idle = poll({ open: [], isHealthy: false });
    await new Promise((resolve) => setTimeout(resolve, 120));
    healthy.made.stop();
    idle.made.stop();
    expect([...healthy.reads, ...idle.reads]).to.deep.equal([]);
  });
});
