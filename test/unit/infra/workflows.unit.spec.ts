import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BICEP_VERSION } from '../../../scripts/infra-check/compiler.ts';
import { FILES, ROOT, SNAPSHOTS } from '../../support/infra/snapshots.ts';

const FOLDER = join(ROOT, '.github/workflows');
const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const job = z.object({
  'timeout-minutes': z.number(),
  if: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  environment: z.string().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  steps: z.array(step).min(1),
});
const workflow = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({ contents: z.literal('read') }),
  jobs: z.record(z.string(), job),
});
const ci = z.object({ concurrency: z.record(z.string(), z.string()) });
const WORKFLOWS = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);
const workflowOf = (file: string) => workflow.parse(parse(readFileSync(join(FOLDER, file), 'utf8')));
const JOBS = WORKFLOWS.flatMap(([file, text]) =>
  Object.entries(workflow.parse(parse(text)).jobs).map(([name, found]) => [`${file}: ${name}`, found] as const),
);

/** All jobs with a right beyond reading the repository. */
const RIGHTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ci.yml: attest': { attestations: 'write', contents: 'read', 'id-token': 'write' },
  'ci.yml: what-if': { contents: 'read', 'id-token': 'write' },
  'codeql.yml: analyze': { contents: 'read', 'security-events': 'write' },
  'deploy.yml: deploy': { actions: 'read', attestations: 'read', contents: 'read', 'id-token': 'write' },
};

describe('ci.yml', () => {
  it('cancels no run of a commit of main, not even one that waits: each has a group of its own', () => {
    const { concurrency } = ci.parse(parse(readFileSync(join(FOLDER, 'ci.yml'), 'utf8')));
    expect(concurrency).toEqual({
      group: `ci-\${{ github.ref == 'refs/heads/main' && github.sha || github.ref }}`,
      'cancel-in-progress': `\${{ github.ref != 'refs/heads/main' }}`,
    });
  });
});

