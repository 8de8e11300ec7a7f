import { OPERATIONS } from './admin.ts';
import { CLIENT_FAULTS } from './clients.ts';
import { COSMOS_FAULTS } from './edges/cosmos-client.ts';
import { PARTNER_FAULTS } from './edges/partner.ts';
import { HUB_FAULTS } from './edges/producer.ts';
import { SEARCH_FAULTS } from './edges/search.ts';
import { TIMER_FAULTS } from './edges/timers.ts';
import { TRIGGER_FAULTS } from './edges/trigger.ts';
import { VAULT_FAULTS } from './edges/vault.ts';
import { PUSH_FAULTS } from './edges/web-pubsub.ts';
import { SQL_FAULTS } from './edges/write-database.ts';
import { CALL_FAULTS } from './kernel/process.ts';
import type { FaultRates } from './kernel/world.ts';
import { SUBSCRIPTION_CHANGES } from './subscriptions.ts';

/** Every kind of fault, with its probability at each step of a run that has it. */
export const FAULTS: FaultRates = {
  ...CALL_FAULTS,
  ...SQL_FAULTS,
  ...HUB_FAULTS,
  ...TRIGGER_FAULTS,
  ...COSMOS_FAULTS,
  ...VAULT_FAULTS,
  ...PUSH_FAULTS,
  ...PARTNER_FAULTS,
  ...SEARCH_FAULTS,
  ...TIMER_FAULTS,
  ...CLIENT_FAULTS,
  ...OPERATIONS,
  ...SUBSCRIPTION_CHANGES,
};
