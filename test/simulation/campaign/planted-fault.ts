/** A fault in the source code: one text of a file is replaced by another when the file is loaded. */
export interface PlantedFault {
  readonly name: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** A text that the file has once. */
  readonly search: string;
  readonly replacement: string;
}
