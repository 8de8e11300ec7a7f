import * as z from 'zod';
import { invalidToken, parsePosition } from '../../shared/http/continuation-token.ts';

/** One record of a store. */
export interface ExportItem {
  /** One of `EXPORTED_STORES`. */
  readonly store: string;
  readonly record: object;
}

/** A part of an export. */
export interface ExportPart {
  readonly items: readonly ExportItem[];
  /** Where the source continues; undefined when it has nothing more. */
  readonly next?: string | undefined;
}

/** Something that holds data of a customer, read in parts of a limited size. */
export interface ExportSource {
  readonly name: string;
  /** Reads the part after a position of this source, or its first part. */
  read(after: string | undefined): Promise<ExportPart>;
}

/** Where a page starts: the source, and the position in it. */
interface ExportPosition {
  readonly source: string;
  readonly after?: string | undefined;
}

export interface ExportPage {
  readonly items: readonly ExportItem[];
  readonly continuationToken?: string;
}

/** A page ends with the part that reaches one of these: its JSON in characters, and the number of parts, which limits its requests. */
const LIMITS = { characters: 1_000_000, parts: 30 };

/** Reads a page of an export. Throws Problem `validation-failed` for a token that no page of an export has returned. */
export async function readExportPage(
  sources: readonly ExportSource[],
  continuationToken: string | undefined,
  limits: typeof LIMITS = LIMITS,
): Promise<ExportPage> {
  const items: ExportItem[] = [];
  let position = continuationToken === undefined ? startOf(sources, 0) : toPosition(continuationToken);
  let characters = 0;
  for (let parts = 0; position !== undefined; parts++) {
    if (parts >= limits.parts || characters >= limits.characters) break;
    const part = await readPart(sources, position);
    items.push(...part.items);
    if (part.items.length > 0) characters += JSON.stringify(part.items).length;
    position = part.next;
  }
  return { items, ...(position !== undefined && { continuationToken: toToken(position) }) };
}

/** Reads the part at a position, and finds the position after it: in the same source, or at the start of the next one. */
async function readPart(sources: readonly ExportSource[], { source, after }: ExportPosition) {
  const index = sources.findIndex(({ name }) => name === source);
  const part = await sources[index]?.read(after);
  if (part === undefined) throw invalidToken();
  return {
    items: part.items,
    next: part.next === undefined ? startOf(sources, index + 1) : { source, after: part.next },
  };
}

const startOf = (sources: readonly ExportSource[], index: number): ExportPosition | undefined => {
  const source = sources[index];
  return source && { source: source.name };
};

const token = z.tuple([z.string(), z.string().nullable()]);

const toToken = ({ source, after }: ExportPosition): string =>
  Buffer.from(JSON.stringify([source, after ?? null])).toString('base64url');

function toPosition(text: string): ExportPosition {
  const [source, after] = parsePosition(token, Buffer.from(text, 'base64url').toString());
  return { source, after: after ?? undefined };
}
