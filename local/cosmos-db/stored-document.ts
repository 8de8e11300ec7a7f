export type Json = Readonly<Record<string, unknown>>;

/** A document as it is kept: with the system properties, and its size as UTF-8 JSON. */
export interface StoredDocument {
  readonly value: Json;
  readonly id: string;
  readonly etag: string;
  readonly rid: string;
  readonly bytes: number;
}

export function storedDocument(value: Json): StoredDocument {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return { value, id: String(value.id), etag: String(value._etag), rid: String(value._rid), bytes };
}

export function isJsonObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
