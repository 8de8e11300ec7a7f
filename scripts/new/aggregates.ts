import { AGGREGATE_TYPES } from '../../src/shared/events/envelope.ts';
import type { Changes } from './changes.ts';
import { type Names, namesOf, pluralOf, wordsOfPascal } from './names.ts';
import { NotGenerated } from './not-generated.ts';
import { type Replacements, renamed } from './render.ts';

/** An aggregate, with what generated code and tests need of it. */
export interface AggregateNames {
  readonly one: Names;
  readonly many: Names;
  /** The files of its commands and of its decider. */
  readonly folder: string;
  readonly domain: string;
  readonly events: string;
  /** The function of `test/support/events/events.ts` that makes its first event. */
  readonly firstEvent: string;
  /** The facts of its decider in a test. */
  readonly facts: string;
  /** In tests that send one command after another: the command after which a further one is accepted, and the id to send it to. */
  readonly example: { readonly after: Names; readonly id: string };
}

type Called = Pick<AggregateNames, 'firstEvent' | 'facts' | 'example'>;

/** The names that differ in aggregates that were not generated. */
const OTHERWISE: Readonly<Record<string, Called>> = {
  Order: {
    firstEvent: 'orderPlaced',
    facts: '',
    example: { after: namesOf(['confirm', 'order']), id: 'draft' },
  },
  Customer: {
    firstEvent: 'customerRegistered',
    facts: '{ creditUsed: 0, erased: false }',
    example: { after: namesOf(['change', 'customer', 'contact']), id: 'customerId' },
  },
  Product: {
    firstEvent: 'productAdded',
    facts: '{ available: 10 }',
    example: { after: namesOf(['adjust', 'stock']), id: 'id(0)' },
  },
};

/** The names of an aggregate that may not exist yet. */
export function aggregateNames(name: string): AggregateNames {
  const words = wordsOfPascal(name, 'an aggregate');
  const [one, many] = [namesOf(words), namesOf(pluralOf(words))];
  const folder = `src/commands/${many.kebab}`;
  return {
    one,
    many,
    folder,
    domain: `${folder}/domain/${one.kebab}.ts`,
    events: `src/shared/events/${one.kebab}-events.ts`,
    ...(OTHERWISE[name] ?? generated(one, words)),
  };
}

const generated = (one: Names, words: readonly string[]): Called => ({
  firstEvent: `${one.camel}Added`,
  facts: 'undefined',
  example: { after: namesOf(['add', ...words]), id: 'id(0)' },
});

/** The names of an aggregate. Throws `NotGenerated` when there is none with this name. */
export function existingAggregate(name: string): AggregateNames {
  if (AGGREGATE_TYPES.some((type) => type === name)) return aggregateNames(name);
  throw new NotGenerated(`There is no aggregate "${name}". The aggregates are ${AGGREGATE_TYPES.join(', ')}.`);
}

/** Replaces the aggregate of the templates. */
export function renamedAggregate({ one, many, firstEvent, facts }: AggregateNames): Replacements {
  return {
    ...renamed(namesOf(['small', 'parcel']), one),
    ...renamed(namesOf(['small', 'parcels']), many),
    smallParcelAdded: firstEvent,
    FACTS: facts,
  };
}

/** A text of the aggregate's state that a list can show. Throws `NotGenerated` when it has none, apart from its id. */
export function shownField(changes: Changes, { one, events }: AggregateNames): string {
  if (OTHERWISE[one.pascal] !== undefined) return 'currency';
  const texts = [...changes.text(events).matchAll(/^ {2}(\w+): nonPersonal\(z\.string\(\)\)/gm)];
  const field = texts.flatMap(([, name = '']) => name)[0];
  if (field !== undefined) return field;
  throw new NotGenerated(`${events} has no text that a list could show: add a field to the aggregate first.`);
}
