import { expect, fixture } from '@open-wc/testing';
import type { ApiError } from '../api-error.ts';
import { pastJob } from '../testing/cover-page.ts';
import { downloadLink } from './download-link.ts';

/** A link whose address is old; `renewed` says whether the server answers with a fresh one. */
async function oldLink({ renewed }: { renewed: boolean }) {
  const job = pastJob('https://covers.example', 1);
  const fresh = { ...job, video: { ...job.video!, downloadUrl: '#fresh' } };
  const seen = { asked: 0, followed: [] as string[], faults: [] as string[] };
  let isFresh = false;
  const template = downloadLink({
    job,
    label: 'Save',
    links: {
      isFresh: () => isFresh,
      refreshMedia: async () => {
        seen.asked += 1;
        isFresh = renewed;
        return renewed ? fresh : undefined;
      },
      report: (fault) => seen.faults.push((fault as ApiError).code),
    },
  });
  const link = await fixture<HTMLAnchorElement>(template);
  link.addEventListener('click', (event) => {
    if (!event.defaultPrevented) seen.followed.push(link.getAttribute('href')!);
    event.preventDefault();
  });
  link.click();
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return seen;
}

describe('a download link', () => {
  it('is renewed before it is followed', async () => {
    expect(await oldLink({ renewed: true })).to.deep.equal({ asked: 1, followed: ['#fresh'], faults: [] });
  });

  it('that cannot be renewed says so, and asks no more', async () => {
    expect(await oldLink({ renewed: false })).to.deep.equal({ asked: 1, followed: [], faults: ['network'] });
  });
});
