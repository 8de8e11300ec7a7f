import { WEBHOOKS_CONSUMER_GROUP } from '../../src/shared/event-hubs/hub.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { CONTAINERS, DEAD_LETTERS } from '../../src/shared/read-models/containers.ts';
import { orderGroup } from '../../src/shared/web-pubsub/groups.ts';
import type { Projection } from '../../src/sync/projections/projection.ts';
import { PROJECTIONS } from '../../src/sync/projections/projections.ts';
import { expectLogAndTablesToAgree, logIn, type Tables, tablesBy } from '../support/commands/tables.ts';
import { differences, toText } from '../support/projections/compare-documents.ts';
import { fold } from '../support/projections/projections.ts';
import { FOREIGN } from './admin.ts';
import { brokenPromise } from './client-invariants.ts';
import type { KnownOutcome } from './clients.ts';
import type { Cluster } from './cluster.ts';
import { brokenAgreement } from './partner-invariants.ts';
import { indexesDiffer } from './search-invariants.ts';
import type { Services } from './services.ts';
import type { Agreement } from './subscriptions.ts';
import { personalText } from './workload.ts';

/** Timers of a process at rest: one for each function of its app, one for each of its caches, and some of work in progress. */
const MAX_TIMERS = 60;
/** Unanswered calls of a process at rest: those of timers that look for work. */
const MAX_CALLS = 10;

/** Consumer groups whose functions are simulated. */
export const isConsumed = ({ hub, replayHub }: Services): boolean =>
  [...PROJECTIONS.map(({ consumerGroup }) => consumerGroup), 'push', 'webhooks'].every((group) =>
    hub.isConsumed(group),
  ) && PROJECTIONS.every(({ consumerGroup }) => replayHub.isConsumed(consumerGroup));

const UNCONFIRMED = "SELECT 1 FROM Orders WHERE Status = 'submitted'";

/** True when no order waits to be confirmed: those that are not in time expire. */
export const haveExpired = ({ sql }: Services): boolean => sql.all(UNCONFIRMED).length === 0;

const UNPUBLISHED = 'SELECT 1 FROM Events WHERE PublishedAt IS NULL';

/** True when no event waits in the outbox. */
export const isPublished = ({ sql }: Services): boolean => sql.all(UNPUBLISHED).length === 0;

/** What the apps have promised to clients and partners. */
export interface Promised {
  readonly outcomes: readonly KnownOutcome[];
  readonly agreements: readonly Agreement[];
}

/** Everything that must hold when the system is at rest. Returns what does not. */
export async function violations(
  { services, processes, release, malformedAnswers, searchGeneration }: Cluster,
  { outcomes, agreements }: Promised,
): Promise<readonly string[]> {
  const tables = await tablesBy(async (table) => services.sql.database.prepare(`SELECT * FROM ${table}`).all());
  const { masterKey } = services.vault;
  const log = await logIn(tables, masterKey);
  return [
    ...(await tablesDisagree(services, tables)),
    ...release.flatMap(({ projection }) => readModelDiffers(services, projection, log)),
    ...indexesDiffer(services, searchGeneration),
    ...outcomes.flatMap((outcome) => brokenPromise(outcome, log)),
    ...malformedAnswers,
    ...unexplainedLetters(services),
    ...(await oldKeys(services)),
    ...readableErasures(services, tables),
    ...log.flatMap((event) => notPushed(services, event)),
    ...agreements.flatMap((agreement) => brokenAgreement(agreement, services, log)),
    ...services.webPubSub.pushed
      .filter(({ isEarly }) => isEarly)
      .map(({ orderId, version }) => `Version ${version} of order ${orderId} was pushed before the order page had it.`),
    ...processes
      .filter(({ timers }) => timers > MAX_TIMERS)
      .map(({ name, timers }) => `${name} still has ${timers} timers.`),
    ...processes
      .filter(({ calls }) => calls > MAX_CALLS)
      .map(({ name, calls }) => `${name} still waits for ${calls} answers.`),
  ];
}

