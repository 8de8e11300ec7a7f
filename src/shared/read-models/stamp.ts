/** A document, or a part of one, with the version of the projection that made it. */
export type Stamped<Part> = Part & {
  /** 0, or absent, is older than every projection's. */
  readonly projectionVersion?: number;
};

/**
 * Whether an event replaces what a document holds: it is newer, or the very event that the document was made of by an older
 * version of the projection.
 */
export function supersedes(
  event: { readonly version: number },
  projectionVersion: number,
  held: Stamped<{ readonly version: number }> | undefined,
): boolean {
  if (held === undefined || event.version > held.version) return true;
  return event.version === held.version && (held.projectionVersion ?? 0) < projectionVersion;
}
