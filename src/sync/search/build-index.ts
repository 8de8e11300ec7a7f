import type { IndexNames } from '../../shared/search/index-names.ts';
import type { DocumentKey } from '../projections/projection.ts';
import type { PendingDependencies } from './index-pending.ts';
import type { IndexStore } from './index-store.ts';
import { refusalOf } from './search-fault.ts';

/** Creates and deletes indexes. Methods throw SearchFault. */
export interface IndexService {
  exists(name: string): Promise<boolean>;
  /** Creates an empty index, in place of one that exists. */
  create(name: string): Promise<void>;
  delete(name: string): Promise<void>;
}

/** A page of a list's records, highest sort key first. */
export interface RecordPage {
  readonly records: readonly DocumentKey[];
  /** The sort key after which the next page starts; null: this is the last page. */
  readonly next: string | null;
}

export interface BuildDependencies {
  /** The index that the current definition asks for. */
  readonly wanted: string;
  readonly store: Pick<IndexStore, 'names' | 'saveNames' | 'pending' | 'removePending'>;
  readonly service: IndexService;
  /** The page after a sort key; null: the first page. Throws TransientFault. */
  readonly page: (after: string | null) => Promise<RecordPage>;
  /** Puts the current state of records into an index. Returns those that it refuses. Throws TransientFault and SearchFault. */
  readonly index: PendingDependencies['index'];
  readonly now: () => number;
}

/**
 * How long (ms) a replaced index is kept: longer than queries remember its name (`src/queries/search/serving-index.ts`) and longer than a
 * request takes.
 */
const KEEP_REPLACED_MS = 60_000;

/**
 * Builds the index that the current definition asks for beside the one that answers queries, and switches to it when it is complete.
 * It gets every change while it is filled: writers read the names of the indexes after they have written a document, so the pages
 * find a document that is written before the names are saved, and its writer uploads one that is written afterwards. Resumes where
 * the last run has ended. Throws TransientFault and SearchFault.
 * @param until time (ms) at which the run ends, complete or not
 */
export async function buildIndex(deps: BuildDependencies, until: number): Promise<void> {
  const { wanted, store, service } = deps;
  const { names, etag } = await store.names();
  const exists = await service.exists(wanted);
  if (names.serving === wanted && exists) return endBuild(names, etag, deps);
  if (names.building === wanted && exists) return fill(names, etag, deps, until);
  const planned = plannedNames(names, deps);
  const plannedEtag = await store.saveNames(planned, etag);
  // Another instance has changed the names.
  if (plannedEtag === undefined) return;
  await service.create(wanted);
  const started = { ...planned, building: wanted, replaced: planned.replaced.filter((name) => name !== wanted) };
  await fill(started, await store.saveNames(started, plannedEtag), deps, until);
}

/**
 * The names to save before the wanted index is created. They list it among the replaced indexes until its fill starts: if this run ends
 * before that, and the next release wants another index, this one is still deleted.
 */
function plannedNames(names: IndexNames, deps: BuildDependencies): IndexNames {
  const { wanted, now } = deps;
  return {
    // An index that is gone answers no queries until it is filled again.
    serving: names.serving === wanted ? null : names.serving,
    building: null,
    filledTo: null,
    replaced: [...replacing(names, names.building, deps).replaced, wanted],
    replacedAt: new Date(now()).toISOString(),
  };
}

/** @param startEtag undefined: another instance has changed the names */
async function fill(
  started: IndexNames,
  startEtag: string | undefined,
  deps: BuildDependencies,
  until: number,
): Promise<void> {
  const { wanted, store, page, index, now } = deps;
  let names = started;
  let etag = startEtag;
  while (etag !== undefined && names.building === wanted && now() < until) {
    const { records, next } = await page(names.filledTo);
    const refused = await index(records, wanted);
    if (refused.size > 0) throw refusalOf(refused);
    names = next === null ? switched(names, deps) : { ...names, filledTo: next };
    etag = await store.saveNames(names, etag);
  }
}

const switched = (names: IndexNames, deps: BuildDependencies): IndexNames => ({
  serving: deps.wanted,
  building: null,
  filledTo: null,
  ...replacing(names, names.serving, deps),
});

/** Cancels the build of another index, and deletes replaced ones that nobody uses any more. */
async function endBuild(names: IndexNames, etag: string | undefined, deps: BuildDependencies): Promise<void> {
  const { store, service, now } = deps;
  if (names.building !== null) {
    await store.saveNames({ ...switched({ ...names, serving: names.building }, deps) }, etag);
  } else if (names.replacedAt !== null && now() - Date.parse(names.replacedAt) >= KEEP_REPLACED_MS) {
    for (const name of names.replaced) {
      await service.delete(name);
      await forgetPending(name, store);
    }
    await store.saveNames({ ...names, replaced: [], replacedAt: null }, etag);
  }
}

/** Removes what was pending for an index that is gone. */
async function forgetPending(name: string, store: BuildDependencies['store']): Promise<void> {
  for (let pending = await store.pending(name, ''); pending.length > 0; pending = await store.pending(name, '')) {
    await store.removePending(pending);
  }
}

/** The replaced indexes, with one more. */
function replacing(
  { replaced, replacedAt }: IndexNames,
  name: string | null,
  { wanted, now }: BuildDependencies,
): Pick<IndexNames, 'replaced' | 'replacedAt'> {
  const others = replaced.filter((other) => other !== wanted && other !== name);
  if (name === null || name === wanted) return { replaced: others, replacedAt };
  return { replaced: [...others, name], replacedAt: new Date(now()).toISOString() };
}
