/** The link that saves a finished file; the modes have it too. */
import { html } from 'lit';
import type { Job } from '../../server/contract.ts';
import { ApiError } from '../api-error.ts';
import type { JobController } from '../job-controller.ts';
import { icon } from './icon.ts';

interface Download {
  job: Job;
  label: string;
  /** Only the icon. */
  isSmall?: boolean;
  links: Pick<JobController, 'isFresh' | 'refreshMedia' | 'report'>;
}

const urlOf = ({ video, image }: Job) => (video ?? image)?.downloadUrl;

/**
 * Signed links end: one that may have ended is renewed first. What is no file after all, or a server that has gone since,
 * opens beside the host's page and not in its place.
 */
export function downloadLink({ job, label, isSmall, links }: Download) {
  const onClick = async (event: Event) => {
    if (links.isFresh(job.id)) return;
    event.preventDefault();
    const link = event.currentTarget as HTMLAnchorElement;
    const renewed = await links.refreshMedia(job.id);
    link.href = (renewed && urlOf(renewed)) ?? link.href;
    if (links.isFresh(job.id)) link.click();
    else links.report(new ApiError('network'));
  };
  return html`<a
    class=${isSmall ? 'tool' : 'button quiet'}
    part="download"
    data-act="download"
    download
    target="_blank"
    href=${urlOf(job)}
    title=${isSmall ? label : ''}
    aria-label=${label}
    @click=${onClick}
    >${icon('download')}${isSmall ? '' : label}</a
  >`;
}
