import { defineConfig } from 'vitest/config';

/** The test's cost is in its suffix: `.unit.spec`, `.int.spec` (real SDKs against the stand-ins), `.e2e.spec` (the whole system), `.browser.spec` (the whole system and Chromium). */
export default defineConfig({
  test: {
    // Limits for a machine that is ten times slower. Tests wait for conditions, so they do not take longer on a fast one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    // Most files wait for processes and timers, not for a core.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        // One worker loads the modules once for many files. They keep no state that another file could notice.
        test: { name: 'parts', include: ['test/{unit,contract,integration}/**/*.spec.ts'], isolate: false },
      },
      { extends: true, test: { name: 'system', include: ['test/{e2e,faults,browser,containers}/**/*.spec.ts'] } },
    ],
  },
});
