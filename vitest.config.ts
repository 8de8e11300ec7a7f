import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Tests of parts: they need no system of their own. */
const PARTS = 'test/{unit,contract,integration}/**/*.spec.ts';

/** The test's cost is in its suffix: `.unit.spec`, `.int.spec` (real SDKs against the stand-ins), `.e2e.spec` (the whole system), `.browser.spec` (the whole system and Chromium). */
export default defineConfig({
  test: {
    globalSetup: 'test/support/temporary-folder.ts',
    // Limits for a machine that is ten times slower. Tests wait for conditions, so they do not take longer on a fast one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 280_000, interval: 100 } },
    // Most files wait for processes and timers, not for a core. On two cores, four and six workers take longer than five.
    maxWorkers: 5,
    // One worker loads the modules once for many files. Tests keep no state that the tests of another file could notice.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'parts', include: [PARTS] } },
      {
        extends: true,
        test: { name: 'system', include: ['test/**/*.spec.ts'], exclude: [...configDefaults.exclude, PARTS] },
      },
    ],
  },
});
