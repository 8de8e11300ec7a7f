import { checkModules } from './check-modules.ts';
import { checkNames } from './check-names.ts';
import { checkParameterFiles } from './check-parameter-files.ts';
import { compile } from './compile.ts';
import { type Finding, inOrder } from './finding.ts';
import { readTemplate, type Template } from './template.ts';

/** What was found, and, in words, what was looked at and what was not. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly checked: readonly string[];
  readonly notChecked: readonly string[];
}

/** Syntax and names: what needs no tool and no network. */
export function checkOffline(template: Template): Outcome {
  const files = [...template.files.values(), ...template.parameterFiles];
  return {
    findings: [
      ...template.syntaxErrors,
      ...files.flatMap((file) => checkNames(file)),
      ...checkModules(template),
      ...checkParameterFiles(template),
    ],
    checked: [`syntax and names of ${files.length} files`],
    notChecked: [],
  };
}

function compiled(root: string, template: Template): Outcome {
  const result = compile(root, template);
  if (result.kind === 'noCompiler') {
    return { findings: [], checked: [], notChecked: ['not compiled: no bicep on the PATH'] };
  }
  return { findings: result.findings, checked: [`compiled and linted with ${result.with}`], notChecked: [] };
}

/** Everything that this machine can check. `root`: the project's root. */
export async function check(root: string): Promise<Outcome> {
  const template = await readTemplate(root);
  const outcomes = [checkOffline(template), compiled(root, template)];
  return {
    findings: inOrder(outcomes.flatMap(({ findings }) => findings)),
    checked: outcomes.flatMap(({ checked }) => checked),
    notChecked: outcomes.flatMap(({ notChecked }) => notChecked),
  };
}
