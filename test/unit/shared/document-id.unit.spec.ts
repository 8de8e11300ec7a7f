import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentId } from '../../../src/shared/read-models/document-id.ts';

describe('the document id', () => {
  it.each(['order-1', '700001', 'a_b.c:d@e', '3f0c9e1e-0f5b-4f0e-9b1a-2f6f1f2f3f4f'])(
    'of %s is the id itself',
    (id) => {
      expect(documentId(id)).toBe(id);
    },
  );

  it('has no character that Cosmos DB refuses, whatever the id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        expect(documentId(id)).toMatch(/^[\w.:@~-]+$/);
      }),
    );
  });

  it('is another one for another id', () => {
    const ids = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), { minLength: 2 });
    fc.assert(
      fc.property(ids, (distinct) => {
        expect(new Set(distinct.map(documentId)).size).toBe(distinct.length);
      }),
    );
  });

  it('does not mistake an id for the encoding of another one', () => {
    expect(documentId(documentId('a/b'))).not.toBe(documentId('a/b'));
  });
});
