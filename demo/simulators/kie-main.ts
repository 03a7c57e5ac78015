import { parseArgs } from 'node:util';
import { startKieSimulator } from './kie.ts';

const USAGE = `A double of Kie.ai's task API and file host on this machine.

  --port <number>          KIE_SIM_PORT         4020; 0 for any free port
  --api-key <text>         KIE_SIM_API_KEY      simulated-kie-key
  --webhook-key <text>     KIE_SIM_WEBHOOK_KEY  unsigned callbacks
  --credits <number>       KIE_SIM_CREDITS      5000
  --reach-private-hosts                         fetch pictures from this machine and this network too
  --fast                                        a task takes half a second and gives a small result
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['KIE_SIM_PORT'] ?? '4020' },
    'api-key': { type: 'string', default: process.env['KIE_SIM_API_KEY'] },
    'webhook-key': { type: 'string', default: process.env['KIE_SIM_WEBHOOK_KEY'] },
    credits: { type: 'string', default: process.env['KIE_SIM_CREDITS'] ?? '5000' },
    'reach-private-hosts': { type: 'boolean', default: false },
    fast: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  const simulator = await startKieSimulator({
    port: Number(values.port),
    ...(values['api-key'] && { apiKey: values['api-key'] }),
    webhookKey: values['webhook-key'] ?? null,
    credits: Number(values.credits),
    reachPrivateHosts: values['reach-private-hosts'],
    ...(values.fast && { video: 'tiny', waitingMs: 100, processingMs: 400 }),
  });
  process.stdout.write(`Kie.ai simulator: ${simulator.url}
  API key     ${simulator.apiKey}
  file host   ${simulator.uploadUrl}

Try it:
  curl -s ${simulator.url}/api/v1/jobs/createTask -H 'Authorization: Bearer ${simulator.apiKey}' \\
    -H 'Content-Type: application/json' -d '{"model":"google/nano-banana","input":{"prompt":"a blue mug"}}'
  curl -s '${simulator.url}/api/v1/jobs/recordInfo?taskId=…' -H 'Authorization: Bearer ${simulator.apiKey}'
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}
