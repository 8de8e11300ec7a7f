import { BTree } from './commonjs-modules.ts';
import type { StoredDocument } from './stored-document.ts';
import { expiresAt } from './time-to-live.ts';

type Key = readonly [seconds: number, rid: string];

/** Documents with a time to live, in the order in which they expire. */
export class ExpiryQueue {
  readonly #defaultTtl: number | undefined;
  readonly #documents = new BTree<Key, StoredDocument>(
    [],
    ([seconds, rid], [otherSeconds, otherRid]) =>
      seconds - otherSeconds || (rid < otherRid ? -1 : Number(rid > otherRid)),
  );

  /** @param defaultTtl of the container, see {@link expiresAt} */
  constructor(defaultTtl: number | undefined, documents: Iterable<StoredDocument>) {
    this.#defaultTtl = defaultTtl;
    for (const document of documents) this.replace(undefined, document);
  }

  /** Applies a change of a document. */
  replace(before: StoredDocument | undefined, after: StoredDocument | undefined): void {
    const [oldKey, newKey] = [before && this.#keyOf(before), after && this.#keyOf(after)];
    if (oldKey !== undefined) this.#documents.delete(oldKey);
    if (newKey !== undefined && after !== undefined) this.#documents.set(newKey, after);
  }

  /** @param now milliseconds since 1970 */
  expired(now: number): readonly StoredDocument[] {
    const documents: StoredDocument[] = [];
    for (const [[seconds], document] of this.#documents.entries()) {
      if (seconds > now / 1000) break;
      documents.push(document);
    }
    return documents;
  }

  #keyOf({ value, rid }: StoredDocument): Key | undefined {
    const seconds = expiresAt(value, this.#defaultTtl);
    return seconds === undefined ? undefined : [seconds, rid];
  }
}
