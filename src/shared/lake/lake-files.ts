import type { Readable } from 'node:stream';

/** A file in the lake. */
export interface LakeFile {
  /** Path within the container. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** The files of one container of the lake. Errors of Storage are rethrown, except where a method says otherwise. */
export interface LakeFiles {
  /** Returns the content of a file; undefined when there is none. */
  read(path: string): Promise<Buffer | undefined>;
  /** Opens a file for reading from its start. */
  stream(path: string): Promise<Readable>;
  /** Writes a file, in place of one that is there. */
  write(path: string, content: Uint8Array): Promise<void>;
  /** Writes a file unless there is one (`If-None-Match: *`). Returns whether it was written. */
  create(path: string, content: Uint8Array): Promise<boolean>;
  /** Removes a file if it is there. */
  remove(path: string): Promise<void>;
  /** Lists the files whose path starts with a prefix, by path. A container that is missing has no files. */
  list(prefix: string): AsyncIterable<LakeFile>;
}

/** The container with the files that Event Hubs Capture writes. */
export const CAPTURE_CONTAINER = 'order-events';

/** The container with the tables. */
export const TABLES_CONTAINER = 'tables';
