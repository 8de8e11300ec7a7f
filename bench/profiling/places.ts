import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { CallFrame } from './cpu-profile.ts';

/** The source is relative to the source map, and the line counts from 0. */
const original = z.object({ originalSource: z.string(), originalLine: z.int() });

/**
 * Returns a function that describes where a function of a profile is, by its module and line: `src/commands/http/if-match.ts:15`,
 * `zod/v4/core/parse.cjs:9`, `node:net:932`.
 * @param bundle path of the app's bundle. Its source map is next to it.
 */
export function placesOf(bundle: string): (frame: CallFrame) => string {
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
  return ({ url, lineNumber, columnNumber }) => {
    if (!url.startsWith('file:')) return `${url}:${lineNumber + 1}`;
    const path = relative('.', fileURLToPath(url)).replaceAll('\\', '/');
    const { data } = original.safeParse(path === bundle ? map.findEntry(lineNumber, columnNumber) : undefined);
    if (data !== undefined) return `${join(dirname(bundle), data.originalSource)}:${data.originalLine + 1}`;
    return `${path.replace(/^.*node_modules\//, '')}:${lineNumber + 1}`;
  };
}
