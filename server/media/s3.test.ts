import { blobSuite } from './blobs.suite.ts';
import { createS3Blobs } from './s3.ts';
import { startTestS3 } from './s3-testing.ts';

for (const prefix of ['', 'media/of_Ours.1'])
  blobSuite(`s3 ${prefix || 'without a prefix'}`, async () => {
    const s3 = await startTestS3();
    return { blobs: await createS3Blobs({ ...s3.settings, prefix }), list: s3.keys, close: s3.close };
  });
