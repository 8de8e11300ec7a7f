import { openSqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { productCommit } from '../support/commands/commits.ts';

/** A process whose files cannot grow beyond a limit: commits until that fails, and prints whether the store accepts writes before and after. */
const store = await openSqliteWriteStore(process.argv[2] ?? '', systemRuntime);
const acceptsWrites = () =>
  store.ping().then(
    () => true,
    () => false,
  );
const before = await acceptsWrites();
for (let number = 1, committed = true; committed; number++) {
  committed = await store.commit(productCommit({ productId: `p${number}` })).then(
    () => true,
    () => false,
  );
}
// What is left after a commit failed may still have space for a few checks, which write less.
for (let check = 1; check <= 100 && (await acceptsWrites()); check++);
console.log(JSON.stringify({ before, after: await acceptsWrites() }));
