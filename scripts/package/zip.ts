import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

export interface ZipFile {
  /** Its path within the archive, with slashes. */
  readonly name: string;
  readonly content: Buffer;
}

/** In local time, as archives keep it, so that the bytes are the same in every time zone. */
const TIME = { mtime: new Date(2020, 0, 1), forceDosTimestamp: true };

/** Read by all, written by the owner. */
const MODE = 0o100644;

/** An archive of files. The same files make the same bytes, whatever their order, time or rights (with the same zlib). */
export async function zip(files: readonly ZipFile[]): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const { name, content } of [...files].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    archive.addBuffer(content, name, { ...TIME, mode: MODE, compressionLevel: 9 });
  }
  archive.end();
  return buffer(archive.outputStream);
}
