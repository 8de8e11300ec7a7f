import { checkModules } from './check-modules.ts';
import { checkNames } from './check-names.ts';
import { checkParameterFiles } from './check-parameter-files.ts';
import { checkStartValues } from './check-start-values.ts';
import { type Compiled, compile } from './compile.ts';
import { deploymentsOf } from './deployment.ts';
import { type Finding, inOrder } from './finding.ts';
import { checkSchemas } from './schemas/check-schemas.ts';
import { type SchemaResult, schemasOf } from './schemas/schema-server.ts';
import { readTemplate, type Template } from './template.ts';
import type { ResourceValue } from './value.ts';

/** What was found, and, in words, what was looked at and what was not. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly checked: readonly string[];
  readonly notChecked: readonly string[];
}

/** Syntax and names: what needs no tool and no network. */
export function checkOffline(template: Template): Outcome {
  const files = [...template.files.values(), ...template.parameterFiles];
  const deployments = template.syntaxErrors.length > 0 ? [] : deploymentsOf(template);
  return {
    findings: [
      ...template.syntaxErrors,
      ...files.flatMap((file) => [...checkNames(file), ...checkStartValues(file)]),
      ...checkModules(template),
      ...checkParameterFiles(template),
      ...deployments.flatMap(({ findings }) => findings),
    ],
    checked: [`syntax and names of ${files.length} files`],
    notChecked: [],
  };
}

/** What compiling says; where `required`, it is a finding that there is no compiler. */
export function outcomeOf(result: Compiled, required: boolean): Outcome {
  if (result.kind === 'noCompiler') {
    const message = 'not compiled: no bicep on the PATH';
    return required
      ? { findings: [{ file: 'infra/main.bicep', line: 1, message }], checked: [], notChecked: [] }
      : { findings: [], checked: [], notChecked: [message] };
  }
  return { findings: result.findings, checked: [`compiled and linted with ${result.with}`], notChecked: [] };
}

async function comparedWithAzure(template: Template): Promise<Outcome> {
  if (template.syntaxErrors.length > 0) {
    return { findings: [], checked: [], notChecked: ["Azure's schemas: there are files that cannot be read"] };
  }
  const resources = deploymentsOf(template).flatMap((deployment) => deployment.resources);
  const types = [...new Set(resources.map(({ source }) => source.type))].sort();
  try {
    const schemas = await schemasOf(types);
    return { findings: checkSchemas(resources, schemas), ...describeSchemas(resources, schemas) };
  } catch (error) {
    return { findings: [], checked: [], notChecked: [`Azure's schemas: the tool could not be had (${error})`] };
  }
}

/** Which versions were compared, and for which types there is nothing to compare with. */
function describeSchemas(resources: readonly ResourceValue[], schemas: ReadonlyMap<string, SchemaResult>) {
  const types = new Map(resources.map(({ source }) => [`${source.type}@${source.apiVersion}`, source]));
  const compared = [...types].map(([name, { type, apiVersion }]) => ({ name, apiVersion, result: schemas.get(type) }));
  const withSchema = compared.flatMap(({ name, apiVersion, result }) =>
    result?.kind === 'schema'
      ? [{ name, same: result.schema.apiVersion === apiVersion, version: result.schema.apiVersion }]
      : [],
  );
  const others = withSchema.filter(({ same }) => !same).map(({ name, version }) => `${name} with ${version}`);
  const without = compared.filter(({ result }) => result?.kind === 'notCarried').map(({ name }) => name);
  return {
    checked: [
      `${withSchema.length} resource types against Azure's schemas: types, properties, values, and what is required`,
      ...(others.length > 0
        ? [`of these, with a schema of another version:${others.map((line) => `\n  ${line}`).join('')}`]
        : []),
    ],
    notChecked: without.length > 0 ? [`no schema at hand:${without.map((line) => `\n  ${line}`).join('')}`] : [],
  };
}

/**
 * Everything that this machine can check.
 * @param root the project's root
 * @param requireCompiler whether it is a finding that Bicep's compiler is not there
 */
export async function check(root: string, requireCompiler: boolean): Promise<Outcome> {
  const template = await readTemplate(root);
  const compiled = outcomeOf(compile(root, template), requireCompiler);
  const outcomes = [checkOffline(template), await comparedWithAzure(template), compiled];
  return {
    findings: inOrder(outcomes.flatMap(({ findings }) => findings)),
    checked: outcomes.flatMap(({ checked }) => checked),
    notChecked: outcomes.flatMap(({ notChecked }) => notChecked),
  };
}
