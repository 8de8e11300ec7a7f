import { type Authenticate, createAuthenticate } from '../../../src/shared/auth/authenticate.ts';
import type { World } from '../kernel/world.ts';

/**
 * Verifies tokens as the apps do, outside of the simulated time: their signatures are verified in another thread. All processes of a run
 * share the tokens that were verified.
 */
export function simulatedAuthenticate(world: World): typeof createAuthenticate {
  let shared: Authenticate | undefined;
  return (config) => {
    shared ??= createAuthenticate(config, { now: () => world.time });
    const authenticate = shared;
    return (authorization) => world.outside(authenticate(authorization));
  };
}
