import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';

/** A parser that PEG.js has generated. Throws its own `SyntaxError` that says what it expected. */
export interface GeneratedParser {
  parse(text: string): unknown;
  readonly SyntaxError: new (...values: never[]) => Error;
}

const RULE = /^ {2}function peg\$parse(\w+)\(\) \{$/gm;

/**
 * Makes a generated parser remember the result of each rule at each position, as PEG.js does with its option `cache`. Without it, each
 * pair of parentheses is parsed once for every precedence of operators, so that the time grows exponentially with their depth: 350 ms for
 * a search for six words. As with `cache`, an error can name fewer of the texts that were expected.
 * @param path the file of the parser, a CommonJS module that loads no other
 */
export function memoizeParser(parser: GeneratedParser, path: string): void {
  Object.assign(parser, load(withMemory(readFileSync(path, 'utf8')), path));
}

function load(source: string, filename: string): GeneratedParser {
  const module: { exports?: GeneratedParser } = {};
  compileFunction(source, ['module'], { filename })(module);
  if (module.exports === undefined) throw new Error(`${filename} exports nothing.`);
  return module.exports;
}

function withMemory(source: string): string {
  const rules = [...source.matchAll(RULE)].length;
  let rule = 0;
  const remembering = source.replaceAll(
    RULE,
    (_declaration, name: string) => `  function peg$parse${name}() {
    const key = peg$currPos * ${rules} + ${rule++};
    const known = peg$results.get(key);
    if (known !== undefined) { peg$currPos = known.end; return known.result; }
    const result = peg$run${name}();
    peg$results.set(key, { end: peg$currPos, result });
    return result;
  }
  function peg$run${name}() {`,
  );
  return remembering.replace('function peg$parse(input, options) {', '$&\n  const peg$results = new Map();');
}
