import * as z from 'zod';
import { EVENT_CONTRACTS } from '../../shared/events/envelope.ts';
import { splitPersonal } from '../../shared/personal-data/personal-fields.ts';

const typed = z.looseObject({ eventType: z.string() });

/**
 * A stored event as admins see it: as it is stored, but without the personal data that version 0.1.0 did not encrypt, which has the same
 * placeholders as encrypted data.
 */
export function shownEvent(body: string): object {
  const event = typed.parse(JSON.parse(body));
  const fields = EVENT_CONTRACTS.get(event.eventType)?.personal;
  return fields === undefined ? event : typed.parse(splitPersonal(event, fields).clear);
}
