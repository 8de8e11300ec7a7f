import type { CallFrame } from './cpu-profile.ts';

/** What a function spends its time on, as the report shows it. */
export const CATEGORIES = {
  sqlite: 'SQLite (node:sqlite)',
  http: "Node's HTTP and sockets (node:http, node:net, streams)",
  functions: '@azure/functions, Request and Response (undici)',
  cosmos: '@azure/cosmos, and the HTTP pipeline of the Azure SDKs',
  amqp: 'AMQP (@azure/event-hubs, rhea)',
  cryptography: 'cryptography (node:crypto, jose)',
  validation: 'validation (zod)',
  packages: 'other packages',
  host: 'the local Functions host',
  own: 'the code of this project',
  collector: 'garbage collection',
  native: 'native code outside any function, "(program)" in a profile',
  node: 'other parts of Node',
} as const;
type Category = (typeof CATEGORIES)[keyof typeof CATEGORIES];

/** The first match counts. Functions of Node that match nothing, such as those of node:buffer and node:events, count toward their callers. */
const BY_URL: readonly (readonly [RegExp, Category])[] = [
  [/^node:internal\/(deps\/undici|webstreams)\//, CATEGORIES.functions],
  [/^node:(internal\/)?(_http|http|net|dns|_?stream|js_stream)/, CATEGORIES.http],
  [/^node:(internal\/)?crypto/, CATEGORIES.cryptography],
  [/\/node_modules\/@azure\/functions\//, CATEGORIES.functions],
  [/\/node_modules\/(@azure\/(event-hubs|core-amqp)|rhea(-promise)?)\//, CATEGORIES.amqp],
  [/\/node_modules\/(@azure\/(cosmos|core-[\w-]+)|@typespec\/ts-http-runtime)\//, CATEGORIES.cosmos],
  [/\/node_modules\/(jose|jsonwebtoken|jws|jwa)\//, CATEGORIES.cryptography],
  [/\/node_modules\/zod\//, CATEGORIES.validation],
  [/\/node_modules\//, CATEGORIES.packages],
  [/\/dist\/local\//, CATEGORIES.own],
  [/\/local\//, CATEGORIES.host],
];

/** V8's names for what runs outside any function. */
const BY_NAME: ReadonlyMap<string, Category> = new Map([
  ['(garbage collector)', CATEGORIES.collector],
  ['(program)', CATEGORIES.native],
]);

/** The methods of node:sqlite. They are native, and nothing else in a profile has both such a name and a caller outside Node's modules. */
const OF_SQLITE: ReadonlySet<string> = new Set(['exec', 'prepare', 'run', 'get', 'all', 'iterate']);

/**
 * Returns what a function spends its time on. A function that belongs to no category, such as a native one, counts toward its nearest
 * caller that does.
 * @param stack the function and its callers, the function first
 */
export function categoryOf(stack: readonly CallFrame[]): Category {
  for (const [index, frame] of stack.entries()) {
    const category = ofFrame(frame, stack[index + 1]);
    if (category !== undefined) return category;
  }
  return CATEGORIES.node;
}

function ofFrame({ functionName, url }: CallFrame, caller: CallFrame | undefined): Category | undefined {
  if (url !== '') return BY_URL.find(([pattern]) => pattern.test(url))?.[1];
  const isOfSqlite = OF_SQLITE.has(functionName) && caller !== undefined && !caller.url.startsWith('node:');
  return isOfSqlite ? CATEGORIES.sqlite : BY_NAME.get(functionName);
}
