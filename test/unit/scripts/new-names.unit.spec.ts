import { describe, expect, it } from 'vitest';
import { namesOf, pluralOf, singularOf, withArticle, wordsOfKebab, wordsOfPascal } from '../../../scripts/new/names.ts';
import { eventOf } from '../../../scripts/new/past-tense.ts';
import { renamed, render } from '../../../scripts/new/render.ts';

const spoken = (words: string) => words.split(' ');

describe('a name', () => {
  it('has a spelling for each place in code and texts', () => {
    expect(namesOf(wordsOfPascal('SmallParcel2', 'an aggregate'))).toEqual({
      pascal: 'SmallParcel2',
      camel: 'smallParcel2',
      kebab: 'small-parcel2',
      snake: 'small_parcel2',
      constant: 'SMALL_PARCEL2',
      words: 'small parcel2',
    });
    expect(wordsOfKebab('late-returns', 'a read model')).toEqual(['late', 'returns']);
  });

  it.each([
    '',
    'smallParcel',
    'Small-Parcel',
    'Small Parcel',
    'APIKey',
    'Übung',
    '1Parcel',
    '../Parcel',
    'constructor',
  ])('of an aggregate cannot be "%s"', (name) => {
    expect(() => wordsOfPascal(name, 'an aggregate')).toThrow(`"${name}" is not a name for an aggregate`);
  });

  it.each(['', 'LateReturns', 'late_returns', 'late--returns', '-late', 'late-', '../late', 'late-2'])(
    'of a read model cannot be "%s"',
    (name) => {
      expect(() => wordsOfKebab(name, 'a read model')).toThrow(`"${name}" is not a name for a read model`);
    },
  );

  it.each([
    ['spare supply', 'spare supplies'],
    ['box', 'boxes'],
    ['branch', 'branches'],
    ['address', 'addresses'],
    ['delivery day', 'delivery days'],
  ])('has a plural, and back: %s, %s', (one, many) => {
    expect([pluralOf(spoken(one)), singularOf(spoken(many))]).toEqual([spoken(many), spoken(one)]);
  });

  it('of a read model that is not in the plural has entries', () => {
    expect(['catalogue', 'sales status', 'abyss'].map((words) => singularOf(spoken(words)).at(-1))).toEqual([
      'entry',
      'entry',
      'entry',
    ]);
  });

  it('has an article', () => {
    expect([withArticle('order'), withArticle('small parcel')]).toEqual(['an order', 'a small parcel']);
  });
});

describe('the event of a command', () => {
  it.each([
    ['place order', 'order placed'],
    ['ship order', 'order shipped'],
    ['cancel order', 'order cancelled'],
    ['add item', 'item added'],
    ['change credit limit', 'credit limit changed'],
    ['hold order', 'order held'],
    ['mail invoice', 'invoice mailed'],
    ['verify address', 'address verified'],
    ['delay delivery', 'delivery delayed'],
    ['fix price', 'price fixed'],
    ['record delivery attempt', 'delivery attempt recorded'],
    ['constructor order', 'order constructored'],
  ])('is named in the past tense: %s, %s', (command, event) => {
    expect(eventOf(spoken(command)).join(' ')).toBe(event);
  });
});

describe('a template', () => {
  it('has no name of its example left once all are replaced', () => {
    const aggregate = { ...renamed(namesOf(['small', 'parcels']), namesOf(['suppliers'])) };
    const text = render('migration.sql', {
      ...aggregate,
      ...renamed(namesOf(['small', 'parcel']), namesOf(['supplier'])),
    });
    expect(text).toContain('CREATE TABLE orders.Suppliers (\n  SupplierId nvarchar(64)');
    expect(text).not.toMatch(/parcel/i);
  });
});
