import { expect } from '@open-wc/testing';
import type { Job } from '../server/contract.ts';
import { hasMoved, mergeJob, withJob } from './job-state.ts';
import { pastJob } from './testing/cover-page.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 8, minute)).toISOString();
const running = (change: Partial<Job>): Job =>
  pastJob('http://x', 1, { status: 'processing', stage: 'generating', progress: 50, updatedAt: at(5), ...change });

describe('views of one job', () => {
  it('a late older view never replaces a newer one', () => {
    const known = running({});
    expect(mergeJob(known, running({ progress: 80, updatedAt: at(4) }))).to.equal(known);
  });

  it('progress, stage and status never go backwards', () => {
    const known = running({ stage: 'saving' });
    const merged = mergeJob(known, running({ stage: 'generating', progress: 20, updatedAt: at(6) }));
    expect(merged).to.deep.include({ stage: 'saving', progress: 50 });
    expect(mergeJob(known, running({ status: 'pending', updatedAt: at(7) }))).to.equal(known);
  });

  it('an ended job never comes back to life', () => {
    const known = running({ status: 'failed' });
    expect(mergeJob(known, running({ updatedAt: at(9) }))).to.equal(known);
  });

  it('an equally old view wins, for its fresher media links', () => {
    const fresh = running({ prompt: 'fresh' });
    expect(mergeJob(running({}), fresh).prompt).to.equal('fresh');
  });

  it('a view that shows nothing new is no progress', () => {
    expect(hasMoved(running({}), running({ updatedAt: at(9) }))).to.equal(false);
    expect(hasMoved(running({ queuePosition: 3 }), running({ queuePosition: 2 }))).to.equal(true);
  });

  it('the list is newest first with one entry a job', () => {
    const jobs = [1, 3, 2, 3].reduce<Job[]>((list, number) => withJob(list, pastJob('http://x', number)), []);
    expect(jobs.map((job) => job.id)).to.deep.equal(['past-job-1', 'past-job-2', 'past-job-3']);
  });
});