describe.each(WORKFLOWS)('the workflow %s', (_, text) => {
  const steps = Object.values(workflow.parse(parse(text)).jobs).flatMap((one) => one.steps);

  it('may only read the repository, and every job ends in time', () => {
    expect(() => workflow.parse(parse(text))).not.toThrow();
  });

  it('has steps that either use an action or run a command', () => {
    expect(steps.filter(({ uses, run }) => (uses === undefined) === (run === undefined))).toEqual([]);
  });

  it('pins every action to a commit, and says which version it is', () => {
    const lines = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    expect(lines.filter((line) => !/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it('installs packages without running their scripts', () => {
    const installs = steps.flatMap(({ run }) => (/\bnpm (ci|i|install)\b/.test(run ?? '') ? (run ?? '') : []));
    expect(installs.filter((run) => !run.includes('--ignore-scripts'))).toEqual([]);
  });

  it('leaves no token of the repository in its folder', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((one) => one.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('puts no expression into a command, where it could be one', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  it('is not triggered by pull requests with the rights of main', () => {
    expect(text).not.toMatch(/pull_request_target|workflow_run/);
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

describe('the rights of the jobs', () => {
  it('are those that each needs, and no more', () => {
    const beyondReading = JOBS.filter(([, { permissions }]) => permissions !== undefined);
    expect(Object.fromEntries(beyondReading.map(([name, { permissions }]) => [name, permissions]))).toEqual(RIGHTS);
  });

  it.each(JOBS)('do not let %s build where it can sign in or sign', (_name, { permissions, steps }) => {
    const builds = steps.filter(({ run }) => /npm (test|run)\b/.test(run ?? ''));
    if (permissions?.['id-token'] !== undefined) expect(builds).toEqual([]);
  });
});

describe('the packages', () => {
  const { jobs } = workflowOf('ci.yml');

  it('are attested by a job that runs no code of the repository, for commits of main alone', () => {
    const { attest } = jobs;
    expect(attest?.if).toBe("github.event_name == 'push' && github.ref == 'refs/heads/main'");
    expect(attest?.needs).toBe('package');
    expect(attest?.steps.map(({ uses }) => uses?.split('@')[0])).toEqual([
      'actions/download-artifact',
      'actions/attest-build-provenance',
    ]);
  });

  it('come with a list of what is in them', () => {
    expect(jobs.package?.steps.flatMap(({ run }) => run ?? []).join('\n')).toContain(
      'npm sbom --sbom-format cyclonedx --omit dev --workspaces=false',
    );
  });

  it('are deployed from main, as CI has built and attested them', () => {
    const { deploy } = workflowOf('deploy.yml').jobs;
    const commands = deploy?.steps.flatMap(({ run }) => run ?? []) ?? [];
    const [verify, publish] = ['attested-packages.sh', 'infra/deploy.sh --'].map((text) =>
      commands.findIndex((run) => run.includes(text)),
    );

    expect(deploy?.if).toBe("github.ref == 'refs/heads/main'");
    expect(deploy?.environment).toContain('inputs.environment');
    expect(verify).toBeGreaterThanOrEqual(0);
    expect(publish).toBeGreaterThan(verify ?? 0);
    expect(commands[publish ?? 0]).toContain('--packages "$PWD/packages"');
  });

  it('are named by an environment and a commit, never by a run', () => {
    const { on } = workflowOf('deploy.yml');
    const dispatch = z.object({ inputs: z.record(z.string(), z.unknown()) }).parse(on.workflow_dispatch);
    expect(Object.keys(dispatch.inputs)).toEqual(['environment', 'commit']);
  });
});

describe('what a pull request may ask Azure', () => {
  const role = z
    .object({ Actions: z.array(z.string()), DataActions: z.array(z.string()) })
    .parse(JSON.parse(readFileSync(join(ROOT, 'infra/what-if-role.json'), 'utf8')));

  it('waits for a reviewer of an environment, and for branches of this repository alone', () => {
    const job = workflowOf('ci.yml').jobs['what-if'];
    expect(job?.environment).toBe('what-if');
    expect(job?.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  });

  it('is asked with the settings of a deployment, so that only changes of the template show', () => {
    const asked = workflowOf('ci.yml').jobs['what-if']?.env ?? {};
    const deployed = workflowOf('deploy.yml').jobs.deploy?.env ?? {};
    const read = FILES.get('infra/dev.bicepparam')?.matchAll(/readEnvironmentVariable\('(\w+)'/g) ?? [];
    // deploy.sh sets the kind of the master key to what the system has.
    const names = [...read].flatMap(([, name]) => (name === undefined || name === 'MASTER_KEY_KIND' ? [] : [name]));

    expect(Object.keys(asked).sort()).toEqual(names.sort());
    for (const [name, value] of Object.entries(asked))
      expect(value, name).toBe(deployed[name]?.replace(`\${{ github.ref_name }}`, 'main'));
  });

  it('is what would change, by reading the resources of the template and nothing else', () => {
    const types = new Set(SNAPSHOTS.flatMap(([, { resources }]) => resources.map(({ type }) => type)));
    const ofTheGroup = [...types].filter((type) => !type.startsWith('Microsoft.Security/')).sort();

    expect(role.DataActions).toEqual([]);
    expect(role.Actions).toEqual([
      'Microsoft.Resources/*/read',
      'Microsoft.Resources/deployments/validate/action',
      'Microsoft.Resources/deployments/whatIf/action',
      ...ofTheGroup.map((type) => `${type}/read`),
    ]);
  });
});

describe('the rules of main', () => {
  const guide = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
  const [, required = ''] = /the checks (.*?) passed/s.exec(guide) ?? [];
  const checks = [...required.matchAll(/`(.+?)`/g)].flatMap(([, name]) => name ?? []);

  it('require checks that there are, by the names that GitHub gives them', () => {
    const { strategy } = z
      .object({ strategy: z.object({ matrix: z.object({ language: z.array(z.string()) }) }) })
      .parse(parse(readFileSync(join(FOLDER, 'codeql.yml'), 'utf8')).jobs.analyze);

    expect(checks).toEqual(['passed', ...strategy.matrix.language.map((language) => `analyze (${language})`)]);
  });

  it('require a job that fails unless all jobs of a pull request have succeeded', () => {
    const { passed, ...others } = workflowOf('ci.yml').jobs;
    const always = Object.entries(others).flatMap(([name, one]) => (one.if === undefined ? name : []));

    expect(passed?.if).toBe('always()');
    expect(passed?.needs).toEqual(always);
    expect(passed?.steps.map(({ run }) => run)).toEqual([
      `test "$RESULTS" = '${always.map(() => 'success').join(' ')}'`,
    ]);
  });

  it('require an approval of the owners of what deploys, and of the lock files', () => {
    const owned = readFileSync(join(ROOT, '.github/CODEOWNERS'), 'utf8').match(/^[^#\s]+(?= @)/gm);

    expect(owned).toEqual(['/.github/', '/infra/', 'package-lock.json']);
    expect(guide).toContain('approval by code owners for `.github/`, `infra/` and\n  `package-lock.json`');
  });
});

describe('the updater', () => {
  const { updates } = z
    .object({
      updates: z.array(
        z.object({
          'package-ecosystem': z.string(),
          directory: z.literal('/').optional(),
          directories: z.array(z.string()).optional(),
        }),
      ),
    })
    .parse(parse(readFileSync(join(ROOT, '.github/dependabot.yml'), 'utf8')));

  it('keeps pinned actions and packages up to date', () => {
    expect(updates.map((one) => one['package-ecosystem'])).toEqual(['github-actions', 'npm']);
  });

  it('updates the packages of every lock file', () => {
    const locks = ['package-lock.json', ...globSync('infra/**/package-lock.json', { cwd: ROOT })];
    const folders = locks.map((path) => join('/', dirname(path)));
    expect(updates.find((one) => one['package-ecosystem'] === 'npm')?.directories).toEqual(folders);
  });
});

it('code scanning reads the code and the workflows', () => {
  expect(readFileSync(join(FOLDER, 'codeql.yml'), 'utf8')).toContain('language: [javascript-typescript, actions]');
});
