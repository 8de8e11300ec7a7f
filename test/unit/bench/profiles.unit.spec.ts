import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../bench/profiling/categories.ts';
import { busySamplesOf, type CallFrame, type CpuProfile } from '../../../bench/profiling/cpu-profile.ts';
import { sharesOfCategories, sharesOfFunctions } from '../../../bench/profiling/shares.ts';

const PROJECT = 'file:///home/ada/orders';

const inFile = (functionName: string, url: string): CallFrame => ({
  functionName,
  url,
  lineNumber: 6,
  columnNumber: 0,
});
const inPackage = (functionName: string, path: string) => inFile(functionName, `${PROJECT}/node_modules/${path}`);
const ofProject = (functionName: string) => inFile(functionName, `${PROJECT}/dist/local/commands/index.cjs`);
/** A native function, or what V8 reports outside any function. */
const native = (functionName: string): CallFrame => ({ functionName, url: '', lineNumber: -1, columnNumber: -1 });

type Stack = readonly [samples: number, ...stack: readonly CallFrame[]];

/** Makes a profile of stacks, each with the outermost function first. */
function profileOf(...stacks: readonly Stack[]): CpuProfile {
  const nodes = [{ id: 0, callFrame: native('(root)'), hitCount: 0, children: [] as number[] }];
  for (const [samples, ...stack] of stacks) {
    let id = 0;
    for (const [index, callFrame] of stack.entries()) {
      nodes[id]?.children.push(nodes.length);
      const hitCount = index === stack.length - 1 ? samples : 0;
      id = nodes.push({ id: nodes.length, callFrame, hitCount, children: [] }) - 1;
    }
  }
  return { nodes };
}

const busySamples = (...stacks: readonly Stack[]) => busySamplesOf(profileOf(...stacks));
const categoriesOf = (...stacks: readonly Stack[]) => Object.fromEntries(sharesOfCategories(busySamples(...stacks)));

describe('the busy samples of a profile', () => {
  it('are those of each function itself, without the functions that it calls and without idle time', () => {
    const all = busySamples(
      [2, ofProject('outer'), ofProject('inner')],
      [1, ofProject('outer')],
      [5, native('(idle)')],
    );
    expect(all.map(({ stack, samples }) => [samples, ...stack.map(({ functionName }) => functionName)])).toEqual([
      [2, 'inner', 'outer', '(root)'],
      [1, 'outer', '(root)'],
    ]);
  });
});

describe('the categories of a profile', () => {
  it('are shares of the busy time that add up to 100, the largest first', () => {
    const all = busySamples([1, native('(garbage collector)')], [3, ofProject('decide')], [9, native('(idle)')]);
    const shares = sharesOfCategories(all);
    expect([...shares]).toEqual([
      ['the code of this project', 75],
      ['garbage collection', 25],
    ]);
  });

  it.each([
    ['http', inFile('resOnFinish', 'node:_http_server')],
    ['http', inFile('onStreamRead', 'node:internal/stream_base_commons')],
    ['functions', inFile('Request', 'node:internal/deps/undici/undici')],
    ['functions', inPackage('invoke', '@azure/functions/dist/azure-functions.js')],
    ['cosmos', inPackage('read', '@azure/cosmos/dist/commonjs/Item.js')],
    ['cosmos', inPackage('send', '@azure/core-rest-pipeline/dist/commonjs/pipeline.js')],
    ['amqp', inPackage('send', '@azure/core-amqp/dist/commonjs/sender.js')],
    ['amqp', inPackage('encode', 'rhea/lib/types.js')],
    ['cryptography', inFile('createCipheriv', 'node:crypto')],
    ['cryptography', inPackage('jwtVerify', 'jose/dist/webapi/jwt/verify.js')],
    ['validation', inPackage('parse', 'zod/v4/core/parse.cjs')],
    ['packages', inPackage('get', 'lru-cache/dist/index.js')],
    ['host', inFile('route', `${PROJECT}/local/functions-host/routes.ts`)],
    ['own', ofProject('decide')],
    ['native', native('(program)')],
    ['node', inFile('processTicksAndRejections', 'node:internal/process/task_queues')],
  ] as const)('count %s', (category, frame) => {
    expect(categoriesOf([1, frame])).toEqual({ [CATEGORIES[category]]: 100 });
  });

  it.each([
    ['http', [ofProject('send'), inFile('writevGeneric', 'node:internal/stream_base_commons'), native('writev')]],
    ['cryptography', [ofProject('newId'), inFile('randomFillSync', 'node:internal/crypto/random'), native('run')]],
    ['own', [inPackage('invoke', '@azure/functions/dist/azure-functions.js'), ofProject('read'), native('stat')]],
    ['amqp', [ofProject('send'), inPackage('receive', 'rhea/lib/session.js'), inFile('emit', 'node:events')]],
  ] as const)('count a function without a category as %s, like its nearest caller with one', (category, stack) => {
    expect(categoriesOf([1, ...stack])).toEqual({ [CATEGORIES[category]]: 100 });
  });

  it('count the methods of node:sqlite as SQLite, although their caller is the project', () => {
    expect(categoriesOf([1, ofProject('commit'), native('exec')])).toEqual({ [CATEGORIES.sqlite]: 100 });
  });
});

describe('the functions of a profile', () => {
  it('are named with their place, and native ones with that of their caller', () => {
    const all = busySamples([1, ofProject('commit'), native('exec')], [2, ofProject('')], [1, native('(program)')]);
    expect(Object.fromEntries(sharesOfFunctions(all, ({ functionName }) => `place of ${functionName}`))).toEqual({
      '(anonymous), place of ': 50,
      'exec (native), called in place of commit': 25,
    });
  });
});
