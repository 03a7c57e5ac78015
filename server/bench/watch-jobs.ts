import type { Job } from '../contract.ts';

/** Listens to a seller's events and keeps when each job was told to be completed. Throws when the stream is refused. */
export async function watchJobs(url: string, token: string) {
  const stop = new AbortController();
  const answer = await fetch(`${url}/v1/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  if (!answer.ok || !answer.body) throw new Error(`the stream was refused: ${answer.status}`);
  const completedAt = new Map<string, number>();

  async function listen(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      const messages = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = messages.pop()!;
      for (const message of messages) hear(message);
    }
  }

  function hear(message: string): void {
    const json = /^event: job\ndata: (.*)$/m.exec(message)?.[1];
    if (json === undefined) return;
    const { job } = JSON.parse(json) as { job: Job };
    if (job.status === 'failed') throw new Error(`a job failed: ${job.error?.message}`);
    if (job.status === 'completed' && !completedAt.has(job.id)) completedAt.set(job.id, Date.now());
  }

  const listening = listen(answer.body);
  listening.catch((fault: unknown) => {
    if (!stop.signal.aborted) throw fault;
  });
  return { completedAt, close: () => stop.abort() };
}
