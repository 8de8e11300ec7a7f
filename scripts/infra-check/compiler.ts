import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The one version of Bicep that checks the template: another one can know other API versions, rules and functions. */
export const BICEP_VERSION = '0.49.2';

/** The runtimes that NuGet has a compiler for, by Node's platform and architecture. */
const RUNTIMES: Readonly<Record<string, string>> = {
  'darwin-arm64': 'osx-arm64',
  'darwin-x64': 'osx-x64',
  'linux-arm64': 'linux-arm64',
  'linux-x64': 'linux-x64',
  'win32-arm64': 'win-arm64',
  'win32-x64': 'win-x64',
};

/** A compiler of the right version, or what was tried instead. */
export type Compiler =
  | { readonly kind: 'found'; readonly path: string; readonly from: string }
  | { readonly kind: 'notFound'; readonly tried: readonly string[] };

/**
 * Finds Bicep in the pinned version: on the PATH, where the Azure CLI installs it, or in NuGet's package folder. Where `dotnet` is on the
 * PATH, a missing package is downloaded (60 MB, once).
 * @param env the environment to search in: its `PATH`, `AZURE_CONFIG_DIR` and `NUGET_PACKAGES`
 * @param platform Node's platform and architecture, such as `linux-x64`
 */
export async function findCompiler(
  env: NodeJS.ProcessEnv = process.env,
  platform = `${process.platform}-${process.arch}`,
): Promise<Compiler> {
  const executable = platform.startsWith('win32') ? 'bicep.exe' : 'bicep';
  const azure = join(env.AZURE_CONFIG_DIR ?? join(homedir(), '.azure'), 'bin', executable);
  const installed = [
    { from: 'the PATH', path: 'bicep' },
    { from: 'the Azure CLI', path: azure },
  ].map((candidate) => ({ ...candidate, version: versionOf(candidate.path, env) }));
  const match = installed.find(({ version }) => version === BICEP_VERSION);
  if (match) return { kind: 'found', path: match.path, from: match.from };
  const others = installed.map(({ from, version }) => `${from}: ${version ? `Bicep ${version}` : 'no Bicep'}`);
  return fromNuGet(env, RUNTIMES[platform], executable).then(
    (path) => ({ kind: 'found', path, from: 'NuGet' }),
    (error: unknown) => ({
      kind: 'notFound',
      tried: [...others, `NuGet: ${error instanceof Error ? error.message : error}`],
    }),
  );
}

/** The version that a program reports, or undefined where it does not run. */
function versionOf(path: string, env: NodeJS.ProcessEnv): string | undefined {
  const { stdout } = spawnSync(path, ['--version'], { env, encoding: 'utf8' });
  return /\b(\d+\.\d+\.\d+)\b/.exec(stdout ?? '')?.[1];
}

async function fromNuGet(env: NodeJS.ProcessEnv, runtime: string | undefined, executable: string): Promise<string> {
  if (runtime === undefined) throw new Error('it has no compiler for this platform');
  const name = `Azure.Bicep.CommandLine.${runtime}`;
  const packages = env.NUGET_PACKAGES ?? join(homedir(), '.nuget', 'packages');
  const path = join(packages, name.toLowerCase(), BICEP_VERSION, 'tools', executable);
  if (!existsSync(path)) await download(name, { ...env, NUGET_PACKAGES: packages });
  await chmod(path, 0o755);
  return path;
}

/** NuGet has no command that downloads one package by its exact version; restoring a project that names it does. */
async function download(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bicep-'));
  try {
    await writeFile(
      join(folder, 'bicep.csproj'),
      `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net8.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="${name}" Version="[${BICEP_VERSION}]" />
  </ItemGroup>
</Project>
`,
    );
    const { error, status, stdout } = spawnSync('dotnet', ['restore', folder], { env, encoding: 'utf8' });
    if (error) throw new Error('dotnet is not on the PATH');
    if (status !== 0) throw new Error(`dotnet restore failed: ${stdout.trim()}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
