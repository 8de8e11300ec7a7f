import type { Expression } from './expression.ts';
import type { Finding } from './finding.ts';
import type { BicepFile, Parameter, Valued } from './read-file.ts';
import { pathFrom, type Template } from './template.ts';

/** Every .bicepparam gives each parameter of its template that has no default, and none that the template lacks. */
export function checkParameterFiles(template: Template): readonly Finding[] {
  return template.parameterFiles.flatMap((file) => {
    if (file.using === undefined)
      return [{ file: file.path, line: 1, message: 'does not say which template it is for (using)' }];
    const path = pathFrom(file, file.using.path);
    const main = template.files.get(path);
    if (main !== undefined) return checkFile(file, main);
    const unread = template.syntaxErrors.some((error) => error.file === path);
    return unread ? [] : [{ ...file.using.at, message: `there is no file ${path}` }];
  });
}

function checkFile(file: BicepFile, main: BicepFile): readonly Finding[] {
  const given = new Map(file.assignments.map((assignment) => [assignment.name, assignment]));
  const parameters = new Map(main.parameters.map((parameter) => [parameter.name, parameter]));
  return [
    ...main.parameters
      .filter(({ name, required }) => required && !given.has(name))
      .map(({ name }) => ({ file: file.path, line: 1, message: `parameter ${name} of ${main.path} is not given` })),
    ...file.assignments.flatMap((assignment) => checkValue(assignment, parameters.get(assignment.name), main)),
  ];
}

function checkValue(given: Valued, parameter: Parameter | undefined, main: BicepFile): readonly Finding[] {
  if (parameter === undefined) return [{ ...given.at, message: `${main.path} has no parameter ${given.name}` }];
  const allowed = parameter.allowed?.kind === 'array' ? parameter.allowed.items.map(literal) : undefined;
  const value = literal(given.value);
  if (allowed === undefined || value === undefined || allowed.includes(value)) return [];
  return [
    {
      ...given.at,
      message: `${given.name} cannot be ${JSON.stringify(value)}: allowed are ${allowed.map((one) => JSON.stringify(one)).join(', ')}`,
    },
  ];
}

const literal = (expression: Expression) => (expression.kind === 'literal' ? expression.value : undefined);
