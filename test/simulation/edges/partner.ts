import { z } from 'zod';
import { EVENTS } from '../../../src/shared/events/envelope.ts';
import type { PostMessage } from '../../../src/sync/webhooks/post-message.ts';
import type { Process } from '../kernel/process.ts';

/** Kinds of faults of a partner's server. */
export const PARTNER_FAULTS = { 'partner refuses': 0.1 };

/** The types of events that the partner wants: all of orders but those of their lines. */
export const PARTNER_EVENTS: string[] = Object.keys(EVENTS).filter((type) => type.startsWith('Order'));

/** The address to which the partner subscribes. */
export const PARTNER_URL = 'https://partner.example/events';

const message = z.object({ data: z.object({ aggregateId: z.string(), version: z.number() }) });

type PartnerEvent = z.output<typeof message>['data'];

/** A partner's server, which keeps the ids of the messages that it got. */
export class SimulatedPartner {
  readonly received = new Set<string>();
  /** The events in the order in which their messages came for the first time. */
  readonly events: PartnerEvent[] = [];

  /** Sends messages from a process. Never rejects. */
  postOf(process: Process): PostMessage {
    return ({ headers, body }) =>
      process
        .call<Awaited<ReturnType<PostMessage>>>({
          step: 'partner post',
          effect: () => {
            this.#receive(String(headers['webhook-id']), message.parse(JSON.parse(body)).data);
            return { kind: 'delivered', status: 200 };
          },
          refusals: { 'partner refuses': () => new Error('The partner answers with 503.') },
          lost: () => new Error('The partner has not answered.'),
        })
        .catch((error: Error) => ({ kind: 'failed', reason: error.message }));
  }

  #receive(id: string, event: PartnerEvent): void {
    if (!this.received.has(id)) this.events.push(event);
    this.received.add(id);
  }
}
