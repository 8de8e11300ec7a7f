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

/** A document of an earlier run, parsed when it is first needed. Most never are, and parsing them would take most of the time of a start. */
export class LoadedDocument implements StoredDocument {
  readonly id: string;
  readonly rid: string;
  readonly bytes: number;
  #content: string | Json;

  constructor({ id, rid, json }: Readonly<Record<'id' | 'rid' | 'json', string>>) {
    this.id = id;
    this.rid = rid;
    this.bytes = Buffer.byteLength(json);
    this.#content = json;
  }

  get value(): Json {
    if (typeof this.#content !== 'string') return this.#content;
    const value: Json = JSON.parse(this.#content);
    this.#content = value;
    return value;
  }

  get etag(): string {
    return String(this.value._etag);
  }
}

export function isJsonObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
