import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../../src/sync/lag/reason-of.ts';
import { TransientFault } from '../../../src/sync/projector/bulk.ts';
import { withoutStack } from '../../../src/sync/projector/event-hub-function.ts';

const cause = new Error('Service unavailable\n  with many details');

describe('what the host logs for a failed batch', () => {
  it('is one line for a transient fault', () => {
    const logged = inspect(withoutStack(new TransientFault('Requests to order_details failed.', { cause })));
    expect(logged).toBe('[TransientFault: Requests to order_details failed.]');
  });

  it('has the stack of any other error', () => {
    const error = new TypeError('a defect');
    expect(withoutStack(error)).toBe(error);
  });
});

describe('the reason of a stall', () => {
  it.each([
    ['the message of the error', new Error('failed'), 'failed'],
    [
      'the message and the first line of the cause',
      new Error('failed.', { cause }),
      'failed. Cause: Service unavailable',
    ],
    ['the message when the cause says nothing', new Error('failed', { cause: new Error('') }), 'failed'],
    ['what was thrown', 'text', 'text'],
  ])('is %s', (_, error, expected) => {
    expect(reasonOf(error)).toBe(expected);
  });
});
