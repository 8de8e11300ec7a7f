import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BICEP_VERSION } from '../../../scripts/infra-check/compiler.ts';
import { ROOT } from '../../support/infra/snapshots.ts';

const FOLDER = join(ROOT, '.github/workflows');
const step = z.object({ uses: z.string().optional(), run: z.string().optional() });
const workflow = z.object({
  name: z.string(),
  permissions: z.object({ contents: z.literal('read') }),
  jobs: z.record(z.string(), z.object({ 'timeout-minutes': z.number(), steps: z.array(step).min(1) })),
});
const WORKFLOWS = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);

describe.each(WORKFLOWS)('the workflow %s', (_, text) => {
  const steps = Object.values(workflow.parse(parse(text)).jobs).flatMap((job) => job.steps);

  it('may only read the repository, and every job ends in time', () => {
    expect(() => workflow.parse(parse(text))).not.toThrow();
  });

  it('has steps that either use an action in a version or run a command', () => {
    expect(steps.filter(({ uses, run }) => (uses === undefined) === (run === undefined))).toEqual([]);
    expect(steps.filter(({ uses }) => uses !== undefined && !/@v\d+$/.test(uses))).toEqual([]);
  });

  it('deploys with the version of Bicep that the template is checked with', () => {
    const commands = steps.flatMap(({ run }) => run ?? []);
    const installs = commands.filter((run) => run.startsWith('az bicep install'));

    expect(installs).toEqual(
      commands.some((run) => run.includes('infra/deploy.sh --'))
        ? [`az bicep install --version v${BICEP_VERSION}`]
        : [],
    );
  });
});
