import { defineConfig } from 'vitest/config';

/** The test's cost is in its suffix: `.unit.spec`, `.int.spec` (real SDKs against the stand-ins), `.e2e.spec` (the whole system). */
export default defineConfig({
  test: {
    include: ['test/**/*.spec.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most files wait for processes and timers, not for a core.
    maxWorkers: 3,
  },
});
