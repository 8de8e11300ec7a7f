import sql from 'mssql';
import { describe, expect, it } from 'vitest';
import { isUnstorable, toCommitOutcome } from '../../../src/commands/write-store/azure-sql/commit-errors.ts';
import { isTransient } from '../../../src/shared/write-database/azure-sql/sql-errors.ts';

/** An error that the server sent, as mssql represents it. */
function serverError(number: number, message: string): sql.RequestError {
  const error = new Error(message);
  Object.assign(error, {
    info: { number, message, class: 14, state: 1, lineNumber: 12, procName: 'orders.CommitCommand' },
  });
  return new sql.RequestError(error, 'EREQUEST');
}

/** An error of the driver. */
function driverError(code: string): sql.ConnectionError {
  return new sql.ConnectionError(Object.assign(new Error('Connection lost - read ECONNRESET'), { code }));
}

const primaryKey = (constraint: string, table: string, key = 'x') =>
  `Violation of PRIMARY KEY constraint '${constraint}'. Cannot insert duplicate key in object 'orders.${table}'. The duplicate key value is (${key}).`;
const check = (constraint: string, table: string) =>
  `The UPDATE statement conflicted with the CHECK constraint "${constraint}". The conflict occurred in database "orders", table "orders.${table}", column 'x'.`;

describe('the outcome of a commit that SQL Server rejected', () => {
  it.each([
    [2627, primaryKey('PK_Commands', 'Commands'), { outcome: 'duplicate' }],
    [2627, primaryKey('PK_Events', 'Events'), { outcome: 'conflict' }],
    [2627, primaryKey('PK_Events', 'Events', 'Order, pk_commands, 2'), { outcome: 'conflict' }],
    [2627, primaryKey('PK_Events', 'Events', "Order, 'pk_commands', 2"), { outcome: 'conflict' }],
    [
      2601,
      `Cannot insert duplicate key row in object 'orders.Events' with unique index 'pk_events'.`,
      { outcome: 'conflict' },
    ],
    [51001, 'The order does not have the version that the command was decided on.', { outcome: 'conflict' }],
    [
      51009,
      'The order takes units of a product that is discontinued.',
      { outcome: 'refused', constraint: 'discontinued' },
    ],
    [51006, 'The customer would have too many open drafts.', { outcome: 'refused', constraint: 'drafts' }],
    [547, check('CK_Products_AvailableNotNegative', 'Products'), { outcome: 'refused', constraint: 'stock' }],
    [547, check('CK_Customers_CreditWithinLimit', 'Customers'), { outcome: 'refused', constraint: 'credit' }],
    [547, check('ck_customers_CREDITWITHINLIMIT', 'Customers'), { outcome: 'refused', constraint: 'credit' }],
  ])('follows from error %i: %s', (number, message, outcome) => {
    expect(toCommitOutcome(serverError(number, message))).toEqual(outcome);
  });

  it('follows from an error before the last one', () => {
    const last = serverError(3621, 'The statement has been terminated.');
    Object.assign(last, { precedingErrors: [serverError(2627, primaryKey('PK_Commands', 'Commands'))] });
    expect(toCommitOutcome(last)).toEqual({ outcome: 'duplicate' });
  });

  it.each([
    ['another constraint', serverError(547, check('FK_Orders_Customers', 'Orders'))],
    ['credit released twice', serverError(547, check('CK_Customers_CreditUsedNotNegative', 'Customers'))],
    ['a longer constraint name', serverError(2627, primaryKey('PK_Commands_Archive', 'Archive'))],
    [
      'a constraint name in the duplicate key',
      serverError(2627, primaryKey('PK_Products', 'Products', "'pk_commands'")),
    ],
    ['a constraint name in an error of another kind', serverError(1205, 'Deadlock on PK_Commands')],
    ['a missing row', serverError(51002, 'A commit moves the stock of a product that does not exist.')],
    ['an error of the driver', driverError('ESOCKET')],
    ['a value that is not an error', 'PK_Commands'],
  ])('is undefined, which means a fault, for %s', (_, error) => {
    expect(toCommitOutcome(error)).toBeUndefined();
  });
});

describe('a value that does not fit into its column', () => {
  const truncated = "String or binary data would be truncated in table 'orders.Orders', column 'OrderId'.";

  it.each([
    [2628, truncated],
    [8152, 'String or binary data would be truncated.'],
    [8115, 'Arithmetic overflow error converting expression to data type bigint.'],
    [220, 'Arithmetic overflow error for data type smallint, value = 40000.'],
  ])('is reported by error %i and is neither an outcome nor transient', (number, message) => {
    const error = serverError(number, message);
    expect([isUnstorable(error), toCommitOutcome(error), isTransient(error)]).toEqual([true, undefined, false]);
  });

  it('is recognized in an error before the last one', () => {
    const last = serverError(3621, 'The statement has been terminated.');
    Object.assign(last, { precedingErrors: [serverError(2628, truncated)] });
    expect(isUnstorable(last)).toBe(true);
  });

  it.each([
    ['a deadlock', serverError(1205, 'Deadlock')],
    ['a constraint violation', serverError(2627, primaryKey('PK_Commands', 'Commands'))],
    ['an error of the driver', driverError('ESOCKET')],
  ])('is not %s', (_, error) => {
    expect(isUnstorable(error)).toBe(false);
  });
});

describe('a transient fault', () => {
  it.each([
    64, 233, 1204, 1205, 1222, 2801, 3961, 4060, 10053, 10054, 10060, 10928, 10929, 42108, 42109, 40197, 40501, 40613,
    49918, 49919, 49920,
  ])('is server error %i', (number) => {
    expect(isTransient(serverError(number, 'busy'))).toBe(true);
  });

  it.each(['ETIMEOUT', 'ESOCKET', 'ECLOSE', 'EINVALIDSTATE', 'ECONNRESET'])('is driver error %s', (code) => {
    expect(isTransient(driverError(code))).toBe(true);
  });

  it('may be the cause of another error', () => {
    expect(isTransient(new Error('wrapped', { cause: driverError('ESOCKET') }))).toBe(true);
  });

  it.each([
    ['a constraint violation', serverError(2627, primaryKey('PK_Commands', 'Commands'))],
    ['a rejected login', driverError('ELOGIN')],
    ['a closed pool', driverError('ENOTOPEN')],
    ['a programming error', new TypeError('no')],
  ])('is not %s', (_, error) => {
    expect(isTransient(error)).toBe(false);
  });
});
