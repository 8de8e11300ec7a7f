import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldsOf } from '../../../scripts/generate/fields.ts';
import { operationsByApp } from '../../../scripts/generate/load-operations.ts';
import { bodiesOf, isSeen, ROLES_FILE, rolesText, seenByRole } from '../../../scripts/generate/roles.ts';

const operations = [...operationsByApp().keys()];
/** The operations that are about somebody. The catalogue, which anyone may see, is not. */
const ofPeople = operations.filter(({ publicBySetting }) => publicBySetting === undefined);

/** The fields that may say something about somebody. The name of a report does not. */
const aboutPeople = ({ name }: { readonly name: string }, fields: ReadonlySet<string> = new Set()) =>
  [...fields].filter((field) => name !== 'getReport' || field !== 'name');

describe('the table of roles and fields', () => {
  it('is up to date with the code (run "npm run generate" to update it)', () => {
    expect(readFileSync(ROLES_FILE, 'utf8')).toBe(rolesText());
  });

  it('has every answer of every operation', () => {
    const text = rolesText();
    const withBody = operations.filter((operation) => bodiesOf(operation).length > 0);
    const missing = withBody.filter(({ method, route }) => !text.includes(`\`${method} /${route}\``));
    expect([missing, withBody.length > 30]).toEqual([[], true]);
  });

  it('gives a role no field that the whole answer does not have', () => {
    const invented = operations.flatMap((operation) => {
      const bodies = [...bodiesOf(operation), ...(operation.messages === undefined ? [] : [operation.messages])];
      return bodies.flatMap((body) => {
        const whole = body.schema === undefined ? new Set<string>() : fieldsOf(body.schema);
        const seen = [...seenByRole(operation, body).values()].flatMap(({ fields }) => [...fields]);
        return seen.filter((field) => !isSeen(field, whole)).map((field) => `${operation.name}: ${field}`);
      });
    });
    expect(invented).toEqual([]);
  });

  it('limits only roles that may call the operation', () => {
    const unknown = operations.flatMap(({ name, roles, answers }) =>
      Object.values(answers).flatMap(({ views = {} }) =>
        Object.keys(views)
          .filter((role) => !roles.some((one) => one === role))
          .map((role) => `${name}: ${role}`),
      ),
    );
    expect(unknown).toEqual([]);
  });

  const answersTo = (...words: readonly string[]) =>
    ofPeople.flatMap((operation) =>
      [...bodiesOf(operation), ...(operation.messages === undefined ? [] : [operation.messages])].flatMap((body) =>
        [...seenByRole(operation, body)].flatMap(([role, { fields }]) =>
          aboutPeople(operation, fields)
            .filter((field) => words.some((word) => field.endsWith(word)))
            .map(() => role),
        ),
      ),
    );

  it('shows analysts no person: neither a name nor a customer id, address, user or free text', () => {
    const personal = ['customerId', 'customerName', 'name', 'email', 'phone', 'street', 'userId', 'data.*', 'event.*'];
    expect(answersTo(...personal)).not.toContain('analyst');
  });

  it('shows the warehouse no price, no total, and nobody who changed an order, in what it reads', () => {
    const shown = ofPeople
      .filter(({ method, messages }) => method === 'GET' || messages !== undefined)
      .flatMap((operation) =>
        bodiesOf(operation).flatMap((body) => [...(seenByRole(operation, body).get('warehouse')?.fields ?? [])]),
      );
    expect(shown.filter((field) => /(price|lineTotal|total|userId|email|phone|reason)$/i.test(field))).toEqual([]);
  });
});

describe('reads of personal data', () => {
  /** Fields of people. `event.*`, an event as it was received, is encrypted. */
  const PERSONAL = /(^|\.)(customerName|name|email|phone|shippingAddress\.street|data\.\*)$/;
  /** Shows events as they are stored: encrypted. */
  const ENCRYPTED = 'getEvents';
  const staff = ['admin', 'warehouse', 'analyst'] as const;
  const readers = ofPeople.map((operation) => {
    const isRead = operation.method === 'GET' || operation.messages !== undefined;
    const bodies = [...bodiesOf(operation), ...(operation.messages === undefined ? [] : [operation.messages])];
    const see = staff.filter((role) =>
      bodies.some((body) =>
        aboutPeople(operation, seenByRole(operation, body).get(role)?.fields).some((field) => PERSONAL.test(field)),
      ),
    );
    const isReadable = isRead && operation.name !== ENCRYPTED;
    return { name: operation.name, traced: operation.tracedReaders ?? [], see: isReadable ? see : [] };
  });

  it('by anyone other than the customer are traced', () => {
    const untraced = readers.filter(({ see, traced }) => see.some((role) => !traced.includes(role)));
    expect(untraced.map(({ name }) => name)).toEqual([]);
    expect(readers.filter(({ see }) => see.length > 0).length).toBeGreaterThan(5);
  });

  it('by customers, who read only their own data, are not traced', () => {
    expect(readers.filter(({ traced }) => traced.includes('customer'))).toEqual([]);
  });
});

describe('the fields of a schema', () => {
  it('are named by their paths, through lists, references and alternatives', () => {
    const line = z.strictObject({ price: z.number() }).meta({ id: 'Line' });
    const schema = z.strictObject({
      items: z.array(line),
      kind: z.enum(['a', 'b']),
      address: z.strictObject({ zip: z.string() }).nullable(),
      data: z.unknown(),
      counts: z.record(z.string(), z.int()),
    });
    expect(fieldsOf(schema)).toEqual(new Set(['items.price', 'kind', 'address.zip', 'data.*', 'counts.*']));
  });
});
