import { resolve } from 'node:path';
import { readOptions } from './cli/read-options.ts';
import { check } from './infra-check/check.ts';
import { BICEP_VERSION, findCompiler } from './infra-check/compiler.ts';

const USAGE = `Checks the Bicep template in infra/ with Bicep ${BICEP_VERSION}.

  npm run infra:check [-- options]

  --update   formats the files and writes infra/<environment>.snapshot.json instead of comparing them
  --help     this text

It fails on:
  - any warning or error of the compiler and its linter, such as a property that a resource does not have, or an API
    version that is not the newest stable one
  - a file that is not formatted
  - a snapshot that is not what the template predicts. The tests read the snapshots, so they need no compiler.

The compiler must have this version. It is used from the PATH, from where the Azure CLI installs it
(az bicep install --version v${BICEP_VERSION}), or from NuGet, where "dotnet" downloads it.

Exit code: 0 when nothing is wrong; 1 when something is; 3 without a compiler.`;

const NO_COMPILER = 3;

async function main(): Promise<number> {
  const { values } = readOptions({
    options: { update: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const compiler = await findCompiler();
  if (compiler.kind === 'notFound') {
    console.error(`The template was not checked: Bicep ${BICEP_VERSION} is missing.`);
    for (const line of compiler.tried) console.error(`  ${line}`);
    console.error('Install the .NET SDK, which downloads it, or run: az bicep install --version v%s', BICEP_VERSION);
    return NO_COMPILER;
  }
  const bicep = { path: compiler.path, root: resolve(import.meta.dirname, '..'), env: process.env };
  const problems = await check(bicep, values.update);
  for (const problem of problems) console.error(problem);
  const source = `Bicep ${BICEP_VERSION} from ${compiler.from}`;
  console.log(problems.length === 0 ? `Nothing wrong (${source}).` : `Problems: ${problems.length} (${source}).`);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main();
