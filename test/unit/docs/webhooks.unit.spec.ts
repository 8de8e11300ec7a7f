import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PAYLOAD_SCHEMAS } from '../../../src/sync/webhooks/payload.ts';
import { signedHeaders } from '../../../src/sync/webhooks/signature.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const TEXT_SECRET = 'a text of at least 24 bytes';
const BODY = '{"type":"OrderPlaced"}';

const example = z.object({
  verifyWebhook: z.custom<(headers: object, body: string, secret: string) => { id: string; message: unknown }>(
    (value) => typeof value === 'function',
  ),
});

describe('the example in docs/webhooks.md', () => {
  let folder: string;
  let verify: z.output<typeof example>['verifyWebhook'];
  let text: string;
  beforeAll(async () => {
    text = await readFile('docs/webhooks.md', 'utf8');
    const [, source = ''] = /```ts\n(.*?)```/s.exec(text) ?? [];
    folder = await mkdtemp(join(tmpdir(), 'webhooks-'));
    const file = join(folder, 'verify-webhook.ts');
    await writeFile(file, source);
    ({ verifyWebhook: verify } = example.parse(await import(file)));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const sign = (secrets: readonly string[], secondsAgo = 0) =>
    signedHeaders({ id: 'm1', sentAt: Date.now() - secondsAgo * 1000, body: BODY }, secrets);

  it('accepts a message by either of two secrets', () => {
    for (const secret of [SECRET, TEXT_SECRET]) {
      expect(verify(sign([SECRET, TEXT_SECRET]), BODY, secret)).toEqual({ id: 'm1', message: { type: 'OrderPlaced' } });
    }
  });

  it.each([
    ['another secret', () => verify(sign([SECRET]), BODY, TEXT_SECRET)],
    ['another body', () => verify(sign([SECRET]), `${BODY} `, SECRET)],
    ['another id', () => verify({ ...sign([SECRET]), 'webhook-id': 'm2' }, BODY, SECRET)],
    ['no signature', () => verify({ ...sign([SECRET]), 'webhook-signature': '' }, BODY, SECRET)],
    [
      'a signature of another version',
      () => {
        const headers = sign([SECRET]);
        const signature = headers['webhook-signature']?.replace('v1,', 'v2,');
        return verify({ ...headers, 'webhook-signature': signature }, BODY, SECRET);
      },
    ],
    ['no headers', () => verify({}, BODY, SECRET)],
  ])('refuses a message with %s', (_what, call) => {
    expect(call).toThrow();
  });

  it('refuses a recorded message that is sent again later', () => {
    expect(() => verify(sign([SECRET], 290), BODY, SECRET)).not.toThrow();
    expect(() => verify(sign([SECRET], 310), BODY, SECRET)).toThrow('too old');
  });

  it('shows a payload as its schema describes it', () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
    const payload = JSON.parse(json);
    expect(PAYLOAD_SCHEMAS.get(payload.type)?.parse(payload)).toEqual(payload);
  });
});
