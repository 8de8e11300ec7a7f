import { type Authenticate, createAuthenticate } from '../../../src/shared/auth/authenticate.ts';
import type { World } from '../kernel/world.ts';

/**
 * Verifies tokens as the apps do, but outside of the simulated time, because another thread verifies their signatures. All processes of a
 * run share the verified tokens.
 */
export function simulatedAuthenticate(world: World): typeof createAuthenticate {
  let shared: Authenticate | undefined;
  return (config) => {
    shared ??= createAuthenticate(config, { now: () => world.time });
    const authenticate = shared;
    return (authorization) => world.outside(authenticate(authorization));
  };
}
