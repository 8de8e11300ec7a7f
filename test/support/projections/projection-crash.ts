/** A process that projects one batch, and ends itself (SIGKILL) after the call to Cosmos DB that it was started for. */

import type { ProjectionCrash } from '../commands/run-until-crash.ts';
import { projectBodies } from './project-batch.ts';

const { lastCall, ...batch }: ProjectionCrash = JSON.parse(process.argv[2] ?? '');

let calls = 0;
async function counted<Result>(call: Promise<Result>): Promise<Result> {
  const result = await call;
  if (++calls === lastCall) process.kill(process.pid, 'SIGKILL');
  return result;
}

await projectBodies(batch, (store) => ({
  read: (targets) => counted(store.read(targets)),
  write: (writes) => counted(store.write(writes)),
  findOlderCopies: async function* (copy) {
    for await (const ids of store.findOlderCopies(copy)) yield await counted(Promise.resolve(ids));
  },
}));
