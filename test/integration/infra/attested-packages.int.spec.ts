import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fakeCommands } from '../../support/infra/fake-commands.ts';
import { ROOT } from '../../support/infra/snapshots.ts';

const COMMIT = 'a'.repeat(40);

/** The state of GitHub when the script runs. */
interface GitHub {
  readonly isOnMain?: boolean;
  /** The CI run that built the commit; empty when there is none. */
  readonly run?: string;
  /** The package without a valid attestation. */
  readonly forged?: string;
}

async function getPackages({ isOnMain = true, run = '17', forged = 'none' }: GitHub = {}, commit = COMMIT) {
  const fakes = await fakeCommands({
    git: [['*merge-base*', isOnMain ? 'true' : 'exit 1']],
    gh: [
      ['"run list"*', `echo "${run}"`],
      ['"run download"*', 'true'],
      [`"attestation verify"*/${forged}.zip*`, 'echo "no attestation" >&2; exit 1'],
      ['"attestation verify"*', 'true'],
    ],
  });
  try {
    const env = {
      ...process.env,
      PATH: `${fakes.folder}:${process.env.PATH}`,
      GITHUB_REPOSITORY: 'shop/orders',
      GITHUB_SHA: 'b'.repeat(40),
    };
    const { code, stderr } = await promisify(execFile)(
      join(ROOT, 'infra/deploy/attested-packages.sh'),
      [commit, 'packages'],
      { env },
    )
      .then((output) => ({ code: 0, ...output }))
      .catch((error: { code: number; stderr: string }) => error);
    return { code, output: stderr, calls: await fakes.calls() };
  } finally {
    await fakes.remove();
  }
}

describe('the packages of a deployment by GitHub', () => {
  it('are those of the run of CI that has built the commit of main', async () => {
    const { code, calls } = await getPackages();

    expect(code).toBe(0);
    expect(calls[0]).toMatch(new RegExp(`^git -C \\S+ merge-base --is-ancestor ${COMMIT} b{40}$`));
    expect(calls[1]).toContain(
      `run list --repo shop/orders --workflow ci.yml --branch main --event push --commit ${COMMIT} --status success`,
    );
    expect(calls[2]).toBe('gh run download 17 --repo shop/orders --name packages --dir packages');
  });

  it('are each verified: the workflow, the branch, the commit, and a runner of GitHub', async () => {
    const { calls } = await getPackages();

    expect(calls.slice(3)).toEqual(
      ['commands', 'sync', 'queries'].map(
        (app) =>
          `gh attestation verify packages/${app}.zip --repo shop/orders --signer-workflow shop/orders/.github/workflows/ci.yml --source-ref refs/heads/main --source-digest ${COMMIT} --deny-self-hosted-runners`,
      ),
    );
  });

  it.each(['commands', 'sync', 'queries'])('are refused when %s.zip has no attestation', async (forged) => {
    expect(await getPackages({ forged })).toMatchObject({
      code: 1,
      output: expect.stringContaining(`${forged}.zip was not built by CI from ${COMMIT}`),
    });
  });

  it('are refused when the commit is not one of main', async () => {
    const { code, calls, output } = await getPackages({ isOnMain: false });

    expect([code, calls.length]).toEqual([1, 1]);
    expect(output).toContain('is not a commit of main');
  });

  it('are refused when CI has not succeeded', async () => {
    expect(await getPackages({ run: '' })).toMatchObject({
      code: 1,
      output: expect.stringContaining('CI has not succeeded'),
    });
  });

  it.each(['', 'main', 'abc123', `${COMMIT}0`, '--help', '17'])('are not found by "%s"', async (commit) => {
    const { code, calls, output } = await getPackages({}, commit);

    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(output).toContain('is not a commit');
  });
});
