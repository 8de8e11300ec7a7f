import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check } from '../../../scripts/infra-check/check.ts';
import { CHECKSUMS } from '../../../scripts/infra-check/checksums.ts';
import { BICEP_VERSION, findCompiler } from '../../../scripts/infra-check/compiler.ts';
import { SETTINGS } from '../../../scripts/infra-check/snapshot-settings.ts';
import { type Answers, type FakeCommands, fakeCommands } from '../../support/infra/fake-commands.ts';
import { ROOT } from '../../support/infra/snapshots.ts';

const VERSION = `echo "Bicep CLI version ${BICEP_VERSION} (abc)"`;
const OLDER = 'echo "Bicep CLI version 0.38.33 (abc)"';
const WARNING = 'infra/main.bicep(12,7) : Warning BCP037: The property "colour" is not allowed.';
const EXCEPTED = `infra/main.bicep(9,3) : Warning use-recent-api-versions: Use more recent API version for 'Microsoft.Insights/diagnosticSettings'.`;

let folder = '';
let fakes: FakeCommands | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infra-check-'));
});
afterEach(async () => {
  await fakes?.remove();
  await rm(folder, { recursive: true });
});

/** An environment with nothing on its PATH but these commands and what their scripts use, and no packages. */
async function environmentWith(commands: Readonly<Record<string, Answers>>): Promise<NodeJS.ProcessEnv> {
  fakes = await fakeCommands(commands);
  for (const name of ['bash', 'cp', 'mkdir']) await symlink(`/bin/${name}`, join(fakes.folder, name));
  return {
    PATH: fakes.folder,
    AZURE_CONFIG_DIR: join(folder, 'azure'),
    NUGET_PACKAGES: join(folder, 'packages'),
  };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text, { mode: 0o755 });
}

describe('finding the compiler', () => {
  const nuGet = (runtime: string) => `packages/azure.bicep.commandline.${runtime}/${BICEP_VERSION}/tools/bicep`;

  it('takes Bicep from the PATH when it has the pinned version', async () => {
    const env = await environmentWith({ bicep: [['--version', VERSION]] });

    expect(await findCompiler(env, 'linux-x64')).toEqual({ kind: 'found', path: 'bicep', from: 'the PATH' });
  });

  it('takes what the Azure CLI installed when the PATH has another version', async () => {
    const env = await environmentWith({ bicep: [['--version', OLDER]] });
    await write('azure/bin/bicep', `#!/bin/bash\n${VERSION}\n`);

    expect(await findCompiler(env, 'linux-x64')).toMatchObject({ kind: 'found', from: 'the Azure CLI' });
  });

  it('takes a package that NuGet has downloaded before, without downloading it again', async () => {
    const env = await environmentWith({ bicep: [['--version', OLDER]] });
    await write(nuGet('osx-arm64'), '');

    expect(await findCompiler(env, 'darwin-arm64')).toEqual({
      kind: 'found',
      path: join(folder, nuGet('osx-arm64')),
      from: 'NuGet',
    });
  });

  it('downloads the package of this platform where dotnet is there', async () => {
    const restore = `cp "$2/bicep.csproj" '${folder}'; mkdir -p '${join(folder, dirname(nuGet('linux-arm64')))}'; : >'${join(folder, nuGet('linux-arm64'))}'`;
    const env = await environmentWith({ dotnet: [['restore*', restore]] });

    expect(await findCompiler(env, 'linux-arm64')).toMatchObject({ kind: 'found', from: 'NuGet' });
    expect(await readFile(join(folder, 'bicep.csproj'), 'utf8')).toContain(
      `<PackageDownload Include="Azure.Bicep.CommandLine.linux-arm64" Version="[${BICEP_VERSION}]" />`,
    );
  });

  it.each([
    ['without dotnet', {}, 'linux-x64', 'NuGet: dotnet is not on the PATH'],
    [
      'when the download fails',
      { dotnet: [['*', 'echo offline; exit 1']] } as const,
      'linux-x64',
      'NuGet: dotnet restore failed: offline',
    ],
    ['on another platform', {}, 'freebsd-x64', 'NuGet: it has no compiler for this platform'],
  ])('says what it tried %s', async (_, commands, platform, reason) => {
    const env = await environmentWith({ bicep: [['--version', OLDER]], ...commands });

    expect(await findCompiler(env, platform)).toEqual({
      kind: 'notFound',
      tried: ['the PATH: Bicep 0.38.33', 'the Azure CLI: no Bicep', reason],
    });
  });

  it('fails the command with words that say what to install', async () => {
    const env = await environmentWith({});
    const { status, stderr } = spawnSync(process.execPath, ['scripts/infra-check.ts'], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    });

    expect(status).toBe(3);
    expect(stderr).toContain(`Bicep ${BICEP_VERSION} is missing`);
    expect(stderr).toContain('Install the .NET SDK');
  });
});

