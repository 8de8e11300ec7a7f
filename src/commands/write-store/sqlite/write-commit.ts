import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../../../shared/runtime.ts';
import { toInteger } from '../rows.ts';
import type { CommandCommit, OrderRow } from '../write-store.ts';
import { TakenDiscontinued, TooManyDrafts } from './commit-errors.ts';
import { prepareKeyChange } from './customer-keys.ts';
import { OPEN_DRAFTS } from './load-rows.ts';
import { prepareSave, prepareSaveRows, type Row } from './save-rows.ts';

const COMMAND = `
  INSERT INTO Commands (CommandId, CommandType, PayloadHash, AcceptedAt, AggregateType, AggregateId, Version)
  VALUES (:commandId, :commandType, :payloadHash, :acceptedAt, :aggregateType, :aggregateId, :version)`;

/** RecordedAt is never earlier than that of the version before, even after the clock was set back: the outbox is drained by this time. */
const EVENT = `
  INSERT INTO Events (EventId, AggregateType, AggregateId, Version, RecordedAt, Body)
  VALUES (:eventId, :aggregateType, :aggregateId, :version, max(:now, coalesce((
    SELECT RecordedAt FROM Events
    WHERE AggregateType = :aggregateType AND AggregateId = :aggregateId AND Version = :version - 1), 0)), :body)`;

const INSERT_ORDER = `
  INSERT INTO Orders (OrderId, CustomerId, Status, Currency, Total, ShippingStreet, ShippingCity, ShippingState,
    ShippingZip, ShippingCountry, PlacedAt, ConfirmedAt, Carrier, TrackingNumber, ShippedAt, DeliveredAt, Version,
    LastLine)
  VALUES (:orderId, :customerId, :status, :currency, :total, :street, :city, :state, :zip, :country, :placedAt,
    :confirmedAt, :carrier, :trackingNumber, :shippedAt, :deliveredAt, :version, :lastLine)`;

const REPLACE_ORDER = `
  UPDATE Orders
  SET CustomerId = :customerId, Status = :status, Currency = :currency, Total = :total, ShippingStreet = :street,
    ShippingCity = :city, ShippingState = :state, ShippingZip = :zip, ShippingCountry = :country, PlacedAt = :placedAt,
    ConfirmedAt = :confirmedAt, Carrier = :carrier, TrackingNumber = :trackingNumber, ShippedAt = :shippedAt,
    DeliveredAt = :deliveredAt, Version = :version, LastLine = :lastLine
  WHERE OrderId = :orderId AND Version = :previous`;

/** Unchanged lines are not rewritten, because most commands change only an order's status. */
const DELETE_CHANGED_ITEMS = `
  DELETE FROM OrderItems
  WHERE OrderId = :orderId AND (Line, ProductId, Quantity, Price) NOT IN (
    SELECT value ->> 'line', value ->> 'productId', value ->> 'quantity', value ->> 'price' FROM json_each(:items))`;

const INSERT_MISSING_ITEMS = `
  INSERT INTO OrderItems (OrderId, Line, ProductId, Quantity, Price)
  SELECT :orderId, value ->> 'line', value ->> 'productId', value ->> 'quantity', value ->> 'price'
  FROM json_each(:items)
  WHERE value ->> 'line' NOT IN (SELECT Line FROM OrderItems WHERE OrderId = :orderId)`;

const MOVE_STOCK = `
  UPDATE Products SET Available = Available + (moved.value ->> 'delta')
  FROM json_each(:stock) AS moved WHERE Products.ProductId = moved.value ->> 'productId'`;

const TAKEN_DISCONTINUED = `
  SELECT 1 FROM json_each(:stock) AS moved JOIN Products ON Products.ProductId = moved.value ->> 'productId'
  WHERE Discontinued = 1 AND moved.value ->> 'delta' < 0 LIMIT 1`;

const MOVE_CREDIT = 'UPDATE Customers SET CreditUsed = CreditUsed + :delta WHERE CustomerId = :customerId';

const REFUSED =
  'SELECT 1 FROM RefusedEvents WHERE AggregateType = :aggregateType AND AggregateId = :aggregateId LIMIT 1';

/**
 * Prepares the statements of a commit. The caller manages the transaction. The statements run in order of the precedence of their
 * constraints: the command's own record, the versions, the customer's data key, then stock, credit, discontinued products and drafts. Returns whether the hub
 * has refused an earlier event of the aggregate. Throws errors that `toCommitOutcome` maps.
 */
