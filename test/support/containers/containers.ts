/** The official containers of compose.yaml, where the environment names them; everywhere else suites run against the stand-ins. */
import { TestRunner } from 'vitest';

/** Connection string of the Event Hubs emulator, without EntityPath. Its hubs are in test/containers/event-hubs.json. */
export const eventHubsContainer = process.env.TEST_EVENT_HUBS_CONNECTION_STRING || undefined;

/** Connection string of the Cosmos DB emulator. */
export const cosmosDbContainer = process.env.TEST_COSMOS_CONNECTION_STRING || undefined;

/** Connection string of Azurite. */
export const storageContainer = process.env.TEST_STORAGE_CONNECTION_STRING || undefined;

/** Skips the test that runs: it needs what only a stand-in can do, such as a fault. Does not return. */
export function needsStandIn(what: string): never {
  TestRunner.getCurrentTest()?.context.skip(`needs a stand-in: ${what}`);
  throw new Error(`Outside a test there is no ${what} of a container.`);
}
