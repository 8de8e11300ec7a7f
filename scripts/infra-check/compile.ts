import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import type { Finding } from './finding.ts';
import type { Template } from './template.ts';

/** A way to run Bicep's own compiler; `infra/bicepconfig.json` says what its linter takes for an error. */
interface Compiler {
  readonly name: string;
  /** Ends with 0 where it is installed. */
  readonly probe: readonly [command: string, ...words: readonly string[]];
  readonly build: (file: string) => readonly [command: string, ...words: readonly string[]];
}

const COMPILERS: readonly Compiler[] = [
  {
    name: 'bicep',
    probe: ['bicep', '--version'],
    build: (file) => ['bicep', file.endsWith('.bicep') ? 'build' : 'build-params', file, '--stdout'],
  },
  {
    name: 'az bicep',
    probe: ['az', 'bicep', 'version'],
    build: (file) => ['az', 'bicep', file.endsWith('.bicep') ? 'build' : 'build-params', '--file', file, '--stdout'],
  },
];

export type Compiled =
  | { readonly kind: 'compiled'; readonly with: string; readonly findings: readonly Finding[] }
  | { readonly kind: 'noCompiler' };

/**
 * Compiles every file of the template. Warnings count as errors.
 * @param root the project's root
 * @param environment of the compiler, with its PATH
 */
export function compile(root: string, template: Template, environment: NodeJS.ProcessEnv = process.env): Compiled {
  const env = { ...placeholders(template), ...environment };
  const compiler = COMPILERS.find(({ probe: [command, ...words] }) => spawnSync(command, words, { env }).status === 0);
  if (compiler === undefined) return { kind: 'noCompiler' };
  const files = [...template.files.keys(), ...template.parameterFiles.map(({ path }) => path)];
  return {
    kind: 'compiled',
    with: compiler.name,
    findings: files.flatMap((file) => compileFile(file, compiler, { root, env })),
  };
}

/** As `main.bicep(3,7) : Error BCP018: Expected the "=" character at this location.` */
const DIAGNOSTIC = /^(?:WARNING: |ERROR: )?(?<file>.+?)\((?<line>\d+),\d+\) : (?<message>(?:Error|Warning) .*)$/;

/** Parameter files do not compile while what they read from the environment is missing; some of it is as long as an id. */
function placeholders(template: Template): NodeJS.ProcessEnv {
  const read = template.parameterFiles.flatMap(({ text }) => [...text.matchAll(/readEnvironmentVariable\('(\w+)'/g)]);
  return Object.fromEntries(read.map(([, name = '']) => [name, '00000000-0000-0000-0000-000000000000']));
}

interface Surroundings {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

function compileFile(file: string, compiler: Compiler, { root, env }: Surroundings): readonly Finding[] {
  const [command, ...words] = compiler.build(file);
  const { status, stderr } = spawnSync(command, words, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  const findings = stderr.split('\n').flatMap((text) => {
    const { file: path = '', line, message = '' } = DIAGNOSTIC.exec(text)?.groups ?? {};
    return line === undefined ? [] : [{ file: relative(root, path), line: Number(line), message }];
  });
  if (findings.length > 0 || status === 0) return findings;
  return [{ file, line: 1, message: `${compiler.name} ended with ${status}: ${stderr.trim()}` }];
}
