import { createRequire } from 'node:module';
import { z } from 'zod';

/** A blob of a list. */
export interface BlobItem {
  readonly name: string;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  /** `available` when nobody holds a lease. */
  readonly leaseState: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const blobSchema = z.object({
  Name: z.string(),
  Properties: z.object({
    Etag: z.string(),
    'Last-Modified': z.coerce.date(),
    LeaseState: z.string().default('available'),
  }),
  // An empty element is an empty string.
  Metadata: z.union([z.record(z.string(), z.string()), z.literal('').transform(() => ({}))]).default({}),
});

const listSchema = z.object({
  EnumerationResults: z.object({
    Blobs: z.union([z.object({ Blob: z.array(blobSchema) }), z.literal('').transform(() => ({ Blob: [] }))]),
    NextMarker: z.string().default(''),
  }),
});

/** Reads the answer to List Blobs: https://learn.microsoft.com/rest/api/storageservices/list-blobs */
export function blobsOf(xml: string): { readonly blobs: readonly BlobItem[]; readonly nextMarker: string } {
  const { EnumerationResults: list } = listSchema.parse(parse(xml));
  const blobs = list.Blobs.Blob.map(({ Name: name, Properties: properties, Metadata: metadata }) => ({
    name,
    etag: properties.Etag.replaceAll('"', ''),
    lastModified: properties['Last-Modified'],
    leaseState: properties.LeaseState,
    metadata,
  }));
  return { blobs, nextMarker: list.NextMarker };
}

/** Loads the parser only when there is a list. As CommonJS, it is one file, which the Storage SDK of the sync app loads too. */
function parse(xml: string): unknown {
  const { XMLParser }: typeof import('fast-xml-parser') = createRequire(import.meta.url)('fast-xml-parser');
  const isArray = (_name: string, path: unknown) => path === 'EnumerationResults.Blobs.Blob';
  return new XMLParser({ parseTagValue: false, isArray }).parse(xml);
}
