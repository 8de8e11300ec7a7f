import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKSUMS, changedFiles, checksumsOf, UPDATE } from '../../../scripts/infra-check/checksums.ts';
import { SETTINGS } from '../../../scripts/infra-check/snapshot-settings.ts';
import { filesOf, ROOT, SNAPSHOTS } from '../../support/infra/snapshots.ts';

describe('the snapshots of the template', () => {
  it('are newer than every file that they follow from', async () => {
    const changed = changedFiles(readFileSync(join(ROOT, CHECKSUMS), 'utf8'), await checksumsOf(ROOT));

    expect(changed, `run "${UPDATE}", which needs Bicep or the .NET SDK; these files have changed`).toEqual([]);
  });

  it.each(SNAPSHOTS)('leave nothing out (%s)', (_, { diagnostics, resources }) => {
    expect(diagnostics).toEqual([]);
    expect(resources.length).toBeGreaterThan(200);
  });

  it.each(filesOf('.bicepparam'))('have a value for every setting that %s reads', (_, text) => {
    const read = [...text.matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name = '']) => name);

    expect(read.filter((name) => SETTINGS[name] === undefined)).toEqual([]);
  });
});

describe('the checksums of the snapshots', () => {
  const recorded = 'aa  infra/main.bicep\nbb  infra/old.bicep\n';

  it.each([
    ['is the same', recorded, []],
    ['has changed', 'cc  infra/main.bicep\nbb  infra/old.bicep\n', ['infra/main.bicep']],
    ['is new', `${recorded}dd  infra/new.bicep\n`, ['infra/new.bicep']],
    ['is gone', 'aa  infra/main.bicep\n', ['infra/old.bicep']],
  ])('tell when a file %s', (_, actual, expected) => {
    expect(changedFiles(recorded, actual)).toEqual(expected);
  });
});
