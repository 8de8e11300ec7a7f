import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

export interface ZipFile {
  /** The path within the archive, with forward slashes. */
  readonly name: string;
  readonly content: Buffer;
}

/** In local time, which zip archives store, so that the bytes are the same in every time zone. */
const TIME = { mtime: new Date(2020, 0, 1), forceDosTimestamp: true };

/** Readable by everyone, writable by the owner. */
const MODE = 0o100644;

/** Creates a zip archive. The same files produce the same bytes, regardless of order, time or permissions (with the same zlib). */
export async function zip(files: readonly ZipFile[]): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const { name, content } of [...files].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    archive.addBuffer(content, name, { ...TIME, mode: MODE, compressionLevel: 9 });
  }
  archive.end();
  return buffer(archive.outputStream);
}
