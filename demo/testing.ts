/** Starts the demo as a stranger does, as a process of its own, and opens a browser on it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { chromium, type Browser, type Page } from 'playwright-core';
import { testChrome } from '../.tools/chrome.mjs';

export interface DemoProcess {
  panelUrl: string;
  serverUrl: string;
  adminPassword: string;
  /** Sends SIGTERM and answers the exit code. */
  stop(): Promise<number | null>;
}

/** Resolves once every address was printed. */
export async function startDemoProcess(env: Record<string, string> = {}): Promise<DemoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-demo-'));
  const [port, panelPort, klingPort, kiePort, openAiPort] = await freePorts(5);
  const demo = spawn(process.execPath, ['server/main.ts'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: String(port),
      DEMO_PANEL_PORT: String(panelPort),
      DEMO_KLING_PORT: String(klingPort),
      DEMO_KIE_PORT: String(kiePort),
      DEMO_OPENAI_PORT: String(openAiPort),
      DEMO_TASK_MS: '1000',
      DEMO_RESULTS: 'tiny',
      POLL_INTERVAL_MS: '200',
      DEMO_SECRET_FILE: join(folder, 'secret'),
      DATABASE_URL: `file:${join(folder, 'demo.db')}`,
      STORAGE_URL: `file:${join(folder, 'media')}`,
      ...env,
    },
  });
  const exit = new Promise<number | null>((resolve) => demo.once('exit', resolve));
  const said = await printedUntil(demo.stdout, 'Stop with Ctrl+C');
  return {
    panelUrl: `http://127.0.0.1:${panelPort}`,
    serverUrl: `http://127.0.0.1:${port}`,
    adminPassword: /password: (\S+)/.exec(said)![1]!,
    async stop() {
      demo.kill('SIGTERM');
      const code = await exit;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

async function printedUntil(output: Readable, sentence: string): Promise<string> {
  let said = '';
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if (said.includes(sentence)) {
      output.resume();
      return said;
    }
  }
  throw new Error(`the demo ended before it was up: ${said}`);
}

async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.once('listening', resolve))));
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}

export async function startBrowser(): Promise<Browser> {
  const { executablePath, env, args } = await testChrome();
  return chromium.launch({ ...(executablePath && { executablePath }), env: env as Record<string, string>, args });
}

/** A page that keeps what must never happen: script faults and breaches of the page's security policy. */
export async function openPage(browser: Browser, options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage({ locale: 'ru-RU', viewport: { width: 1280, height: 900 }, ...options });
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted Type/.test(message.text())) faults.push(message.text());
  });
  return { page, faults };
}

/** Drops a file on the widget as a person would: the bytes, not the path. */
export async function dropPhoto(page: Page, photoUrl: string): Promise<void> {
  const dropzone = page.locator('kling-video-cover [part~=dropzone]').first();
  await dropzone.waitFor();
  await dropzone.evaluate(async (zone, url) => {
    const bytes = await (await fetch(url)).blob();
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }));
    for (const type of ['dragenter', 'dragover', 'drop'])
      zone.dispatchEvent(new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer }));
  }, photoUrl);
}
