import type { PlantedFault } from '../campaign/planted-fault.ts';

/** Faults that the simulation must find. Each is one that a change of the code could bring. */
export const PLANTED: readonly PlantedFault[] = [
  {
    name: 'An event is marked as published although the hub has not acknowledged it',
    file: 'src/commands/outbox/publish-after-commit.ts',
    search: "if (outcome !== 'sent') return;",
    replacement: '',
  },
  {
    name: 'A failed send counts as sent',
    file: 'src/shared/event-hubs/partition-sender.ts',
    search: "const outcome = isRefusal(error) ? 'refused' : 'failed';",
    replacement: "const outcome: SendOutcome = isRefusal(error) ? 'refused' : 'sent';",
  },
  {
    name: 'The checkpoint is written before the batch is done',
    file: 'src/sync/projector/event-hub-function.ts',
    search: 'await handle(receiveBatch(bodies, context, isWanted), context);',
    replacement: 'handle(receiveBatch(bodies, context, isWanted), context).catch(() => undefined);',
  },
  {
    name: 'A batch that fails is not retried',
    file: 'src/sync/projector/event-hub-function.ts',
    search: 'throw withoutStack(error);',
    replacement: 'return;',
  },
  {
    name: 'The ETag check of a write is dropped',
    file: 'src/sync/projector/document-operations.ts',
    search: ', ifMatch: stored.etag };',
    replacement: ' };',
  },
  {
    name: 'A new document replaces one that another process has created meanwhile',
    file: 'src/sync/projector/document-operations.ts',
    search: "return { operationType: 'Create', partitionKey, resourceBody };",
    replacement: "return { operationType: 'Upsert', partitionKey, resourceBody };",
  },
  {
    name: 'Events are not projected again after an ETag conflict',
    file: 'src/sync/projector/project-groups.ts',
    search: "if (outcomes[index] === 'conflict') again.add(group);",
    replacement: 'void [index, group];',
  },
  {
    name: 'A document is written apart from the sum that counts it, instead of in one batch',
    file: 'src/sync/projector/cosmos-document-store.ts',
    search: '&& !writes[index]?.independent;',
    replacement: '&& false;',
  },
  {
    name: 'A new order does not check whether its customer has changed meanwhile',
    file: 'src/sync/projector/project-groups.ts',
    search: 'if (companions.size === 0) return [];',
    replacement: 'return [];',
  },
  {
    name: 'An older version of an event replaces a newer one',
    file: 'src/shared/read-models/stamp.ts',
    search: 'event.version > held.version',
    replacement: 'event.version !== held.version',
  },
  {
    name: 'A command is retried with a new id',
    file: 'src/commands/pipeline/handle-command.ts',
    search: 'const commandId = commandKey(envelope);',
    replacement: 'const commandId = eventId;',
  },
  {
    name: 'A command is answered as accepted although another one won the race',
    file: 'src/commands/pipeline/handle-command.ts',
    search: "if (committed.outcome !== 'committed') return committed;",
    replacement: "if (committed.outcome === 'duplicate') return committed;",
  },
  {
    name: 'A commit that lost a race in the database counts as committed',
    file: 'src/commands/write-store/sqlite/commit-errors.ts',
    search: "if (error instanceof StaleVersion) return { outcome: 'conflict' };",
    replacement: "if (error instanceof StaleVersion) return { outcome: 'committed' };",
  },
  {
    name: 'An event counts as undecodable while the keys of customers cannot be read',
    file: 'src/sync/projector/projector.ts',
    search: "throw new TransientFault('The data keys of customers cannot be read.', { cause });",
    replacement: "return Object.assign(() => 'unknown' as const, { cause });",
  },
  {
    name: 'A change that could not be pushed is forgotten',
    file: 'src/sync/push/push-changes.ts',
    search: 'await Promise.all(sent).catch(failed);',
    replacement: 'await Promise.all(sent).catch(() => undefined);',
  },
  {
    name: 'The time of a late event is ignored when clocks differ',
    file: 'src/shared/read-models/later-of.ts',
    search: 'const lastUpdated = laterOf(document.lastUpdated, time);',
    replacement: 'const lastUpdated = document.lastUpdated;',
  },
  {
    name: 'A replay ends one event early',
    file: 'src/sync/replay/resume-replay.ts',
    search: 'events.map((event) => publisher.send(',
    replacement: 'events.slice(0, -1).map((event) => publisher.send(',
  },
  {
    name: 'A replay ends after its first page of the log',
    file: 'src/sync/replay/resume-replay.ts',
    search: 'if (page.next !== undefined) return {',
    replacement: 'if (page.next !== undefined && replay.cursor !== null) return {',
  },
  {
    name: 'A read does not insist on the version that the client asks for',
    file: 'src/queries/orders/min-version.ts',
    search: 'if (isCurrent(later)) return later;',
    replacement: 'if (later !== undefined) return later;',
  },
  {
    name: 'A replay that rebuilds an older version of a document leaves it as it is',
    file: 'src/shared/read-models/stamp.ts',
    search: '(held.projectionVersion ?? 0) < projectionVersion',
    replacement: 'false',
  },
  {
    name: 'A redriven dead letter is not projected',
    file: 'src/sync/dead-letters/redrive.ts',
    search: 'const { poison } = await project([{ body: fromStoredEvent(event), partitionId, sequenceNumber }]);',
    replacement: 'const poison: readonly { readonly reason: string }[] = [];',
  },
  {
    name: 'Only the current data keys are wrapped again after a rotation of the master key',
    file: 'src/commands/write-store/sqlite/customer-keys.ts',
    search:
      "const rewraps = [database.prepare(rewrapIn('CustomerKeys')), database.prepare(rewrapIn('RetiredCustomerKeys'))];",
    replacement: "const rewraps = [database.prepare(rewrapIn('CustomerKeys'))];",
  },
  {
    name: 'A change is pushed before the order page has it',
    file: 'src/sync/push/push-changes.ts',
    search: 'await waitForOrderPages(events, orderPages);',
    replacement: 'void waitForOrderPages; void orderPages;',
  },
  {
    name: 'A message that a batch has twice is queued twice in one transaction',
    file: 'src/sync/webhooks/delivery-store.ts',
    search: 'batchesOf(distinct(deliveries))',
    replacement: 'batchesOf(deliveries)',
  },
  {
    name: 'A message counts as delivered although the partner has refused it',
    file: 'src/sync/webhooks/deliver.ts',
    search: "if (outcome.kind === 'delivered') return",
    replacement: 'if (attempts > 0) return',
  },
];
