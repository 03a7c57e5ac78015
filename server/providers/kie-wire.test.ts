import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createKieAccount } from './kie.ts';
import { kieCodes } from './kie-codes.ts';
import type { ProviderClient, TaskRequest } from './provider.ts';
import { findDeadUrl, startScriptedServer, type ScriptedAnswer, type ScriptedServer } from './scripted-server.ts';

// What goes over the wire and how each exact answer is read, against a real HTTP server that follows a script.

const jpeg = new Uint8Array([0x4a, 0x50, 0x47]);
const request: TaskRequest = {
  kind: 'image-to-video',
  externalId: 'kvc-0193',
  model: 'kling-2.6/image-to-video',
  mode: '',
  aspectRatio: '3:4',
  seconds: 5,
  sound: false,
  prompt: 'a slow turn',
  negativePrompt: '',
  picture: { url: 'https://covers.example/media/p.jpg' },
};
const signal = new AbortController().signal;
const created = answer({ taskId: 't-1', recordId: 't-1' });

let server: ScriptedServer;
let account: ReturnType<typeof accountAt>;
let kie: ProviderClient;
before(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.seen.length = 0;
  account = accountAt(server.url);
  kie = account.clientFor(request)!;
});
after(() => server.close());

function accountAt(baseUrl: string, uploadBaseUrl = baseUrl) {
  return createKieAccount({ id: 'kie', apiKey: 'k', baseUrl, uploadBaseUrl, now: Date.now, concurrency: 20 });
}
function answer(data: unknown, { code = 200, msg = 'success', status = 200 } = {}): ScriptedAnswer {
  return { status, body: { code, msg, data } };
}
const submit = (change: Partial<TaskRequest> = {}, client = kie) => client.submit({ ...request, ...change }, signal);
const find = async (scripted: ScriptedAnswer, taskId = 't-1') => {
  server.script(scripted);
  return kie.findByTaskId(taskId, signal);
};
const lastSeen = () => server.seen.at(-1)!;
const pathsSeen = () => server.seen.map(({ method, target }) => `${method} ${target}`);

describe('a create', () => {
  test('names the model, its input and a callback address that carries our id', async () => {
    server.script(created);
    const callbackUrl = 'https://covers.example/hooks/kie/token';
    assert.deepEqual(await submit({ callbackUrl }), { outcome: 'accepted', taskId: 't-1' });
    assert.deepEqual(pathsSeen(), ['POST /api/v1/jobs/createTask']);
    assert.equal(lastSeen().headers.authorization, 'Bearer k');
    assert.deepEqual(lastSeen().body, {
      model: 'kling-2.6/image-to-video',
      input: {
        prompt: 'a slow turn',
        image_urls: ['https://covers.example/media/p.jpg'],
        sound: false,
        duration: '5',
      },
      callBackUrl: 'https://covers.example/hooks/kie/token?task=kvc-0193',
    });
  });

  const url = 'https://covers.example/media/p.jpg';
  const text = { kind: 'text-to-image', picture: null, seconds: 0 } as const;
  const image = { ...text, kind: 'image-to-image', picture: { url } } as const;
  const clip = { kind: 'text-to-video', picture: null, aspectRatio: '9:16' } as const;
  const prompt = 'a slow turn';
  const inputs: [change: Partial<TaskRequest> & { model: string }, input: object][] = [
    [
      { ...text, model: 'google/nano-banana' },
      { prompt, output_format: 'png', image_size: '3:4' },
    ],
    [
      { ...image, model: 'google/nano-banana-edit' },
      { prompt, output_format: 'png', image_size: '3:4', image_urls: [url] },
    ],
    [
      { ...text, model: 'nano-banana-2', mode: '2K' },
      { prompt, output_format: 'png', aspect_ratio: '3:4', resolution: '2K' },
    ],
    [
      { ...image, model: 'nano-banana-pro', mode: '1K', aspectRatio: '7:5' },
      { prompt, output_format: 'png', aspect_ratio: 'auto', resolution: '1K', image_input: [url] },
    ],
    [
      { ...clip, model: 'kling-2.6/text-to-video', seconds: 10, sound: true },
      { prompt, sound: true, aspect_ratio: '9:16', duration: '10' },
    ],
    [
      { ...clip, model: 'kling-3.0/video', mode: 'pro' },
      { prompt, sound: false, aspect_ratio: '9:16', duration: '5', mode: 'pro', multi_shots: false },
    ],
    [
      { model: 'kling-3.0/video', mode: 'std' },
      { prompt, sound: false, duration: '5', mode: 'std', multi_shots: false, image_urls: [url] },
    ],
    [{ model: 'kling/v2-1-standard' }, { prompt, image_url: url, duration: '5' }],
    [
      { model: 'kling/v2-5-turbo-image-to-video-pro', negativePrompt: 'blur' },
      { prompt, image_url: url, duration: '5', negative_prompt: 'blur' },
    ],
    [
      { ...clip, model: 'sora-2-text-to-video', seconds: 10 },
      { prompt, aspect_ratio: 'portrait', n_frames: '10', remove_watermark: true, upload_method: 's3' },
    ],
    [
      { model: 'sora-2-image-to-video', seconds: 15, aspectRatio: '16:9' },
      {
        prompt,
        image_urls: [url],
        aspect_ratio: 'landscape',
        n_frames: '15',
        remove_watermark: true,
        upload_method: 's3',
      },
    ],
  ];
  for (const [change, input] of inputs)
    test(`of ${change.kind ?? request.kind} by ${change.model} sends the fields of its page and no others`, async () => {
      server.script(created);
      assert.equal((await submit(change)).outcome, 'accepted');
      assert.deepEqual(lastSeen().body, { model: change.model, input });
      assert.deepEqual(account.describe!({ ...request, ...change })!.body, { model: change.model, input });
    });

  test('of a model or kind that the table does not have is never sent, and there is no client for it', async () => {
    for (const change of [{ model: 'veo3' }, { kind: 'text-to-video' }, { model: 'constructor' }] as const) {
      assert.equal(account.clientFor({ ...request, ...change }), null);
      assert.equal(account.describe!({ ...request, ...change }), null);
      assert.equal((await submit(change)).outcome, 'refused');
    }
    assert.deepEqual(pathsSeen(), []);
  });
});

