/** The process: settings, start, ordered stop. Without Kling keys, and outside production, it is the demo. */
import { existsSync } from 'node:fs';
import { compose, type System } from './compose.ts';
import { ConfigError, isDemo, loadConfig } from './config.ts';
import { startTracing } from './telemetry/tracing.ts';

const stopGraceMs = 20_000;

async function start(): Promise<System> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  if (isDemo(process.env)) {
    const { startDemo } = await import('../demo/start.ts');
    return startDemo(process.env);
  }
  const config = loadConfig(process.env);
  const stopTracing = await startTracing(process.env);
  const system = await compose(config);
  await system.listen();
  return { ...system, close: (...how) => system.close(...how).finally(stopTracing) };
}

/** From the first moment on: a signal during the start waits for it and then stops in order. */
function stopOnSignal(starting: Promise<System>): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // A second signal means now; what is cut resumes from its row at the next start.
    if (stopping) process.exit(1);
    stopping = true;
    // Nobody wants to wait after Ctrl+C.
    await (await starting).close(stopGraceMs, { drains: signal === 'SIGTERM' });
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function refuseOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  process.stderr.write(`Node ${process.versions.node} is too old: use 22.18 or newer, or start with \`npm start\`.\n`);
  process.exit(1);
}

refuseOldNode();
try {
  const starting = start();
  stopOnSignal(starting);
  await starting;
} catch (fault) {
  // A wrong setting or a taken port needs a sentence, not a stack.
  const isExpected = fault instanceof ConfigError || (fault instanceof Error && 'code' in fault);
  process.stderr.write(
    `${isExpected || !(fault instanceof Error) ? String(fault).replace(/^\w*Error: /, '') : fault.stack}\n`,
  );
  process.exit(1);
}
