import type { Expression, ExpressionOf } from './expression.ts';
import type { Finding } from './finding.ts';
import type { BicepFile, ModuleUse } from './read-file.ts';
import { expressionsOf } from './references.ts';
import { MAIN, pathFrom, type Template } from './template.ts';

/** Files that load another as a text, by the name of the function. */
const LOADERS: ReadonlySet<string> = new Set([
  'loadTextContent',
  'loadJsonContent',
  'loadYamlContent',
  'loadFileAsBase64',
]);

/** Modules get the parameters that they have, their outputs exist and are read, and no file is there for nothing. */
export function checkModules(template: Template): readonly Finding[] {
  const files = [...template.files.values()];
  const reads = files.flatMap((file) => outputReads(file));
  return [
    ...files.flatMap((file) => file.modules.flatMap((use) => checkUse(template, file, use))),
    ...reads.flatMap((read) => unknownOutput(template, read)),
    ...files.filter(({ path }) => path !== MAIN).flatMap((file) => unreadOutputs(file, reads)),
    ...files.flatMap((file) => missingFiles(template, file)),
    ...unusedFiles(template, files),
  ];
}

function checkUse(template: Template, file: BicepFile, use: ModuleUse): readonly Finding[] {
  const path = pathFrom(file, use.path);
  const module = template.files.get(path);
  if (module === undefined) {
    const unread = template.syntaxErrors.some((error) => error.file === path);
    return unread ? [] : [{ ...use.at, message: `module ${use.name}: there is no file ${path}` }];
  }
  const given = givenParameters(use.body);
  if (given === undefined) return [];
  const names = new Set(given.keys());
  return [
    ...[...given]
      .filter(([name]) => !module.parameters.some((parameter) => parameter.name === name))
      .map(([name, { at }]) => ({ ...at, message: `module ${use.name}: ${path} has no parameter ${name}` })),
    ...module.parameters
      .filter(({ name, required }) => required && !names.has(name))
      .map(({ name }) => ({ ...use.at, message: `module ${use.name}: parameter ${name} of ${path} is not given` })),
  ];
}

/** What is behind `if` and `for`. */
function objectOf(body: Expression): ExpressionOf<'object'> | undefined {
  if (body.kind === 'for' || body.kind === 'if') return objectOf(body.body);
  return body.kind === 'object' ? body : undefined;
}

/** Undefined when they are not written out. */
function givenParameters(body: Expression): ReadonlyMap<string, Expression> | undefined {
  const object = objectOf(body);
  const params = object?.properties.find(({ key }) => key.kind === 'literal' && key.value === 'params');
  if (params === undefined) return new Map();
  if (params.value.kind !== 'object') return undefined;
  return new Map(
    params.value.properties.map(({ key, value }) => [key.kind === 'literal' ? String(key.value) : '', value]),
  );
}

interface OutputRead {
  readonly file: BicepFile;
  readonly module: ModuleUse;
  readonly output: string;
  readonly expression: Expression;
}

function outputReads(file: BicepFile): readonly OutputRead[] {
  const modules = new Map(file.modules.map((use) => [use.name, use]));
  return [...expressionsOf(file)].flatMap(({ expression }) => {
    if (expression.kind !== 'member') return [];
    const module = modules.get(ownerOfOutputs(expression.object) ?? '');
    return module ? [{ file, module, output: expression.property, expression }] : [];
  });
}

/** The module's name in `module.outputs` and `modules[i].outputs`. */
function ownerOfOutputs(expression: Expression): string | undefined {
  if (expression.kind !== 'member' || expression.property !== 'outputs') return undefined;
  const owner = expression.object.kind === 'index' ? expression.object.object : expression.object;
  return owner.kind === 'name' ? owner.name : undefined;
}

function unknownOutput(template: Template, { file, module, output, expression }: OutputRead): readonly Finding[] {
  const path = pathFrom(file, module.path);
  const target = template.files.get(path);
  if (target === undefined || target.outputs.some(({ name }) => name === output)) return [];
  return [{ ...expression.at, message: `${path} has no output ${output}` }];
}

function unreadOutputs(file: BicepFile, reads: readonly OutputRead[]): readonly Finding[] {
  const read = new Set(
    reads.filter((one) => pathFrom(one.file, one.module.path) === file.path).map(({ output }) => output),
  );
  return file.outputs
    .filter(({ name }) => !read.has(name))
    .map(({ name, at }) => ({ ...at, message: `output ${name} is read by no one who uses this module` }));
}

interface Loaded {
  readonly path: string;
  readonly call: Expression;
}

function loadedFiles(file: BicepFile): readonly Loaded[] {
  return [...expressionsOf(file)].flatMap(({ expression }) => {
    if (expression.kind !== 'call' || expression.callee.kind !== 'name' || !LOADERS.has(expression.callee.name))
      return [];
    const [path] = expression.arguments;
    return path?.kind === 'literal' ? [{ path: pathFrom(file, String(path.value)), call: expression }] : [];
  });
}

/** Files outside `infra/` are not known here: `main.bicep` may load the API's description, say. */
function missingFiles(template: Template, file: BicepFile): readonly Finding[] {
  return loadedFiles(file)
    .filter(({ path }) => path.startsWith('infra/') && !template.texts.has(path))
    .map(({ path, call }) => ({ ...call.at, message: `there is no file ${path}` }));
}

function unusedFiles(template: Template, files: readonly BicepFile[]): readonly Finding[] {
  const used = new Set([
    MAIN,
    ...files.flatMap((file) => [...file.modules, ...file.imports].map(({ path }) => pathFrom(file, path))),
    ...files.flatMap((file) => loadedFiles(file).map(({ path }) => path)),
  ]);
  const meantToBeUsed = [
    ...files.map(({ path }) => path),
    ...[...template.texts.keys()].filter((path) => /\.(xml|kql)$/.test(path)),
  ];
  return meantToBeUsed
    .filter((path) => !used.has(path))
    .map((file) => ({ file, line: 1, message: 'is used by no module and no template' }));
}
