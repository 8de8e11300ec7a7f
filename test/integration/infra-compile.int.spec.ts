import { afterEach, describe, expect, it } from 'vitest';
import { outcomeOf } from '../../scripts/infra-check/check.ts';
import { compile } from '../../scripts/infra-check/compile.ts';
import { ROOT, TEMPLATE } from '../support/infra.ts';
import { type Answers, type FakeCommands, fakeCommands } from '../support/system/fake-commands.ts';

const WARNING = `${ROOT}/infra/main.bicep(12,7) : Warning no-unused-params: Parameter "tags" is declared but never used.`;

describe('compiling the template', () => {
  let fakes: FakeCommands | undefined;
  afterEach(() => fakes?.remove());

  /** With nothing else on the PATH than these and the shell's own. */
  async function compileWith(commands: Readonly<Record<string, Answers>>) {
    fakes = await fakeCommands(commands);
    return { result: compile(ROOT, TEMPLATE, { PATH: `${fakes.folder}:/usr/bin:/bin` }), calls: await fakes.calls() };
  }

  it('compiles every file, with bicep where that is there', async () => {
    const { result, calls } = await compileWith({ bicep: [['*', 'true']] });
    const files = [...TEMPLATE.files.keys(), ...TEMPLATE.parameterFiles.map(({ path }) => path)];

    expect(result).toEqual({ kind: 'compiled', with: 'bicep', findings: [] });
    expect(calls.slice(1)).toEqual(
      files.map((file) => `bicep ${file.endsWith('.bicep') ? 'build' : 'build-params'} ${file} --stdout`),
    );
  });

  it('takes a warning for a finding', async () => {
    const { result } = await compileWith({
      bicep: [
        ['*main.bicep*', `echo '${WARNING}' >&2`],
        ['*', 'true'],
      ],
    });

    expect(result).toMatchObject({
      findings: [{ file: 'infra/main.bicep', line: 12, message: expect.stringContaining('no-unused-params') }],
    });
  });

  it('tells of a compiler that fails without saying where', async () => {
    const { result } = await compileWith({
      bicep: [
        ['--version', 'true'],
        ['*main.bicep*', 'echo boom >&2; exit 3'],
        ['*', 'true'],
      ],
    });

    expect(result).toMatchObject({
      findings: [{ file: 'infra/main.bicep', line: 1, message: 'bicep ended with 3: boom' }],
    });
  });

  it('gives parameter files what they read from the environment', async () => {
    const { result } = await compileWith({
      bicep: [
        ['build-params*', 'test -n "$AUTH_AUDIENCE"'],
        ['*', 'true'],
      ],
    });

    expect(result).toMatchObject({ findings: [] });
  });

  it('uses the Azure CLI where bicep is in it', async () => {
    const { result } = await compileWith({ bicep: [['*', 'exit 127']], az: [['*', 'true']] });

    expect(result).toMatchObject({ kind: 'compiled', with: 'az bicep' });
  });

  it('says so where there is no compiler', async () => {
    const { result } = await compileWith({ bicep: [['*', 'exit 127']], az: [['*', 'exit 127']] });

    expect(result).toEqual({ kind: 'noCompiler' });
    expect(outcomeOf(result, false)).toMatchObject({
      findings: [],
      notChecked: ['not compiled: no bicep on the PATH'],
    });
    expect(outcomeOf(result, true)).toMatchObject({ findings: [{ message: 'not compiled: no bicep on the PATH' }] });
  });
});
