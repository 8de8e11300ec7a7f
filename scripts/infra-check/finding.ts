/** A place in the template: a file, relative to the project, and a line, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Something wrong at a place, in words that say what to do about it. */
export interface Finding extends Place {
  readonly message: string;
}

/** Each finding once, in the order of files and lines. Modules that are used twice are looked at twice. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const byText = new Map(findings.map((finding) => [format(finding), finding]));
  return [...byText.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** As compilers print it, so that editors and terminals can jump there. */
export const format = ({ file, line, message }: Finding): string => `${file}:${line}: ${message}`;
