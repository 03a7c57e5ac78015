import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { Agent } from 'undici';
import { ConfigError, isDemo, loadConfig, type Config } from '../config.ts';
import { openBlobs } from '../media/open.ts';
import { checkKling } from '../providers/kling-check.ts';
import { createKlingAccounts } from '../providers/kling.ts';
import type { Database } from '../store/database.ts';
import { openPostgresBeside, openPostgresReadOnly } from '../store/postgres.ts';
import { openSqliteBeside, openSqliteReadOnly } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { examine, type DoctorParts, type Finding } from './checks.ts';

const connectTimeoutMs = 10_000;

type Environment = Record<string, string | undefined>;

export interface ConsultOptions {
  /** Makes the jobs of findable orphans due now: the only thing that is ever written to the database. */
  adopt?: boolean;
  /** Leaves the provider alone. */
  offline?: boolean;
}

/** Examines the installation that these settings describe, also while its server runs. */
export async function consult(env: Environment, options: ConsultOptions = {}): Promise<Finding[]> {
  const demo = isDemo(env);
  const settings = readSettings(demo ? { ...env, KLING_API_KEY: 'demo', SECRET: '-'.repeat(32) } : env);
  if ('faults' in settings)
    return settings.faults.map((text, n, { length }) => {
      const isLast = n === length - 1;
      const remedy = 'Set them in the environment or in .env. Nothing else was checked.';
      return { id: 'settings', state: 'failed', text, ...(isLast && { remedy }) };
    });
  const about: Finding = demo
    ? {
        id: 'settings',
        state: 'warning',
        text: 'No keys of Kling or Kie.ai: this is the demo, and the provider is not asked.',
      }
    : { id: 'settings', state: 'ok', text: 'The settings are complete.' };
  const findings = await examineInstallation(settings.config, { ...options, ...(demo && { offline: true }) });
  return [about, ...findings];
}

function readSettings(env: Environment): { config: Config } | { faults: string[] } {
  try {
    return { config: loadConfig(env) };
  } catch (fault) {
    if (fault instanceof ConfigError) return { faults: fault.faults };
    throw fault;
  }
}

async function examineInstallation(config: Config, { adopt = false, offline }: ConsultOptions): Promise<Finding[]> {
  const opened = await openDatabase(config.databaseUrl, adopt);
  if ('fault' in opened) return [opened.fault];
  // Of our own, so that no kept connection holds the command back at its end.
  const dispatcher = new Agent({ allowH2: false, connect: { timeout: connectTimeoutMs } });
  try {
    const { storage, publicUrl } = config;
    // What goes to a bucket is first written there.
    const folder = storage.kind === 'folder' ? storage.folder : tmpdir();
    const hasFolder = existsSync(folder);
    const databaseFile = fileOf(config.databaseUrl);
    const parts: DoctorParts = {
      store: createStore(opened.database),
      blobs: hasFolder ? await openBlobs(storage, { dispatcher }) : null,
      now: Date.now(),
      settings: {
        publicUrl,
        folders: [...(databaseFile ? [dirname(databaseFile)] : []), ...(hasFolder ? [folder] : [])],
        concurrency: config.kling.concurrency,
        dailyJobs: config.kling.dailyJobs,
      },
      ...(!offline && { provider: { ...providerOf(config, dispatcher), adopt } }),
    };
    return [...(hasFolder ? [] : [noFolder(folder)]), ...(await examine(parts))];
  } finally {
    await dispatcher.destroy();
    await opened.database.close();
  }
}

function noFolder(folder: string): Finding {
  const remedy = 'The server makes it at its start. If your clips are elsewhere, correct STORAGE_URL first.';
  return { id: 'storage', state: 'failed', text: `The folder ${folder} does not exist.`, remedy };
}

function fileOf(url: string): string | null {
  return url.startsWith('file:') ? url.slice('file:'.length) : null;
}

async function openDatabase(url: string, writable: boolean): Promise<{ database: Database } | { fault: Finding }> {
  const file = fileOf(url);
  const postgres = { url, maxConnections: 2, onFault: () => {} };
  try {
    if (file) return { database: writable ? openSqliteBeside(file) : openSqliteReadOnly(file) };
    return { database: await (writable ? openPostgresBeside(postgres) : openPostgresReadOnly(postgres)) };
  } catch (fault) {
    const text = `The database cannot be opened: ${fault instanceof Error ? fault.message : String(fault)}`;
    const remedy = 'Check DATABASE_URL. A damaged file is restored from a backup, with the server stopped.';
    return { fault: { id: 'database', state: 'failed', text, remedy } };
  }
}

function providerOf({ kling }: Config, dispatcher: Agent) {
  const { credentials, baseUrl, concurrency } = kling;
  const connection = { baseUrl, concurrency, now: Date.now, dispatcher };
  if (!credentials) return { accounts: [], check: async () => [] };
  const accounts = createKlingAccounts({ id: 'kling', credentials, ...connection });
  return { accounts, check: () => checkKling({ ...credentials, ...connection }) };
}
