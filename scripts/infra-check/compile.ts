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

/** Compiles every file of the template. Warnings count as errors. `root`: the project's root. */
export function compile(root: string, template: Template): Compiled {
  const compiler = COMPILERS.find(({ probe: [command, ...words] }) => spawnSync(command, words).status === 0);
  if (compiler === undefined) return { kind: 'noCompiler' };
  const files = [...template.files.keys(), ...template.parameterFiles.map(({ path }) => path)];
  return {
    kind: 'compiled',
    with: compiler.name,
    findings: files.flatMap((file) => compileFile(root, file, compiler)),
  };
}

/** As `main.bicep(3,7) : Error BCP018: Expected the "=" character at this location.` */
const DIAGNOSTIC = /^(?:WARNING: |ERROR: )?(?<file>.+?)\((?<line>\d+),\d+\) : (?<message>(?:Error|Warning) .*)$/;

function compileFile(root: string, file: string, compiler: Compiler): readonly Finding[] {
  const [command, ...words] = compiler.build(file);
  const { status, stderr } = spawnSync(command, words, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  const findings = stderr.split('\n').flatMap((text) => {
    const { file: path = '', line, message = '' } = DIAGNOSTIC.exec(text)?.groups ?? {};
    return line === undefined ? [] : [{ file: relative(root, path), line: Number(line), message }];
  });
  if (findings.length > 0 || status === 0) return findings;
  return [{ file, line: 1, message: `${compiler.name} ended with ${status}: ${stderr.trim()}` }];
}
