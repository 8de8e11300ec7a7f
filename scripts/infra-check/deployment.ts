import { evaluate, evaluateObject, loopScopes, memberOf, type Scope, within } from './evaluate.ts';
import type { Expression, ResourceDeclaration } from './expression.ts';
import type { Finding } from './finding.ts';
import type { BicepFile, ModuleUse } from './read-file.ts';
import { MAIN, pathFrom, type Template } from './template.ts';
import { isList, ModuleValue, ObjectValue, ResourceValue, Unknown, type Value } from './value.ts';

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

function assignedIn(file: BicepFile, run: Run): ReadonlyMap<string, () => Value> {
  const scope = new FileScope(run, file, new Map(), true);
  return new Map(file.assignments.map(({ name, value }) => [name, () => evaluate(value, scope)]));
}

/** One use of one file: its names, each worked out when it is first asked for. */
class FileScope implements Scope {
  readonly #run: Run;
  readonly #file: BicepFile;
  readonly #names: ReadonlyMap<string, () => Value>;

  /** `condition`: whether what is in it is deployed. */
  constructor(run: Run, file: BicepFile, given: ReadonlyMap<string, () => Value>, condition: Value) {
    this.#run = run;
    this.#file = file;
    this.#names = new Map<string, () => Value>([
      ...file.parameters.map((parameter): [string, () => Value] => {
        const byDefault = parameter.default;
        const missing = () =>
          byDefault ? evaluate(byDefault, this) : parameter.required ? new Unknown(parameter.name) : null;
        return [parameter.name, once(given.get(parameter.name) ?? missing)];
      }),
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
        once(() => resource(declaration, declaration.body, this, { condition, outer: undefined })),
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

/** Conditions around each other; the inner one counts when the outer one holds. */
const both = (outer: Value, inner: Value): Value => (outer === true ? inner : inner === false ? false : outer);

/** Left out when the use does not give it, or gives null, so that the default holds. */
function givenParameter(
  name: string,
  params: Expression | undefined,
  given: () => Value,
): readonly (readonly [string, () => Value])[] {
  if (params === undefined) return [];
  const written =
    params.kind !== 'object' || params.properties.some(({ key }) => key.kind === 'literal' && key.value === name);
  return written ? [[name, () => memberOf(given(), name)]] : [];
}

interface Surroundings {
  readonly condition: Value;
  readonly outer: ResourceValue | undefined;
}

function resource(declaration: ResourceDeclaration, body: Expression, scope: Scope, around: Surroundings): Value {
  if (body.kind === 'for')
    return loopScopes(body, scope).map((inner) => resource(declaration, body.body, inner, around));
  if (body.kind === 'if')
    return resource(declaration, body.body, scope, {
      ...around,
      condition: both(around.condition, evaluate(body.condition, scope)),
    });
  if (body.kind !== 'object') return new Unknown(declaration.symbol);
  return new ResourceValue({
    ...declaration,
    ...around,
    body: (self) => {
      const nested = new Map<string, () => Value>();
      const inner = within(scope, nested);
      for (const one of body.resources) {
        nested.set(
          one.symbol,
          once(() => resource(one, one.body, inner, { condition: around.condition, outer: self })),
        );
      }
      return { body: evaluateObject(body, inner), nested };
    },
  });
}

const withNested = (value: ResourceValue): readonly ResourceValue[] => [
  value,
  ...[...value.nested.values()]
    .flatMap((nested) => flat(nested()))
    .filter((nested) => nested instanceof ResourceValue)
    .flatMap(withNested),
];

const flat = (value: Value | undefined): readonly Value[] =>
  isList(value) ? value.flatMap(flat) : value === undefined ? [] : [value];

/** Works a value out once; a name that needs itself is an error of the template. */
function once<Result>(work: () => Result): () => Result {
  let state: { readonly result: Result } | 'working' | undefined;
  return () => {
    if (state === 'working') throw new Error('A name refers to itself.');
    if (state === undefined) {
      state = 'working';
      state = { result: work() };
    }
    return state.result;
  };
}
