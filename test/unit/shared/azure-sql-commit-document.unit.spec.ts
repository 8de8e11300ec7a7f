import { describe, expect, it } from 'vitest';
import { commitDocument } from '../../../src/commands/write-store/azure-sql/commit-document.ts';
import { customerCommit, orderCommit } from '../../support/commands/commits.ts';

const parsed = (text: string): unknown => JSON.parse(text);

describe('a commit document', () => {
  it('has the previous version 0 for a new row', () => {
    const commit = orderCommit({ orderId: 'o', customerId: 'c', from: 0, version: 2 });
    expect(parsed(commitDocument(commit))).toMatchObject({ previousVersion: 0 });
  });

  it('has the version that a row replaces', () => {
    const commit = orderCommit({ orderId: 'o', customerId: 'c', from: 3, version: 5 });
    expect(parsed(commitDocument(commit))).toMatchObject({ previousVersion: 3 });
  });

  it('has the body of an event as text', () => {
    const commit = customerCommit({ customerId: 'c', name: 'Björn "B"' });
    expect(parsed(commitDocument(commit))).toMatchObject({ events: [{ body: commit.events[0]?.body }] });
  });

  it('has the limit of drafts that the procedure checks', () => {
    const commit = { ...orderCommit({ orderId: 'o', customerId: 'c' }), maxOpenDrafts: 7 };
    expect(parsed(commitDocument(commit))).toMatchObject({ maxOpenDrafts: 7, order: { customerId: 'c' } });
  });

  it('omits rows that the commit does not change', () => {
    const document = parsed(commitDocument(customerCommit({ customerId: 'c' })));
    expect(Object.keys(Object(document))).toEqual(['previousVersion', 'command', 'events', 'customer', 'stock']);
  });
});
