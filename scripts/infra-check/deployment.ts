import { problemOfValue } from './check-parameter-value.ts';
import { both, flat, once, resourceValue, withNested } from './deployed-resource.ts';
import { evaluate, loopScopes, memberOf, type Scope } from './evaluate.ts';
import type { Expression } from './expression.ts';
import type { Finding, Place } from './finding.ts';
import type { BicepFile, ModuleUse, Parameter } from './read-file.ts';
import { MAIN, pathFrom, type Template } from './template.ts';
import { ModuleValue, ObjectValue, ResourceValue, Unknown, type Value } from './value.ts';

/** What deploying the template would ask Azure for. */
export interface Deployment {
  readonly resources: readonly ResourceValue[];
  readonly outputs: ObjectValue;
  /** What would fail. */
  readonly findings: readonly Finding[];
}

interface Run {
  readonly template: Template;
  readonly report: (finding: Finding) => void;
}

/** Deploys on paper: all modules and loops unrolled, with the values of a parameter file (all defaults without one). */
export function deploymentOf(template: Template, parameterFile?: BicepFile): Deployment {
  const main = template.files.get(MAIN);
  if (main === undefined) throw new Error(`${MAIN} could not be read.`);
  const findings: Finding[] = [];
  const run: Run = { template, report: (finding) => findings.push(finding) };
  const scope = new FileScope(run, main, parameterFile ? assignedIn(parameterFile, run) : new Map(), true);
  const resources = scope.resources();
  return { resources, outputs: scope.outputs(), findings };
}

/** With the values of each parameter file. */
export function deploymentsOf(template: Template): readonly Deployment[] {
  const files = template.parameterFiles.length > 0 ? template.parameterFiles : [undefined];
  return files.map((file) => deploymentOf(template, file));
}

/** A parameter's value, and where it is given. */
interface Given {
  readonly value: () => Value;
  readonly at: Place;
}

function assignedIn(file: BicepFile, run: Run): ReadonlyMap<string, Given> {
  const scope = new FileScope(run, file, new Map(), true);
  return new Map(file.assignments.map(({ name, value, at }) => [name, { value: () => evaluate(value, scope), at }]));
}

/** One use of one file: its names, each worked out when it is first asked for. */
class FileScope implements Scope {
  readonly #run: Run;
  readonly #file: BicepFile;
  readonly #names: ReadonlyMap<string, () => Value>;

  /** `condition`: whether what is in it is deployed. */
  constructor(run: Run, file: BicepFile, given: ReadonlyMap<string, Given>, condition: Value) {
    this.#run = run;
    this.#file = file;
    this.#names = new Map<string, () => Value>([
      ...file.parameters.map((parameter): [string, () => Value] => [
        parameter.name,
        once(() => this.#parameter(parameter, given.get(parameter.name))),
      ]),
      ...file.variables.map(({ name, value }): [string, () => Value] => [name, once(() => evaluate(value, this))]),
      ...file.functions.map((own): [string, () => Value] => [
        own.name,
        () => evaluate({ ...own, kind: 'lambda' }, this),
      ]),
      ...file.imports.map(({ name, original, path }): [string, () => Value] => [
        name,
        once(() => this.#imported(original, path)),
      ]),
      ...file.resources.map((declaration): [string, () => Value] => [
        declaration.symbol,
        once(() => resourceValue(declaration, declaration.body, this, { condition, outer: undefined })),
      ]),
      ...file.modules.map((use): [string, () => Value] => [
        use.name,
        once(() => this.#module(use, use.body, this, condition)),
      ]),
    ]);
  }

  lookup = (name: string): Value | undefined => this.#names.get(name)?.();

  report = (finding: Finding): void => this.#run.report(finding);

  load = (path: string): string | undefined => this.#run.template.texts.get(pathFrom(this.#file, path));

  outputs(): ObjectValue {
    const at = { file: this.#file.path, line: 1 };
    return new ObjectValue(
      this.#file.outputs.map(
        ({ name, value, at: place }) => [name, { value: evaluate(value, this), at: place }] as const,
      ),
      at,
    );
  }

  /** Of this file and of all modules that it uses. */
  resources(): readonly ResourceValue[] {
    const own = this.#file.resources.flatMap(({ symbol }) => flat(this.lookup(symbol)));
    const inModules = this.#file.modules.flatMap(({ name }) => flat(this.lookup(name)));
    return [
      ...own.filter((value) => value instanceof ResourceValue).flatMap(withNested),
      ...inModules.filter((value) => value instanceof ModuleValue).flatMap((module) => module.force()),
    ];
  }

  #parameter(parameter: Parameter, given: Given | undefined): Value {
    if (given === undefined) {
      if (parameter.default) return evaluate(parameter.default, this);
      return parameter.required ? new Unknown(parameter.name) : null;
    }
    const value = given.value();
    const message = problemOfValue(parameter, value);
    if (message !== undefined) this.report({ ...given.at, message });
    return value;
  }

  #imported(original: string, path: string): Value {
    const file = this.#run.template.files.get(pathFrom(this.#file, path));
    const value = file && new FileScope(this.#run, file, new Map(), true).lookup(original);
    return value ?? new Unknown(original);
  }

  #module(use: ModuleUse, body: Expression, scope: Scope, condition: Value): Value {
    if (body.kind === 'for')
      return loopScopes(body, scope).map((inner) => this.#module(use, body.body, inner, condition));
    if (body.kind === 'if')
      return this.#module(use, body.body, scope, both(condition, evaluate(body.condition, scope)));
    const file = this.#run.template.files.get(pathFrom(this.#file, use.path));
    if (file === undefined || body.kind !== 'object') return new Unknown(use.name);
    const params = body.properties.find(({ key }) => evaluate(key, scope) === 'params')?.value;
    const given = once(() => (params ? evaluate(params, scope) : null));
    const names = file.parameters.flatMap(({ name }) => givenParameter(name, params, given));
    const inner = new FileScope(this.#run, file, new Map(names), condition);
    return new ModuleValue(
      once(() => inner.outputs()),
      () => inner.resources(),
    );
  }
}

/** Left out when the use does not give it, or gives null, so that the default holds. */
function givenParameter(
  name: string,
  params: Expression | undefined,
  given: () => Value,
): readonly (readonly [string, Given])[] {
  if (params === undefined) return [];
  const value = () => memberOf(given(), name);
  if (params.kind !== 'object') return [[name, { value, at: params.at }]];
  const property = params.properties.find(({ key }) => key.kind === 'literal' && key.value === name);
  return property ? [[name, { value, at: property.key.at }]] : [];
}
