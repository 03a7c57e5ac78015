import type { HttpBindings } from '@hono/node-server';
import { createAdmin } from './admin/admin.ts';
import type { Config } from './config.ts';
import { createCheckup } from './doctor/checkup.ts';
import { clientAddress } from './http/client-address.ts';
import type { MediaLinks } from './http/media-links.ts';
import { createSiteDirectory } from './http/sites.ts';
import { createTokenFindings } from './http/token-findings.ts';
import { widgetFiles } from './http/widget.ts';
import type { BudgetedAccount } from './jobs/admit.ts';
import type { Log, Runtime } from './jobs/runtime.ts';
import type { JobService } from './jobs/service.ts';
import { createTryout } from './jobs/tryout.ts';
import type { BlobStore } from './media/blobs.ts';
import type { Download } from './media/download.ts';
import type { Seal } from './secrets.ts';
import type { JobSort } from './store/job-queue.ts';
import type { Store } from './store/store.ts';

interface AdminPieces {
  config: Config;
  adminPassword: string;
  store: Store;
  runtime: Runtime;
  log: Log;
  seal: Seal;
  blobs: BlobStore;
  jobs: JobService;
  /** The provider accounts of the settings. */
  fixed: readonly BudgetedAccount[];
  canMake(sort: JobSort): Promise<boolean>;
  download: Download;
  link: MediaLinks;
  /** Where the built widget lies. */
  widgetFolder: string;
  /** Whether providers can reach us; only then they are told where to call back. */
  isReachable: boolean;
  /** Aborted when streams are to end. */
  stopping: AbortSignal;
}

/** The operator's pages over the parts of the server. */
export function composeAdmin(pieces: AdminPieces) {
  const { config, adminPassword, store, runtime, log, seal, blobs, fixed, download, link } = pieces;
  const { secret, publicUrl, trustedProxies } = config;
  const { pinned } = widgetFiles(pieces.widgetFolder);
  const baseUrlOf = ({ provider }: BudgetedAccount) => (provider === 'kie' ? config.kie.baseUrl : config.kling.baseUrl);
  return createAdmin({
    store,
    runtime,
    log,
    secret,
    adminPassword,
    publicUrl,
    ...(blobs.direct && { mediaOrigin: blobs.direct.origin }),
    webhookHosts: config.webhookHosts,
    health: {
      examine: createCheckup({
        config,
        store,
        blobs,
        seal,
        accounts: fixed.filter(({ provider }) => provider === 'kling'),
        now: runtime.now,
      }),
      accounts: fixed.map((one) => ({
        id: one.id,
        provider: one.provider,
        concurrency: one.concurrency,
        baseUrl: baseUrlOf(one),
      })),
      dailyJobs: config.kling.dailyJobs,
    },
    jobs: pieces.jobs,
    canMake: pieces.canMake,
    mediaLink: link,
    ...(pinned && { widget: pinned }),
    tryout: createTryout({
      places: fixed.map((account) => ({
        account,
        baseUrl: baseUrlOf(account),
        ...(pieces.isReachable && { callbackUrl: `${publicUrl}/hooks/${account.provider}/<token>` }),
      })),
      download,
      runtime,
    }),
    ...(config.site && { configuredSiteId: config.site.id }),
    explainToken: createTokenFindings({
      directory: () => createSiteDirectory({ store, seal, runtime }),
      now: runtime.now,
    }),
    ...(config.tokenPriceUsd !== undefined && { tokenPriceUsd: config.tokenPriceUsd }),
    stopping: pieces.stopping,
    clientAddress: (c) => clientAddress((c.env as HttpBindings).incoming, trustedProxies),
  });
}
