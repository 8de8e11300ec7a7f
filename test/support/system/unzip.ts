import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** An entry of an archive's central directory; https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.12 */
interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly content: Buffer;
}

const END_OF_DIRECTORY = 0x06054b50;

/** The files of an archive whose entries are deflated and below 4 GB. */
export function entriesOf(archive: Buffer): readonly Entry[] {
  let end = archive.length - 22;
  while (archive.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  let at = archive.readUInt32LE(end + 16);
  return Array.from({ length: archive.readUInt16LE(end + 10) }, () => {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const [size, mode, header] = [20, 38, 42].map((offset) => archive.readUInt32LE(at + offset));
    const name = archive.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    const start =
      (header ?? 0) + 30 + archive.readUInt16LE((header ?? 0) + 26) + archive.readUInt16LE((header ?? 0) + 28);
    return { name, mode: (mode ?? 0) >>> 16, content: inflateRawSync(archive.subarray(start, start + (size ?? 0))) };
  });
}

/** Writes the files of an archive into a folder. */
export async function unzip(archive: Buffer, folder: string): Promise<void> {
  for (const { name, content } of entriesOf(archive)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}
