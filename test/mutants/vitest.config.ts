import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const isUnit = ({ moduleId }: TestSpecification) => moduleId.includes('.unit.');

/** Unit tests first: most mutants are found by one, and commands on SQLite take longer. */
class UnitTestsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => Number(isUnit(b)) - Number(isUnit(a)));
  }
}

/** The tests that find mutants: the unit tests of the apps, the commands on SQLite, and the master keys in a vault. */
export default defineConfig({
  test: {
    include: [
      'test/unit/{commands,queries,shared,sync}/**/*.spec.ts',
      'test/contract/command-bus-sqlite.int.spec.ts',
      'test/integration/{key-vault,vault-master-key}.int.spec.ts',
    ],
    sequence: { sequencer: UnitTestsFirst },
    setupFiles: ['test/mutants/setup.ts'],
    testTimeout: 120_000,
  },
});