/** Stock, credit and money are those of the log, versions have no gaps, and each event has its command. */
async function tablesDisagree({ sql, vault }: Services, tables: Tables): Promise<readonly string[]> {
  try {
    await expectLogAndTablesToAgree(sql.store, tables, vault.masterKey);
    return [];
  } catch (error) {
    return [`The tables are not the fold of the log: ${error instanceof Error ? error.message : error}`];
  }
}

function readModelDiffers(
  { documents }: Services,
  projection: Projection<unknown>,
  log: readonly EventEnvelope[],
): readonly string[] {
  const { name } = projection.container;
  const expected = [...fold(projection, log).values()].flatMap((partition) => [...partition.values()]);
  const found = differences(documents.all(name).map(toText), expected.map(toText));
  if (found.missing.length + found.unexpected.length === 0) return [];
  return [
    `${name} is not the fold of the log.\n  missing: ${found.missing.join('\n  ')}\n  unexpected: ${found.unexpected.join('\n  ')}`,
  ];
}

/** Each change of an order is pushed at least once. */
function notPushed({ webPubSub }: Services, { aggregateType, aggregateId, version }: EventEnvelope): readonly string[] {
  if (aggregateType !== 'Order') return [];
  const group = orderGroup(aggregateId);
  const isPushed = webPubSub.pushed.some((change) => change.group === group && change.version === version);
  return isPushed ? [] : [`Version ${version} of order ${aggregateId} was not pushed.`];
}

/** Each dead letter has its cause: a defect, after which it was redriven, or a foreign message, once in each read model and once for the webhooks. */
function unexplainedLetters({ documents, hub }: Services): readonly string[] {
  const letters = documents.all(DEAD_LETTERS.name).map(({ status, reason, event, readModel }) => ({
    status: String(status),
    reason: String(reason),
    event: String(event),
    readModel: String(readModel),
  }));
  const isExplained = ({ status, reason, event }: (typeof letters)[number]) =>
    event.startsWith(FOREIGN) ? status === 'waiting' : status === 'redriven' && reason.includes('a defect');
  const unexplained = letters.filter((letter) => !isExplained(letter));
  const foreign = hub.events.filter(({ body }) => body.toString().startsWith(FOREIGN)).length;
  const consumers = [...PROJECTIONS.map(({ projection }) => projection.container.readModel), WEBHOOKS_CONSUMER_GROUP];
  const missing = consumers.filter((consumer) => {
    const kept = letters.filter(({ readModel, event }) => readModel === consumer && event.startsWith(FOREIGN));
    return kept.length !== foreign;
  });
  return [
    ...unexplained.map((letter) => `There is a dead letter without a cause: ${JSON.stringify(letter)}`),
    ...missing.map((consumer) => `${consumer} does not have one dead letter for each foreign message.`),
  ];
}

/** After a rotation of the master key, all data keys are wrapped under the newest version. */
async function oldKeys({ sql, vault }: Services): Promise<readonly string[]> {
  const masterKeyVersion = await vault.masterKey.refresh();
  const keys = await sql.store.keysNotUnder({ masterKeyVersion, limit: 100 });
  return keys.map(({ customerId, ...key }) => `A data key of ${customerId} is under ${key.masterKeyVersion}.`);
}

/** Nothing of an erased customer is in a table, a document or the hubs. */
function readableErasures({ documents, hub, replayHub, search }: Services, tables: Tables): readonly string[] {
  const erased = tables.CustomerKeys.filter(({ ErasedAt }) => ErasedAt !== null).map(({ CustomerId }) =>
    String(CustomerId),
  );
  const places: readonly (readonly [name: string, content: unknown])[] = [
    ...Object.entries(tables),
    ...CONTAINERS.map(({ name }) => [name, documents.all(name)] as const),
    ...[...search.indexes].map(([name, records]) => [`index ${name}`, [...records.values()]] as const),
    ...[hub, replayHub].map(({ name, events }) => [name, events.map(({ body }) => body.toString())] as const),
  ];
  const texts =
    erased.length === 0 ? [] : places.map(([name, content]) => [name, JSON.stringify(content).toLowerCase()] as const);
  return erased.flatMap((customerId) =>
    texts
      .filter(([, text]) => text.includes(personalText(customerId).toLowerCase()))
      .map(([name]) => `${name} still has personal data of ${customerId}, who is erased.`),
  );
}
