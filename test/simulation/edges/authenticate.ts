import { createAuthenticate } from '../../../src/shared/auth/authenticate.ts';
import type { World } from '../kernel/world.ts';

/** Verifies tokens as the apps do, outside of the simulated time: their signatures are verified in another thread. */
export const simulatedAuthenticate =
  (world: World): typeof createAuthenticate =>
  (...options) => {
    const authenticate = createAuthenticate(...options);
    return (authorization) => world.outside(authenticate(authorization));
  };
