/** The file cannot be imported. Thrown before anything is sent. The message is written for users. */
export class BadFile extends Error {
  override readonly name = 'BadFile';
}

/** An invalid value in the file. `line` counts from 1 (the header), `column` is the name in the header. */
export function badValue(line: number, column: string, wrong: string): BadFile {
  return new BadFile(`line ${line}, column ${column}: ${wrong}`);
}
