import type { Finding } from './finding.ts';
import type { BicepFile } from './read-file.ts';
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
  const given = new Set(file.assignments.map(({ name }) => name));
  const names = new Set(main.parameters.map(({ name }) => name));
  return [
    ...main.parameters
      .filter(({ name, required }) => required && !given.has(name))
      .map(({ name }) => ({ file: file.path, line: 1, message: `parameter ${name} of ${main.path} is not given` })),
    ...file.assignments
      .filter(({ name }) => !names.has(name))
      .map(({ name, at }) => ({ ...at, message: `${main.path} has no parameter ${name}` })),
  ];
}