describe('the answer to a create is judged by its body code', () => {
  const outcomes: Record<string, number[]> = {
    'account-blocked': [401, 402, 433, 505],
    busy: [429, 455],
    refused: [400, 404, 422, 501],
    unclear: [408, 500, 502, 599, 403, 299, 0],
  };
  for (const [outcome, codes] of Object.entries(outcomes))
    for (const code of codes)
      for (const status of new Set([200, code >= 200 ? code : 200]))
        test(`${code} under HTTP ${status} is ${outcome}`, async () => {
          server.script(answer(null, { code, msg: 'words', status }));
          const said = await submit();
          assert.equal(said.outcome, outcome);
          assert.match((said as { reason: string }).reason, new RegExp(`^${code} .+HTTP ${status}.*words`));
          if (said.outcome === 'refused') assert.equal(said.because, 'request');
        });

  test('and the table has every documented code', () => {
    for (const code of Object.keys(kieCodes).map(Number))
      assert.ok(
        Object.values(outcomes).some((codes) => codes.includes(code)),
        `${code}`,
      );
  });

  for (const msg of [
    'This interface is temporarily paused.',
    'This field is required',
    'image_urls is required',
    'duration is not within the range of allowed options',
  ])
    test(`500 "${msg}" is a refusal: nothing was made`, async () => {
      server.script(answer(null, { code: 500, msg }));
      const said = await submit();
      assert.deepEqual([said.outcome, (said as { because: string }).because], ['refused', 'request']);
    });

  test('500 with the same words among others stays unclear', async () => {
    for (const msg of [
      'Server exception, please try again later',
      'A field is required by upstream, task abandoned',
      'prompt is required: retrying',
      '',
    ]) {
      server.script(answer(null, { code: 500, msg }));
      assert.equal((await submit()).outcome, 'unclear', msg);
    }
  });

  test('an empty balance blocks the account under 429 as well', async () => {
    server.script(answer(null, { code: 429, msg: 'The current credits are insufficient. Please top up.' }));
    assert.equal((await submit()).outcome, 'account-blocked');
  });

  test('refused content is told apart', async () => {
    server.script(answer(null, { code: 422, msg: 'Your prompt was flagged as violating content policies.' }));
    const said = await submit();
    assert.ok(said.outcome === 'refused');
    assert.equal(said.because, 'content');
  });

  const odd: [name: string, scripted: ScriptedAnswer][] = [
    ['200 without data', answer(null)],
    ['200 with an empty id', answer({ taskId: '' })],
    ['200 with an id that is a number', answer({ taskId: 7 })],
    ['200 under HTTP 500', answer({ taskId: 't-1' }, { status: 500 })],
    ['200 under HTTP 404', answer({ taskId: 't-1' }, { status: 404 })],
    ['a refusal under HTTP 502', answer(null, { code: 422, status: 502 })],
    ['a proxy page', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['a proxy page under HTTP 200', { status: 200, body: '<html>hello</html>' }],
    ['a code that is text', { status: 200, body: { code: '200', msg: 'success', data: { taskId: 't-1' } } }],
    ['an empty answer', { status: 200, body: '' }],
    ['a cut answer', 'cut'],
    ['an answer cut half-way', 'cut-half-way'],
  ];
  for (const [name, scripted] of odd)
    test(`${name}: unclear, and sent once`, async () => {
      server.script(scripted);
      assert.equal((await submit()).outcome, 'unclear');
      assert.equal(server.seen.length, 1);
    });

  test('a call that its caller ended is unclear once it was on the wire, and not sent before', async () => {
    server.script('hang');
    const giveUp = new AbortController();
    const arrived = server.nextRequest();
    const pending = kie.submit(request, giveUp.signal);
    await arrived;
    giveUp.abort();
    assert.equal((await pending).outcome, 'unclear');
    assert.equal((await kie.submit(request, giveUp.signal)).outcome, 'not-sent');
    assert.equal(server.seen.length, 1);
  });

  test('a refused connection is not sent', async () => {
    const dead = await findDeadUrl();
    assert.equal((await submit({}, accountAt(dead).clientFor(request)!)).outcome, 'not-sent');
  });
});

describe('a picture that Kie cannot fetch from us', () => {
  const picture = { bytes: jpeg };
  const uploaded = answer({ success: true, downloadUrl: 'https://files.example/p.jpg', fileSize: 3 });

  test('goes to the file host first, under the name of the task, and the create carries its address', async () => {
    server.script(uploaded, created);
    assert.deepEqual(await submit({ picture, externalId: 'kvc/../0193' }), { outcome: 'accepted', taskId: 't-1' });
    assert.deepEqual(pathsSeen(), ['POST /api/file-stream-upload', 'POST /api/v1/jobs/createTask']);
    const { headers, body } = server.seen[0]!;
    assert.equal(headers.authorization, 'Bearer k');
    const sent = { headers: { 'content-type': headers['content-type']! } };
    const form = await new Response(body as string, sent).formData();
    assert.deepEqual([...form.keys()].toSorted(), ['file', 'fileName', 'uploadPath']);
    assert.equal(form.get('fileName'), 'kvc----0193.jpg');
    assert.equal(form.get('uploadPath'), 'kling-video-cover');
    const file = form.get('file') as File;
    assert.deepEqual([file.name, file.type, await file.text()], ['kvc----0193.jpg', 'image/jpeg', 'JPG']);
    const { input } = lastSeen().body as { input: { image_urls: string[] } };
    assert.deepEqual(input.image_urls, ['https://files.example/p.jpg']);
  });

  test('is not uploaded again when the create has to wait', async () => {
    server.script(uploaded, answer(null, { code: 429 }), created);
    assert.equal((await submit({ picture })).outcome, 'busy');
    assert.equal((await submit({ picture })).outcome, 'accepted');
    assert.equal(pathsSeen().filter((path) => path.includes('upload')).length, 1);
  });

  test('has the address of the other sample, too', async () => {
    server.script(answer({ fileId: 'f', fileUrl: 'https://files.example/q.jpg', expiresAt: '…' }), created);
    assert.equal((await submit({ picture })).outcome, 'accepted');
    assert.match(JSON.stringify(lastSeen().body), /files\.example\/q\.jpg/);
  });

  const failures: [name: string, scripted: ScriptedAnswer, outcome: string][] = [
    ['401', { status: 401, body: { success: false, code: 401, msg: 'Invalid API Key' } }, 'account-blocked'],
    ['402 under HTTP 200', answer(null, { code: 402 }), 'account-blocked'],
    ['403 of a gateway', { status: 403, body: '<html>' }, 'account-blocked'],
    ['413', { status: 413, body: '' }, 'refused'],
    ['422', answer(null, { code: 422, status: 422 }), 'refused'],
    ['429', answer(null, { code: 429 }), 'busy'],
    ['500', answer(null, { code: 500, status: 500 }), 'busy'],
    ['a proxy page', { status: 502, body: '<html>' }, 'busy'],
    ['success without an address', answer({}), 'busy'],
    ['an address that is none', answer({ downloadUrl: 'file:///etc/passwd' }), 'busy'],
    ['a cut answer', 'cut', 'not-sent'],
    ['an answer cut half-way', 'cut-half-way', 'not-sent'],
  ];
  for (const [name, scripted, outcome] of failures)
    test(`and whose upload ends with ${name} is ${outcome}: no task was asked for`, async () => {
      server.script(scripted);
      assert.equal((await submit({ picture })).outcome, outcome);
      assert.deepEqual(pathsSeen(), ['POST /api/file-stream-upload']);
    });

  test('and whose upload is given up is not sent', async () => {
    server.script('hang');
    const giveUp = new AbortController();
    const arrived = server.nextRequest();
    const pending = kie.submit({ ...request, picture }, giveUp.signal);
    await arrived;
    giveUp.abort();
    assert.equal((await pending).outcome, 'not-sent');
    const dead = accountAt(server.url, await findDeadUrl()).clientFor(request)!;
    assert.equal((await submit({ picture }, dead)).outcome, 'not-sent');
  });
});

describe('a record', () => {
  const callBackUrl = 'https://covers.example/hooks/kie/token?task=kvc-0193';
  const input = { prompt: 'a slow turn', image_urls: ['https://files.example/p.jpg'], sound: false, duration: '5' };
  /** The keys and forms of a real answer of April 2026; what is ours in it is replaced. */
  const live = {
    taskId: 't-1',
    model: 'kling-2.6/image-to-video',
    state: 'success',
    param: JSON.stringify({ callBackUrl, input: JSON.stringify(input), model: 'kling-2.6/image-to-video' }),
    resultJson: '{"resultUrls":["https://tempfile.aiquickdraw.com/r/1.mp4"]}',
    failCode: null,
    failMsg: null,
    costTime: 165,
    completeTime: 1776000165519,
    createTime: 1776000000000,
  };
  const ready = {
    taskId: 't-1',
    externalId: 'kvc-0193',
    state: 'succeeded',
    reason: '',
    resultUrl: 'https://tempfile.aiquickdraw.com/r/1.mp4',
  };

  test('of a finished task gives our id out of the callback address and the first result', async () => {
    assert.deepEqual(await find(answer(live)), { outcome: 'found', task: ready });
    assert.equal(lastSeen().target, '/api/v1/jobs/recordInfo?taskId=t-1');
    assert.equal(lastSeen().headers.authorization, 'Bearer k');
  });

  test('in the forms of older pages says the same', async () => {
    const nested = {
      ...live,
      param: { callBackUrl, input },
      resultJson: { resultUrls: ['https://tempfile.aiquickdraw.com/r/1.mp4', 'https://tempfile.aiquickdraw.com/r/2'] },
      failCode: '',
      failMsg: '',
      costTime: 15_000,
      updateTime: 1776000165519,
      progress: 100,
      creditsConsumed: 55.5,
    };
    assert.deepEqual(await find(answer(nested)), { outcome: 'found', task: ready });
  });

  test('has the state of its word, and any other word decides nothing', async () => {
    const words = { waiting: 'waiting', queuing: 'waiting', generating: 'running', fail: 'failed', paused: 'unknown' };
    for (const [word, state] of Object.entries({ ...words, '': 'unknown', toString: 'unknown', SUCCESS: 'unknown' })) {
      const found = await find(answer({ ...live, state: word }));
      assert.ok(found.outcome === 'found');
      assert.deepEqual([found.task.state, found.task.resultUrl], [state, null], word);
    }
  });

  test('of a failed task tells code and words, whichever form the code has', async () => {
    const fail = { ...live, state: 'fail', resultJson: '' };
    for (const [failCode, failMsg, reason, because] of [
      ['500', 'Internal Error, Please try again later.', '500 Internal Error, Please try again later.', undefined],
      [501, 'Generation failed.', '501 Generation failed.', undefined],
      ['GENERATION_FAILED', null, 'GENERATION_FAILED', undefined],
      ['400', 'Your prompt was flagged by Website as violating content policies.', null, 'content'],
      ['422', 'The image contains sensitive material', null, 'content'],
    ] as const) {
      const found = await find(answer({ ...fail, failCode, failMsg }));
      assert.ok(found.outcome === 'found');
      assert.equal(found.task.state, 'failed');
      assert.equal(found.task.because, because);
      assert.equal(found.task.reason, reason ?? `${failCode} ${failMsg}`);
    }
  });

  test('whose inner JSON cannot be read has no address and no id of ours, and is a task all the same', async () => {
    const inner = ['{"resultUrls":["https://', '', 'null', '[]', '{"resultUrls":[]}', '{"resultUrls":[7]}', 7, null];
    for (const broken of inner) {
      const found = await find(answer({ ...live, resultJson: broken, param: broken }));
      assert.ok(found.outcome === 'found', String(broken));
      assert.deepEqual([found.task.externalId, found.task.resultUrl], [null, null], String(broken));
    }
    for (const url of ['not an address', 'https://covers.example/hooks/kie/t', 'https://covers.example/?task=', 7]) {
      const found = await find(answer({ ...live, param: JSON.stringify({ callBackUrl: url }) }));
      assert.equal(found.outcome === 'found' && found.task.externalId, null);
    }
  });

  test('that is not there is absent in both forms, and nothing else is', async () => {
    assert.deepEqual(await find(answer(null, { code: 422, msg: 'recordInfo is null' })), { outcome: 'absent' });
    assert.deepEqual(await find(answer(null, { code: 404, msg: 'Not Found', status: 404 })), { outcome: 'absent' });
    for (const scripted of [
      answer(null, { code: 422, msg: 'taskId has a wrong form' }),
      answer(null),
      answer({ ...live, taskId: 't-2' }),
      answer({ ...live, taskId: '' }),
      answer(null, { code: 500 }),
      answer(null, { code: 429 }),
      answer(live, { status: 502 }),
      { status: 404, body: '<html>' },
      'cut',
      'cut-half-way',
    ] as ScriptedAnswer[])
      assert.equal((await find(scripted)).outcome, 'unclear');
  });

  test('that the key may not see blocks the account', async () => {
    for (const code of [401, 402, 433])
      assert.equal((await find(answer(null, { code, msg: 'You do not have access permissions' }))).outcome, 'account-blocked'); // prettier-ignore
  });

  test('is asked for by exactly the id, whatever stands in it', async () => {
    await find(answer(null), 'a/../b?x=1&taskId=t-9#\ud800');
    assert.equal(new URL(lastSeen().target, server.url).searchParams.get('taskId'), 'a/../b?x=1&taskId=t-9#\ufffd');
  });
});

test('by our own id nothing can be found, and nobody is asked', async () => {
  assert.deepEqual(await kie.findByExternalId('kvc-0193', signal), { outcome: 'untraceable' });
  assert.equal(kie.listNewest, undefined);
  assert.deepEqual(pathsSeen(), []);
});

test('the balance is a number with decimals', async () => {
  server.script(answer(5916.25));
  assert.deepEqual(await account.readCredits(signal), { outcome: 'known', credits: 5916.25 });
  assert.deepEqual(pathsSeen(), ['GET /api/v1/chat/credit']);
  server.script(answer(null, { code: 401 }));
  assert.equal((await account.readCredits(signal)).outcome, 'account-blocked');
  for (const scripted of [answer('5916'), answer(null), answer(null, { code: 404 }), 'cut'] as ScriptedAnswer[]) {
    server.script(scripted);
    assert.equal((await account.readCredits(signal)).outcome, 'unclear');
  }
});
