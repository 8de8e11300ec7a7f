import { expect, it } from 'vitest';
import { RememberedDocuments } from '../../../src/sync/projector/remembered-documents.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const MINUTE = 60_000;
const key = (id: string) => ({ partitionKey: id, id });
const ada = { document: { customerName: 'Ada' }, etag: '"1"' };
const SIZE = JSON.stringify(ada.document).length;

it('remembers a document for some minutes, although it is used again', async () => {
  const clock = simulatedRuntime();
  const remembered = new RememberedDocuments(2 * SIZE, clock);
  remembered.set(key('a'), ada);
  await clock.pass(4 * MINUTE);
  expect(remembered.get(key('a'))).toMatchObject(ada);
  await clock.pass(MINUTE);
  expect(remembered.get(key('a'))).toBeUndefined();
});

it('forgets the document that was used least recently when there are too many', () => {
  const remembered = new RememberedDocuments(2 * SIZE, simulatedRuntime());
  for (const id of ['a', 'b']) remembered.set(key(id), ada);
  remembered.get(key('a'));
  remembered.set(key('c'), ada);
  expect(['a', 'b', 'c'].filter((id) => remembered.get(key(id)) !== undefined)).toEqual(['a', 'c']);
});

it('forgets a document that is gone', () => {
  const remembered = new RememberedDocuments(2 * SIZE, simulatedRuntime());
  remembered.set(key('a'), ada);
  remembered.set(key('a'), undefined);
  expect(remembered.get(key('a'))).toBeUndefined();
});

it('remembers nothing with a maximum size of 0', () => {
  const remembered = new RememberedDocuments(0, simulatedRuntime());
  remembered.set(key('a'), ada);
  expect(remembered.get(key('a'))).toBeUndefined();
});
