import { readFileSync } from 'node:fs';
import { type Names, withArticle } from './names.ts';

/** What replaces the texts of a template, by the text. */
export type Replacements = Readonly<Record<string, string>>;

/** The text of a template with all replacements, the longest text first. A replacement is not replaced again. */
export function render(template: string, replacements: Replacements): string {
  const text = readFileSync(new URL(`templates/${template}.txt`, import.meta.url), 'utf8');
  const texts = Object.keys(replacements).sort((a, b) => b.length - a.length);
  return text.replaceAll(new RegExp(texts.join('|'), 'g'), (found) => replacements[found] ?? found);
}

/** Replaces the names of a template's example in each spelling. */
export function renamed(example: Names, names: Names): Replacements {
  return {
    ...Object.fromEntries(SPELLINGS.map((spelling) => [example[spelling], names[spelling]])),
    [withArticle(example.words)]: withArticle(names.words),
  };
}

const SPELLINGS = ['pascal', 'camel', 'kebab', 'snake', 'constant', 'words'] as const;
