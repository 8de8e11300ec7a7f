import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closingBracket } from './brackets.ts';
import { NotGenerated } from './not-generated.ts';

/**
 * Files as they will be. Nothing is written before every change is known to be possible: each method throws `NotGenerated` when the place
 * for a change does not exist exactly once, or when a new file exists already.
 */
export class Changes {
  readonly #root: string;
  readonly #texts = new Map<string, string>();

  /** @param root the project's root, to which all paths are relative */
  constructor(root: string) {
    this.#root = root;
  }

  /** The new texts of new and changed files, by path. */
  get files(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  has(path: string): boolean {
    return this.#texts.has(path) || existsSync(join(this.#root, path));
  }

  /** Names of the files in a folder, without new ones. */
  namesIn(folder: string): readonly string[] {
    return readdirSync(join(this.#root, folder));
  }

  text(path: string): string {
    if (!this.has(path)) throw new NotGenerated(`${path} does not exist.`);
    return this.#texts.get(path) ?? readFileSync(join(this.#root, path), 'utf8');
  }

  create(path: string, text: string): void {
    if (this.has(path)) throw new NotGenerated(`${path} exists already: choose another name.`);
    this.#texts.set(path, text);
  }

  /** Adds text to the end of a file. */
  append(path: string, text: string): void {
    this.#texts.set(path, `${this.text(path).trimEnd()}\n\n${text.trim()}\n`);
  }

  /** Replaces what a pattern matches. */
  replace(path: string, place: RegExp, to: (found: string) => string): void {
    const { start, found } = this.#find(path, place);
    this.#splice(path, start, found.length, to(found));
  }

  /** Adds text before what a pattern matches. */
  addBefore(path: string, place: RegExp, text: string): void {
    this.#splice(path, this.#find(path, place).start, 0, text);
  }

  /** Adds text before the declaration of an exported type, and before its comment if it has one. */
  addBeforeType(path: string, name: string, text: string): void {
    this.addBefore(path, new RegExp(`^(?:/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n)?export type ${name} =`, 'm'), text);
  }

  /** Adds text after what a pattern matches. */
  addAfter(path: string, place: RegExp, text: string): void {
    const { start, found } = this.#find(path, place);
    this.#splice(path, start + found.length, 0, text);
  }

  /** Adds an entry to the end of a list or an object in TypeScript. `place` ends with its opening bracket. */
  addEntry(path: string, place: RegExp, entry: string): void {
    this.addBeforeClosing(path, place, (inside) =>
      /(^|,)\s*(\/\/.*)?$/.test(inside) ? `\n${entry},\n` : `, ${entry}`,
    );
  }

  /** Adds statements to the end of a block. `place` ends with its opening brace. */
  addStatements(path: string, place: RegExp, statements: string): void {
    this.addBeforeClosing(path, place, () => `\n${statements}\n`);
  }

  /** Adds text before the bracket that closes the one at the end of `place`, after what is inside. */
  addBeforeClosing(path: string, place: RegExp, text: (inside: string) => string): void {
    const { start, found } = this.#find(path, place);
    const open = start + found.length - 1;
    const whole = this.text(path);
    const close = closingBracket(whole, open);
    if (close === undefined || close === open) throw new NotGenerated(`${path} has no bracket that closes ${place}.`);
    const inside = whole.slice(open + 1, close).trimEnd();
    const end = open + 1 + inside.length;
    this.#splice(path, end, close - end, text(inside));
  }

  /** Imports a name, as a type if the name starts with `type `. */
  addImport(path: string, name: string, from: string): void {
    const statement = new RegExp(`^import (type )?\\{([^}]*)\\} from '${from.replaceAll('.', '\\.')}';\n`, 'm');
    const [whole, typeOnly = '', list = ''] = statement.exec(this.text(path)) ?? [];
    const before = list.split(',').flatMap((one) => (one.trim() === '' ? [] : `${typeOnly}${one.trim()}`));
    const names = [...new Set([...before, name])];
    const areTypes = names.every((one) => one.startsWith('type '));
    const listed = areTypes
      ? `type { ${names.map((one) => one.slice('type '.length)).join(', ')} }`
      : `{ ${names.join(', ')} }`;
    const code = `import ${listed} from '${from}';\n`;
    if (whole === undefined) this.#splice(path, this.text(path).search(/^import /m), 0, code);
    else this.replace(path, statement, () => code);
  }

  #find(path: string, place: RegExp): { readonly start: number; readonly found: string } {
    const matches = [...this.text(path).matchAll(new RegExp(place, `g${place.flags}`))];
    const [match] = matches;
    if (match !== undefined && matches.length === 1) return { start: match.index, found: match[0] };
    throw new NotGenerated(
      `${path} has ${matches.length} places that match ${place}, but the generator needs exactly one. Add the code by hand, or adapt scripts/new.`,
    );
  }

  #splice(path: string, start: number, length: number, text: string): void {
    const whole = this.text(path);
    this.#texts.set(path, whole.slice(0, start) + text + whole.slice(start + length));
  }
}
