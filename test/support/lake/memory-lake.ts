import { Readable } from 'node:stream';
import type { LakeFile, LakeFiles } from '../../../src/shared/lake/lake-files.ts';

/** The files of a container in memory. */
export interface MemoryLake extends LakeFiles {
  /** What was asked for, such as `read orders/_delta_log/…` or `list captured/`. */
  readonly requests: string[];
  /** Paths of all files, sorted. */
  paths(): readonly string[];
  /** Sets the time (ms since 1970) at which files are written. */
  setTime(ms: number): void;
  /** Makes the n-th write from now fail, before or after it has taken effect. */
  failWrite(number: number, when: 'before' | 'after'): void;
}

export function memoryLake(): MemoryLake {
  const files = new Map<string, { readonly content: Buffer; readonly modifiedAt: number }>();
  const requests: string[] = [];
  let now = Date.UTC(2026, 0, 20);
  let failure: { readonly at: number; readonly when: 'before' | 'after' } | undefined;
  let writes = 0;

  const write = (path: string, content: Uint8Array) => {
    writes += 1;
    const fails = failure?.at === writes ? failure.when : undefined;
    if (fails !== 'before') files.set(path, { content: Buffer.from(content), modifiedAt: now });
    if (fails !== undefined) throw new Error(`The process died ${fails} the write of ${path}.`);
  };
  const request = async <Result>(text: string, answer: () => Result): Promise<Result> => {
    requests.push(text);
    await new Promise((resume) => setImmediate(resume));
    return answer();
  };
  const paths = () => [...files.keys()].toSorted();

  return {
    requests,
    paths,
    setTime: (ms) => {
      now = ms;
    },
    failWrite: (number, when) => {
      failure = { at: writes + number, when };
    },
    read: (path) => request(`read ${path}`, () => files.get(path)?.content),
    stream: (path) => request(`stream ${path}`, () => Readable.from([files.get(path)?.content ?? Buffer.alloc(0)])),
    write: (path, content) => request(`write ${path}`, () => write(path, content)),
    create: (path, content) =>
      request(`create ${path}`, () => {
        if (files.has(path)) return false;
        write(path, content);
        return true;
      }),
    remove: (path) => request(`remove ${path}`, () => void files.delete(path)),
    list: async function* (prefix): AsyncIterable<LakeFile> {
      const found = await request(`list ${prefix}`, () => paths().filter((path) => path.startsWith(prefix)));
      for (const path of found) {
        const file = files.get(path);
        if (file !== undefined) yield { path, size: file.content.length, modifiedAt: file.modifiedAt };
      }
    },
  };
}
