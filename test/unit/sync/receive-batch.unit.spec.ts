import { InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { partitionOf, receiveBatch } from '../../../src/sync/projector/receive-batch.ts';

const AT = '2026-01-15T10:30:00.000Z';

/** A batch of one event as the host passes it, with other metadata where a test needs them. */
function batchOf(metadata: Readonly<Record<string, unknown>> = {}, body: unknown = Buffer.from('{}')) {
  const triggerMetadata = {
    partitionContext: { partitionId: '3' },
    sequenceNumberArray: [17],
    enqueuedTimeUtcArray: [AT],
    propertiesArray: [{}],
    ...metadata,
  };
  return { bodies: [body], context: new InvocationContext({ triggerMetadata }) };
}

const received = (...batch: Parameters<typeof batchOf>) => {
  const { bodies, context } = batchOf(...batch);
  return receiveBatch(bodies, context);
};

describe('a batch as the host passes it', () => {
  it('has the body, position and time of each event', () => {
    expect(received()).toEqual([{ body: '{}', partitionId: '3', sequenceNumber: 17, enqueuedAt: new Date(AT) }]);
  });

  it.each([
    ['a number', 17, 17],
    ['text', '17', 17],
    ['a Long object', { low: 17, high: 0, unsigned: false }, 17],
    ['a Long object above 32 bits', { low: 5, high: 2, unsigned: false }, 2 * 2 ** 32 + 5],
    ['a Long object whose low half is negative', { low: -1, high: 0, unsigned: false }, 2 ** 32 - 1],
    ['a negative Long object', { low: -1, high: -1, unsigned: false }, -1],
  ])('may have a sequence number that is %s', (_what, sequenceNumber, expected) => {
    expect(received({ sequenceNumberArray: [sequenceNumber] })[0]?.sequenceNumber).toBe(expected);
  });

  it('may have a partition id that is a number', () => {
    expect(received({ partitionContext: { partitionId: 3 } })[0]?.partitionId).toBe('3');
  });

  it.each([[[{ readModel: 5 }]], [[null]], [['text']]])('may have unknown application properties: %j', (properties) => {
    expect(received({ propertiesArray: properties })).toHaveLength(1);
  });

  it('keeps every byte of a body that is not text', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    expect(received({}, bytes)[0]?.body).toBe(`data:;base64,${bytes.toString('base64')}`);
  });

  it('has the trace of the replay that has sent it', () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    expect(received({ propertiesArray: [{ readModel: 'all', traceparent }] })[0]?.traceparent).toBe(traceparent);
    expect(received({ propertiesArray: [{ readModel: 'all', traceparent: 5 }] })[0]?.traceparent).toBeUndefined();
  });

  it('leaves out events that are not wanted without reading them', () => {
    const { bodies, context } = batchOf({ propertiesArray: [{ readModel: 'sales_daily' }] });
    expect(receiveBatch(bodies, context, ({ readModel }) => readModel === 'order_details')).toEqual([]);
  });
});

describe('a batch that cannot be understood', () => {
  it.each([
    [
      'a sequence number',
      { sequenceNumberArray: ['x'] },
      'The metadata of the batch cannot be understood: sequenceNumberArray.0',
    ],
    [
      'no partition',
      { partitionContext: undefined },
      'The metadata of the batch cannot be understood: partitionContext',
    ],
    [
      'a time',
      { enqueuedTimeUtcArray: ['yesterday'] },
      'The metadata of the batch cannot be understood: enqueuedTimeUtcArray.0',
    ],
    ['fewer descriptions than events', { sequenceNumberArray: [] }, 'describe fewer events than there are: event 0'],
  ])('says what is wrong: %s', (_what, metadata, reason) => {
    expect(() => received(metadata)).toThrow(reason);
  });

  it('says that a body is not bytes', () => {
    expect(() => received({}, 'text')).toThrow('The bodies of the batch cannot be understood: 0');
  });

  it('still names its partition where the metadata say it', () => {
    expect(partitionOf(batchOf({ sequenceNumberArray: 'none' }).context)).toBe('3');
    expect(partitionOf(batchOf({ partitionContext: 'none' }).context)).toBeUndefined();
  });
});
