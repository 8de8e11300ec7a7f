/** A process that projects one batch and kills itself (SIGKILL) after the assigned call to Cosmos DB. */

import { killSelf } from '../commands/kill-self.ts';
import type { ProjectionCrash } from '../commands/run-until-crash.ts';
import { projectBodies } from './project-batch.ts';

const { lastCall, ...batch }: ProjectionCrash = JSON.parse(process.argv[2] ?? '');

let calls = 0;
async function counted<Result>(call: Promise<Result>): Promise<Result> {
  const result = await call;
  if (++calls === lastCall) killSelf();
  return result;
}

await projectBodies(batch, (store) => ({
  read: (targets) => counted(store.read(targets)),
  readFirst: (targets) => counted(store.readFirst(targets)),
  write: (writes) => counted(store.write(writes)),
  findOlderCopies: async function* (copy, within, withSame) {
    for await (const ids of store.findOlderCopies(copy, within, withSame)) yield await counted(Promise.resolve(ids));
  },
}));
