/** `npm run doctor`: is this installation well? Ends with 0 for yes, 1 for failed findings, 2 when it could not look. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { consult } from './consult.ts';
import type { Finding } from './finding.ts';
import { isHealthy, reportOf } from './report.ts';

const usage = `npm run doctor -- [--json] [--offline] [--adopt]

  --json     the findings as JSON, for a monitor
  --offline  the provider is not asked
  --adopt    jobs whose task was found at the provider are made due now; without it nothing is written
`;

const couldNotLook = 2;

function readFlags() {
  const flag = { type: 'boolean', default: false } as const;
  const options = { json: flag, offline: flag, adopt: flag, help: flag };
  try {
    return parseArgs({ options }).values;
  } catch (fault) {
    process.stderr.write(`${(fault as Error).message}\n\n${usage}`);
    process.exit(couldNotLook);
  }
}

const inEnglish = ({ id, state, text, remedy }: Finding) => ({ id, state, text, remedy });

async function main(): Promise<void> {
  const { json, help, ...options } = readFlags();
  if (help) return void process.stdout.write(usage);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const findings = await consult(process.env, options);
  const healthy = isHealthy(findings);
  process.stdout.write(
    json ? `${JSON.stringify({ healthy, findings: findings.map(inEnglish) }, null, 2)}\n` : reportOf(findings),
  );
  process.exitCode = healthy ? 0 : 1;
}

try {
  await main();
} catch (fault) {
  process.stderr.write(`The doctor could not look: ${fault instanceof Error ? fault.stack : String(fault)}\n`);
  process.exitCode = couldNotLook;
}
