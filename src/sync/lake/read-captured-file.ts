import { pipeline } from 'node:stream/promises';
import avro from 'avsc';
import * as z from 'zod';
import { CAPTURE_SCHEMA } from '../../shared/lake/capture-schema.ts';
import type { LakeFiles } from '../../shared/lake/lake-files.ts';

const captured = z.object({ Body: z.instanceof(Buffer).nullable() });
const header = z.object({ sync: z.instanceof(Buffer) });

/**
 * Reads the bodies of the events in a captured file, in order. Memory is needed for one block of the file at a time.
 * Throws when the file is damaged or not complete.
 */
export async function readCapturedFile(
  capture: LakeFiles,
  path: string,
  onBody: (body: string) => void,
): Promise<void> {
  const decoder = new avro.streams.BlockDecoder({ readerSchema: CAPTURE_SCHEMA });
  let sync: Buffer | undefined;
  decoder.on('metadata', (_type: unknown, _codec: unknown, found: unknown) => {
    sync = header.parse(found).sync;
  });
  let end: Buffer = Buffer.alloc(0);
  const keepEnd = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      end = Buffer.concat([end, chunk]).subarray(-SYNC_BYTES);
      yield chunk;
    }
  };
  await pipeline(await capture.stream(path), keepEnd, decoder, async (records) => {
    for await (const record of records) {
      const { Body: body } = captured.parse(record);
      if (body !== null) onBody(body.toString());
    }
  });
  // Header and blocks end with the same marker. The decoder ignores a block that is cut off.
  if (!sync?.equals(end)) throw new Error('The file is not complete.');
}

/** https://avro.apache.org/docs/current/specification/#object-container-files */
const SYNC_BYTES = 16;
