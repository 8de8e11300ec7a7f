import type { EventEnvelope } from '../../shared/events/envelope.ts';
import type { EventPosition } from '../dead-letters/dead-letters.ts';
import type { Target } from '../projections/projection.ts';

/** An event to project, with its position and its body as received. */
export interface DecodedEvent extends EventPosition {
  readonly body: string;
  readonly event: EventEnvelope;
}

/** Events of a batch that change documents of one logical partition. */
export interface Group {
  readonly target: Target;
  readonly events: readonly DecodedEvent[];
}
