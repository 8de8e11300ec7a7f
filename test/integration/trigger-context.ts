/** Gets the texts of a batch. Rejects to get it again. */
export type Handler = (texts: readonly string[], partitionId: string) => Promise<void>;

/** A hub with the partitions 0 and 1, and owners that consume it for one function. */
export interface Triggered {
  send(partitionId: string, ...texts: readonly string[]): Promise<void>;
  /** Starts an owner. Returns a function that ends it; a batch that has not succeeded by then is not done. */
  start(handler: Handler): () => void;
  /** Number of the event up to which a partition is processed: 0 for the first one. Undefined without a checkpoint. */
  checkpoint(partitionId: string): Promise<number | undefined>;
  /** Lets time pass until an assertion holds. */
  eventually(assertion: () => void | Promise<void>): Promise<void>;
}
