/** The S3 of the tests in a thread of its own, for tests that measure what the client's thread holds. */
import { parentPort } from 'node:worker_threads';
import { startTestS3 } from './s3-testing.ts';

const s3 = await startTestS3();
parentPort!.once('message', () => void s3.close().then(() => process.exit()));
parentPort!.postMessage(s3.settings);
