import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Commands that stand in for real ones on the PATH: they write down how they were called, and answer as told. */
export interface FakeCommands {
  /** What to put first on the PATH. */
  readonly folder: string;
  /** Every call so far, as one line: `az group exists --name orders`. */
  calls(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** What a fake does: the first script whose pattern (of a shell's `case`) fits the words of the call is run, by bash. */
export type Answers = readonly (readonly [pattern: string, script: string])[];

/** Makes fakes by name. A call that no pattern fits fails with 99. */
export async function fakeCommands(answers: Readonly<Record<string, Answers>>): Promise<FakeCommands> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-commands-'));
  const log = join(folder, 'calls.log');
  await writeFile(log, '');
  for (const [name, cases] of Object.entries(answers)) {
    const text = `#!/usr/bin/env bash
printf '%s\\n' "${name} $*" >>'${log}'
case "$*" in
${cases.map(([pattern, script]) => `${pattern}) ${script} ;;`).join('\n')}
*) echo "${name}: no answer to: $*" >&2; exit 99 ;;
esac
`;
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  return {
    folder,
    calls: async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== ''),
    remove: () => rm(folder, { recursive: true }),
  };
}
