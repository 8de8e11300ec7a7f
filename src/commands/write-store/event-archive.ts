export interface ArchiveRequest {
  /** Only events recorded before this time, ISO 8601 UTC. */
  readonly recordedBefore: string;
  /** Maximum events to move. */
  readonly limit: number;
  /** Moves only events that start within this many characters, which limits the transaction whatever the size of its events. */
  readonly maxCharacters: number;
}

/**
 * The archive of the event log. Everything that reads the log reads the archive as well. The event and the record of its command stay
 * together: a command whose event is archived is no longer recognized when it is sent again.
 */
export interface EventArchive {
  /**
   * Moves the oldest events that are published and recorded before a time to the archive, and deletes the records of their commands, all
   * in one transaction. Safe to run concurrently. Returns the number of moved events; 0 when none is due.
   */
  archiveEvents(request: ArchiveRequest): Promise<number>;
}
