import { Booster } from '@boostercloud/framework-core';
import { BoosterConfig, Level } from '@boostercloud/framework-types';

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'orders';
  config.providerPackage = '@boostercloud/framework-provider-local';
  config.logLevel = Level.error;
});
