import { SEED_COMMANDS, seed } from '../../../local/seed.ts';
import settings from '../../../local.settings.json' with { type: 'json' };
import { createCommandsApp } from '../../../src/commands/app.ts';
import { commandsConfig } from '../../../src/shared/config.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import type { TestSystem } from '../system/system.ts';

/** Seeds the customers and products that `npm start` seeds, to which the examples of the documentation refer. */
export async function seedSystem({ azure }: TestSystem): Promise<void> {
  const config = commandsConfig({ ...settings.Values, ...azure.settings });
  const app = createCommandsApp(config, SEED_COMMANDS, systemRuntime);
  await seed((await app.services()).bus);
  await app.close();
}
