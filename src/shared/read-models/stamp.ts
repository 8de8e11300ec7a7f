/** A document, or a part of one, with the version of the projection that wrote it. */
export type Stamped<Part> = Part & {
  /** Absent means 0, which is older than every version of a projection. */
  readonly projectionVersion?: number;
};

/**
 * Whether an event replaces the content of a document: the event is newer, or it has the same version and the document was written by
 * an older version of the projection.
 */
export function supersedes(
  event: { readonly version: number },
  projectionVersion: number,
  held: Stamped<{ readonly version: number }> | undefined,
): boolean {
  if (held === undefined || event.version > held.version) return true;
  return event.version === held.version && (held.projectionVersion ?? 0) < projectionVersion;
}
