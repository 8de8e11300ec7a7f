import { NotGenerated } from './not-generated.ts';

/** A name in every spelling in which code and texts use it: of `SmallParcel`. */
export interface Names {
  /** `SmallParcel` */
  readonly pascal: string;
  /** `smallParcel` */
  readonly camel: string;
  /** `small-parcel` */
  readonly kebab: string;
  /** `small_parcel` */
  readonly snake: string;
  /** `SMALL_PARCEL` */
  readonly constant: string;
  /** `small parcel` */
  readonly words: string;
}

/** The spellings of a name that is given by its words in lower case. */
export function namesOf(words: readonly string[]): Names {
  const pascal = words.map(capitalized).join('');
  return {
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    kebab: words.join('-'),
    snake: words.join('_'),
    constant: words.join('_').toUpperCase(),
    words: words.join(' '),
  };
}

const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** The words of a name such as `SmallParcel`. Throws `NotGenerated` for a name in another form. */
export function wordsOfPascal(name: string, what: string): readonly string[] {
  if (!/^([A-Z][a-z0-9]+)+$/.test(name)) {
    throw new NotGenerated(
      `"${name}" is not a name for ${what}: write words without a separator, each with one capital letter, such as SmallParcel.`,
    );
  }
  return name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}

/** The words of a name such as `late-returns`. Throws `NotGenerated` for a name in another form. */
export function wordsOfKebab(name: string, what: string): readonly string[] {
  if (/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name)) return name.split('-');
  throw new NotGenerated(
    `"${name}" is not a name for ${what}: write words in lower case with hyphens, such as late-returns.`,
  );
}

/** Words with the last one in the plural: `small`, `parcels`. */
export function pluralOf(words: readonly string[]): readonly string[] {
  return [...words.slice(0, -1), plural(words.at(-1) ?? '')];
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** Words for one of several: `late`, `return` for `late`, `returns`. Words that are not in the plural get another one: `entry`. */
export function singularOf(words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? '';
  const others = words.slice(0, -1);
  if (/[^aeiou]ies$/.test(last)) return [...others, `${last.slice(0, -3)}y`];
  if (/(x|z|ch|sh|ss)es$/.test(last)) return [...others, last.slice(0, -2)];
  return /[^su]s$/.test(last) ? [...others, last.slice(0, -1)] : [...words, 'entry'];
}

/** `an order`, `a small parcel`. */
export const withArticle = (words: string): string => `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;

/** Words of ECMAScript and TypeScript that cannot name a constant or an import, and names of which every object has a property. */
const RESERVED: ReadonlySet<string> = new Set([
  ...`await break case catch class const continue debugger default delete do else enum export extends false finally for function if
  implements import in instanceof interface let new null package private protected public return static super switch this throw true
  try typeof var void while with yield arguments eval undefined`.split(/\s+/),
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/** Throws `NotGenerated` when the code could not use a name as an identifier. */
export function requireUsable({ pascal, camel }: Names): void {
  if (!RESERVED.has(camel)) return;
  throw new NotGenerated(
    `"${pascal}" cannot be used: "${camel}" is a reserved word of TypeScript. Add a word to the name.`,
  );
}
