import { parseArgs } from 'node:util';
import { startKlingSimulator } from './kling.ts';

const USAGE = `A double of the Kling AI API for videos and pictures on this machine.

  --port <number>              KLING_SIM_PORT              4010; 0 for any free port
  --access-key <text>          KLING_SIM_ACCESS_KEY        simulated-access-key
  --secret-key <text>          KLING_SIM_SECRET_KEY        simulated-secret-key-of-32-letters
  --api-key <text>             KLING_SIM_API_KEY           api-key-kling-simulated
  --concurrency <number>       KLING_SIM_CONCURRENCY       5 videos of one model at a time
  --image-concurrency <number> KLING_SIM_IMAGE_CONCURRENCY 9 pictures of one model at a time
  --packs <video,image>        KLING_SIM_PACKS             both; without its pack a product is refused
  --webhook-secret <whsec_…>   KLING_SIM_WEBHOOK_SECRET    unsigned callbacks
  --fast                                                   a task takes half a second and gives a small plain result
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['KLING_SIM_PORT'] ?? '4010' },
    'access-key': { type: 'string', default: process.env['KLING_SIM_ACCESS_KEY'] },
    'secret-key': { type: 'string', default: process.env['KLING_SIM_SECRET_KEY'] },
    'api-key': { type: 'string', default: process.env['KLING_SIM_API_KEY'] },
    concurrency: { type: 'string', default: process.env['KLING_SIM_CONCURRENCY'] ?? '5' },
    'image-concurrency': { type: 'string', default: process.env['KLING_SIM_IMAGE_CONCURRENCY'] ?? '9' },
    packs: { type: 'string', default: process.env['KLING_SIM_PACKS'] ?? 'video,image' },
    'webhook-secret': { type: 'string', default: process.env['KLING_SIM_WEBHOOK_SECRET'] },
    fast: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  const simulator = await startKlingSimulator({
    port: Number(values.port),
    accessKey: values['access-key'],
    secretKey: values['secret-key'],
    apiKey: values['api-key'],
    concurrency: Number(values.concurrency),
    imageConcurrency: Number(values['image-concurrency']),
    packs: (['video', 'image'] as const).filter((product) => values.packs.split(',').includes(product)),
    webhookSecret: values['webhook-secret'] ?? null,
    ...(values.fast && { video: 'tiny', submittedMs: 100, processingMs: 400 }),
  });
  process.stdout.write(`Kling simulator: ${simulator.url}
  access key  ${simulator.accessKey}
  secret key  ${simulator.secretKey}
  API key     ${simulator.apiKey}

Try it:
  printf '{"model_name":"kling-v2-5-turbo","prompt":"a slow turn","image":"%s"}' \\
    "$(base64 < demo/photos/mug.jpg | tr -d '\\n')" |
    curl -s ${simulator.url}/v1/videos/image2video -H 'Authorization: Bearer ${simulator.apiKey}' \\
      -H 'Content-Type: application/json' -d @-
  curl -s '${simulator.url}/v1/videos/image2video?pageSize=1' -H 'Authorization: Bearer ${simulator.apiKey}'
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}
