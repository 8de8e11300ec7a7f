import type { Caller } from './callers.ts';

/** Who uses the console, and their tokens. */
export interface Session {
  readonly apiUrl: string;
  readonly caller: Caller;
  /** The callers to choose from; one unless this is a developer machine. */
  readonly callers: readonly Caller[];
  /** The session of another caller. */
  readonly as: (callerId: string) => Session;
  /** An access token that is still valid. */
  readonly token: () => Promise<string>;
  readonly signOut?: () => void;
}
