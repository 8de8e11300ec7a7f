/** An event that a projection could not handle. */
export interface DeadLetter {
  readonly id: string;
  /** The container of the projection; also the partition key. */
  readonly readModel: string;
  /** Why it could not be handled when it was tried last. */
  readonly reason: string;
  /** The event as it came from the hub; a data URL where it is no text. */
  readonly event: string;
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly attempts: number;
  /** ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastTried: string;
  readonly status: 'waiting' | 'redriven';
  /** Descending: the newest first. */
  readonly sortKey: string;
}

/** The read model that a dead letter's id names; a read model's name has no `-`. */
export function readModelOf(deadLetterId: string): string {
  return deadLetterId.split('-', 1)[0] ?? '';
}
