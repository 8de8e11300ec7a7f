import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One step of a recipe in CONTRIBUTING.md. */
export type Step =
  | { readonly kind: 'new file'; readonly path: string; readonly code: string }
  | {
      readonly kind: 'insertion';
      readonly path: string;
      readonly where: 'before' | 'after';
      /** An existing line, without the spaces around it. */
      readonly line: string;
      readonly code: string;
    };

const CODE = '\\n\\n```\\w+\\n([\\s\\S]*?)```';
const INSERTION = new RegExp(`In \`([^\`\\n]+)\`, (before|after) the line \`([^\\n]+)\`, add:${CODE}`, 'g');
const NEW_FILE = new RegExp(`New file \`([^\`\\n]+)\`:${CODE}`, 'g');

/**
 * Reads the steps of a recipe from its section of a document. Throws when there is no such section, or when it has a code block that
 * belongs to no step.
 */
export function recipeIn(document: string, heading: string): readonly Step[] {
  const section = document.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`There is no section "${heading}".`);
  const insertions = [...section.matchAll(INSERTION)].map(([, path = '', where, line = '', code = '']): Step => {
    return { kind: 'insertion', path, where: where === 'before' ? 'before' : 'after', line, code };
  });
  const newFiles = [...section.matchAll(NEW_FILE)].map(([, path = '', code = '']): Step => {
    return { kind: 'new file', path, code };
  });
  const blocks = section.match(/^```\w+$/gm)?.length ?? 0;
  const steps = [...newFiles, ...insertions];
  if (steps.length === blocks) return steps;
  throw new Error(`"${heading}" has ${blocks} code blocks, but ${steps.length} of them say where they go.`);
}

/** Applies a step to a folder. Throws when the file or its line does not exist (once), or when a new file exists already. */
export async function applyStep(folder: string, step: Step): Promise<void> {
  const path = join(folder, step.path);
  if (step.kind === 'new file') {
    await mkdir(dirname(path), { recursive: true });
    return writeFile(path, step.code, { flag: 'wx' });
  }
  const lines = (await readFile(path, 'utf8')).split('\n');
  const places = lines.flatMap((line, index) => (line.trim() === step.line ? index : []));
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(`${step.path} has ${places.length} lines "${step.line}", but the recipe needs exactly one.`);
  }
  const index = step.where === 'after' ? place + 1 : place;
  await writeFile(path, lines.toSpliced(index, 0, ...step.code.replace(/\n$/, '').split('\n')).join('\n'));
}