export function prepareCommit(
  database: DatabaseSync,
  clock: Pick<Clock, 'now'>,
): (commit: CommandCommit) => { readonly held: boolean } {
  const record = prepareRecord(database, clock);
  const changeKeys = prepareKeyChange(database, clock);
  const saveRows = prepareSaveRows(database);
  const saveOrder = prepareSaveOrder(database);
  const changeReservations = prepareReservations(database);
  const checkDiscontinued = prepareCheckDiscontinued(database);
  const checkDrafts = prepareCheckDrafts(database);
  const refused = database.prepare(REFUSED);

  return (commit) => {
    const { command, events, order, maxOpenDrafts } = commit;
    record(command, events);
    changeKeys(commit);
    const previous = command.result.version - events.length;
    saveRows(commit, previous);
    if (order !== undefined) saveOrder(order, previous);
    changeReservations(commit);
    if (order !== undefined) checkDiscontinued(commit);
    if (order !== undefined && maxOpenDrafts !== undefined) checkDrafts(order, maxOpenDrafts);
    const { aggregateType, aggregateId } = command.result;
    return { held: refused.get({ aggregateType, aggregateId }) !== undefined };
  };
}

/** Inserts the command's own record and its events. */
function prepareRecord(database: DatabaseSync, { now }: Pick<Clock, 'now'>) {
  const insertCommand = database.prepare(COMMAND);
  const insertEvent = database.prepare(EVENT);
  return ({ result, ...record }: CommandCommit['command'], events: CommandCommit['events']): void => {
    insertCommand.run({ ...record, ...result });
    for (const event of events) insertEvent.run({ ...event, now: now() });
  };
}

function prepareSaveOrder(database: DatabaseSync): (order: OrderRow, previous: number) => void {
  const save = prepareSave(database, INSERT_ORDER, REPLACE_ORDER);
  const deleteChanged = database.prepare(DELETE_CHANGED_ITEMS);
  const insertMissing = database.prepare(INSERT_MISSING_ITEMS);
  return (order, previous) => {
    save(orderHeadRow(order), previous);
    const lines = { orderId: order.orderId, items: JSON.stringify(order.items) };
    if (previous > 0) deleteChanged.run(lines);
    insertMissing.run(lines);
  };
}

function prepareReservations(database: DatabaseSync): (commit: Pick<CommandCommit, 'stock' | 'credit'>) => void {
  const moveStock = database.prepare(MOVE_STOCK);
  const moveCredit = database.prepare(MOVE_CREDIT);
  return ({ stock, credit }) => {
    if (stock.length > 0) expectChanges(moveStock, { stock: JSON.stringify(stock) }, stock.length);
    if (credit !== undefined) expectChanges(moveCredit, { ...credit }, 1);
  };
}

/** Only orders are checked: a stocktake may remove units of a discontinued product. */
function prepareCheckDiscontinued(database: DatabaseSync): (commit: Pick<CommandCommit, 'stock'>) => void {
  const find = database.prepare(TAKEN_DISCONTINUED);
  return ({ stock }) => {
    if (stock.length > 0 && find.get({ stock: JSON.stringify(stock) }) !== undefined) throw new TakenDiscontinued();
  };
}

/** Exact, because SQLite has one writer at a time. */
function prepareCheckDrafts(database: DatabaseSync): (draft: OrderRow, max: number) => void {
  const count = database.prepare(OPEN_DRAFTS);
  return ({ customerId }, max) => {
    const counted = count.get({ customerId, atMost: max + 1 });
    if (toInteger(counted?.openDrafts) > max) throw new TooManyDrafts();
  };
}

/** A delta for a missing row is a fault, because the command was decided on existing rows. */
function expectChanges(statement: StatementSync, row: Row, expected: number): void {
  const { changes } = statement.run(row);
  if (changes === expected) return;
  throw new Error(
    `A commit changes stock or credit in ${expected} rows, but only ${changes} exist: ${JSON.stringify(row)}`,
  );
}

function orderHeadRow({ items: _, shippingAddress, tracking, ...head }: OrderRow): Row {
  const { country = null, ...address } = shippingAddress ?? NO_ADDRESS;
  const { deliveredAt = null, ...shipping } = tracking ?? NO_TRACKING;
  return { ...address, country, ...shipping, deliveredAt, ...head };
}

const NO_ADDRESS = { street: null, city: null, state: null, zip: null, country: null };
const NO_TRACKING = { carrier: null, trackingNumber: null, shippedAt: null, deliveredAt: null };
