import { Readable } from 'node:stream';
import { BlobServiceClient, type ContainerClient, RestError } from '@azure/storage-blob';
import type { Connection } from '../config/connection.ts';
import { appCredential } from '../credential.ts';
import type { LakeFile, LakeFiles } from './lake-files.ts';

/** Opens a container of the lake's storage account. Nothing is requested yet. */
export function openLakeFiles(connection: Connection, containerName: string): LakeFiles {
  const service =
    connection.kind === 'connectionString'
      ? BlobServiceClient.fromConnectionString(connection.connectionString)
      : new BlobServiceClient(connection.endpoint, appCredential(connection.clientId));
  return filesOf(service.getContainerClient(containerName));
}

function filesOf(container: ContainerClient): LakeFiles {
  const blob = (path: string) => container.getBlockBlobClient(path);
  return {
    read: (path) =>
      blob(path)
        .downloadToBuffer()
        .catch(onStatus(404, () => undefined)),
    stream: async (path) => {
      const { readableStreamBody } = await blob(path).download();
      // The SDK's type is that of any platform; under Node, it is a Readable.
      if (!(readableStreamBody instanceof Readable)) throw new Error(`${path} cannot be read as a stream.`);
      return readableStreamBody;
    },
    write: async (path, content) => {
      await blob(path).upload(content, content.byteLength);
    },
    create: (path, content) =>
      blob(path)
        .upload(content, content.byteLength, { conditions: { ifNoneMatch: '*' } })
        .then(() => true)
        // 409 when the file is there, 412 when another writer has created it meanwhile.
        .catch(onStatus(409, () => false))
        .catch(onStatus(412, () => false)),
    remove: async (path) => {
      await blob(path).deleteIfExists();
    },
    list: (prefix) => list(container, prefix),
  };
}

async function* list(container: ContainerClient, prefix: string): AsyncIterable<LakeFile> {
  try {
    for await (const { name, properties } of container.listBlobsFlat({ prefix })) {
      const { contentLength: size = 0, lastModified } = properties;
      yield { path: name, size, modifiedAt: lastModified.getTime() };
    }
  } catch (error) {
    if (!(error instanceof RestError) || error.statusCode !== 404) throw error;
  }
}

/** Returns a handler for `.catch()` that replaces an error of one HTTP status by a value. */
function onStatus<Value>(status: number, value: () => Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof RestError && error.statusCode === status) return value();
    throw error;
  };
}
