import { Booster } from '@boostercloud/framework-core';

// The local provider calls these by name.
export {
  Booster,
  boosterEventDispatcher,
  boosterHealth,
  boosterNotifySubscribers,
  boosterRocketDispatcher,
  boosterServeGraphQL,
  boosterTriggerScheduledCommands,
} from '@boostercloud/framework-core';

Booster.start(__dirname);
