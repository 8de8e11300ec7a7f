import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isMalformedSecret, keyOf, signedHeaders } from '../../../src/sync/webhooks/signature.ts';

/** The example of the specification: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const MESSAGE = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  sentAt: 1_614_265_330_999,
  body: '{"test": 2432232314}',
};
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

describe('the headers of a message', () => {
  it('are those of Standard Webhooks, with the time in whole seconds', () => {
    expect(signedHeaders(MESSAGE, [SECRET])).toEqual({
      'webhook-id': MESSAGE.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': SIGNATURE,
    });
  });

  it('have a signature for each of two secrets, the current one first', () => {
    const [first, second] = (
      signedHeaders(MESSAGE, ['a secret of at least 24 bytes', SECRET])['webhook-signature'] ?? ''
    ).split(' ');
    const hmac = createHmac('sha256', 'a secret of at least 24 bytes').update(
      `${MESSAGE.id}.1614265330.${MESSAGE.body}`,
    );
    expect([first, second]).toEqual([`v1,${hmac.digest('base64')}`, SIGNATURE]);
  });

  it.each([
    ['id', { id: 'msg_2' }],
    ['time', { sentAt: MESSAGE.sentAt + 1000 }],
    ['body', { body: '{"test":1}' }],
  ])('have another signature for another %s', (_part, other) => {
    expect(signedHeaders({ ...MESSAGE, ...other }, [SECRET])['webhook-signature']).not.toBe(SIGNATURE);
  });
});

describe('the key of a secret', () => {
  it('is the decoded base64 after the prefix, or else the text', () => {
    expect(keyOf('whsec_AAEC')).toEqual(Buffer.from([0, 1, 2]));
    expect(keyOf('ä plain text')).toEqual(Buffer.from('ä plain text', 'utf8'));
  });

  it.each(['whsec_', 'whsec_AAEC', 'whsec_AA==', 'whsec_AAE=', 'no prefix, and no base64!'])(
    'is well formed: %s',
    (secret) => {
      expect(isMalformedSecret(secret)).toBe(false);
    },
  );

  it.each(['whsec_AAE', 'whsec_A===', 'whsec_AA_C', 'whsec_ä'])('is malformed: %s', (secret) => {
    expect(isMalformedSecret(secret)).toBe(true);
  });
});
