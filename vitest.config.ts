import { defineConfig } from 'vitest/config';

/** The test's cost is in its suffix: `.unit.spec`, `.int.spec` (real SDKs against the stand-ins), `.e2e.spec` (the whole system), `.browser.spec` (the whole system and Chromium). */
export default defineConfig({
  test: {
    include: ['test/**/*.spec.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // Most files wait for processes and timers, not for a core.
    maxWorkers: 3,
  },
});
