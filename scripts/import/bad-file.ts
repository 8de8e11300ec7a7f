/** The file cannot be imported; nothing was sent. The message is a sentence for people. */
export class BadFile extends Error {
  override readonly name = 'BadFile';
}

/** A fault at a place in the file: `line` counts from 1 with the header as line 1, `column` is the header's name for it. */
export function badValue(line: number, column: string, wrong: string): BadFile {
  return new BadFile(`line ${line}, column ${column}: ${wrong}`);
}