describe('checking the template', () => {
  const FILES = {
    'infra/main.bicep': 'param a string\n',
    'infra/dev.bicepparam': "using 'main.bicep'\n",
    'infra/prod.bicepparam': "using 'main.bicep'\n",
    'infra/bicepconfig.json': '{ "analyzers": { "core": { "rules": { "no-unused-vars": { "level": "error" } } } } }',
    'infra/dev.snapshot.json': '{ "predictedResources": [], "outputs": {} }',
    'infra/prod.snapshot.json': '{ "predictedResources": [], "outputs": {} }',
    'scripts/infra-check/compiler.ts': '',
    'scripts/infra-check/snapshot-settings.ts': '',
  };
  const FORMAT = ['format*', 'true'] as const;
  /** Formats main.bicep otherwise than it is. */
  const REFORMAT = ['format*', `echo "param b string" >"\${3%/\\*\\**}/main.bicep"`] as const;
  const SNAPSHOT = ['snapshot*', 'true'] as const;

  /** What is found in a sound project, with these answers of the compiler, and its calls. */
  async function checkWith(answers: Answers, update = false) {
    const env = await environmentWith({ bicep: answers });
    const problems = await check({ path: 'bicep', root: folder, env }, update);
    return { problems, calls: (await fakes?.calls()) ?? [] };
  }

  beforeEach(async () => {
    for (const [path, text] of Object.entries(FILES)) await write(path, text);
    await checkWith([FORMAT, SNAPSHOT], true);
    await fakes?.remove();
  });

  it('finds nothing in a sound project, and compiles each environment once', async () => {
    const { problems, calls } = await checkWith([FORMAT, SNAPSHOT]);

    expect(problems).toEqual([]);
    expect(calls.map((call) => call.split(' ').slice(0, 3).join(' ').replace(folder, ''))).toEqual([
      expect.stringMatching(/^bicep format --pattern/),
      'bicep snapshot /infra/dev.bicepparam',
      'bicep snapshot /infra/prod.bicepparam',
    ]);
  });

  it('reports a warning, once', async () => {
    const { problems } = await checkWith([FORMAT, ['snapshot*', `echo '${WARNING}' >&2`]]);

    expect(problems).toEqual([WARNING]);
  });

  it('accepts the version of diagnostic settings, which no stable one replaces', async () => {
    const { problems } = await checkWith([FORMAT, ['snapshot*', `echo "${EXCEPTED}" >&2`]]);

    expect(problems).toEqual([]);
  });

  it('asks the compiler for the rules of the template and for the newest API versions', async () => {
    const config = `while [ "$1" != --config ]; do shift; done; cp "$2" '${folder}/config.json'`;
    await checkWith([FORMAT, ['snapshot*', config]]);

    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')).analyzers.core.rules).toEqual({
      'no-unused-vars': { level: 'error' },
      'use-recent-api-versions': { level: 'warning', maxAgeInDays: 0 },
    });
  });

  it('gives parameter files the settings that they read, whatever the environment has', async () => {
    const { problems } = await checkWith([FORMAT, ['snapshot*', 'echo "$ALERT_EMAILS"; exit 1']]);

    expect(problems).toContain(SETTINGS.ALERT_EMAILS?.trim());
  });

  it('reports a snapshot that the template no longer predicts', async () => {
    const { problems } = await checkWith([FORMAT, ['*prod.bicepparam*', 'echo "~ sku.name"; exit 1'], SNAPSHOT]);

    expect(problems).toEqual(['The snapshot of prod is stale: npm run infra:check -- --update', '~ sku.name']);
  });

  it('reports a compiler that fails without a word', async () => {
    const { problems } = await checkWith([FORMAT, ['*prod.bicepparam*', 'exit 3'], SNAPSHOT]);

    expect(problems).toEqual(['The compiler ended without a word for prod.']);
  });

  it('reports a file that is not formatted', async () => {
    const { problems } = await checkWith([REFORMAT, SNAPSHOT]);

    expect(problems).toEqual(['infra/main.bicep is not formatted: npm run infra:check -- --update']);
    expect(await readFile(join(folder, 'infra/main.bicep'), 'utf8')).toBe(FILES['infra/main.bicep']);
  });

  it('reports a file that has changed since the snapshots', async () => {
    await write('infra/main.bicep', 'param c string\n');
    const { problems } = await checkWith([FORMAT, SNAPSHOT]);

    expect(problems).toEqual(['infra/main.bicep has changed since the snapshots: npm run infra:check -- --update']);
  });

  it('updates format, snapshots and checksums, sorted by id and name', async () => {
    const write = `echo '{ "predictedResources": [{ "id": "/b" }, { "id": "/a" }], "outputs": { "b": 1, "a": 2 } }' >"\${2%.bicepparam}.snapshot.json"`;
    const { problems } = await checkWith([REFORMAT, ['*overwrite*', write]], true);

    expect(problems).toEqual([]);
    expect(await readFile(join(folder, 'infra/main.bicep'), 'utf8')).toBe('param b string\n');
    expect(await readFile(join(folder, 'infra/dev.snapshot.json'), 'utf8')).toMatch(/"\/a".*"\/b".*"a": 2,\s+"b": 1/s);
    expect(await readFile(join(folder, CHECKSUMS), 'utf8')).toContain('  infra/dev.snapshot.json\n');
  });

  it('leaves the checksums as they are when the template does not compile', async () => {
    const before = await readFile(join(folder, CHECKSUMS), 'utf8');
    await write('infra/main.bicep', 'param c string\n');
    await checkWith([FORMAT, ['snapshot*', `echo '${WARNING}' >&2; exit 1`]], true);

    expect(await readFile(join(folder, CHECKSUMS), 'utf8')).toBe(before);
  });
});
