import { z } from 'zod';
import type { PostedMessage, PostMessage } from '../../../src/sync/webhooks/post-message.ts';
import { signedHeaders } from '../../../src/sync/webhooks/signature.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';

/** Kinds of faults of a partner's server. */
export const PARTNER_FAULTS = { 'partner refuses': 0.1 };

const message = z.object({
  type: z.string(),
  data: z.object({ eventId: z.string(), aggregateType: z.string(), aggregateId: z.string(), version: z.number() }),
});

/** A message as a partner received it. */
export interface ReceivedMessage {
  /** Simulated milliseconds since the start. */
  readonly at: number;
  readonly type: string;
  readonly eventId: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly body: string;
  /** The secrets of the partner with which it is signed. */
  readonly signedWith: readonly string[];
}

/** The server of a partner. Records the messages that it receives. */
export class SimulatedPartner {
  readonly url: string;
  /** The secrets that its operators have agreed on, the newest one last. */
  readonly secrets: string[];
  readonly received: ReceivedMessage[] = [];
  readonly #world: World;

  constructor(world: World, name: string) {
    this.#world = world;
    this.url = `https://${name}.example/events`;
    this.secrets = [secretNamed(name)];
  }

  /** Agrees on another secret. */
  changeSecret(): string {
    const secret = secretNamed(`another one of ${this.url}`);
    this.secrets.push(secret);
    return secret;
  }

  receive({ headers, body }: PostedMessage): void {
    const { type, data } = message.parse(JSON.parse(body));
    const id = String(headers['webhook-id']);
    const sentAt = Number(headers['webhook-timestamp']) * 1_000;
    const signatures = String(headers['webhook-signature']).split(' ');
    const isOf = (secret: string) =>
      signatures.includes(String(signedHeaders({ id, sentAt, body }, [secret])['webhook-signature']));
    this.received.push({ at: this.#world.passed, type, ...data, body, signedWith: this.secrets.filter(isOf) });
  }
}

/** A secret in the format of Standard Webhooks. */
const secretNamed = (name: string): string => `whsec_${Buffer.alloc(32, name).toString('base64')}`;

/** Sends messages from a process to the partners' servers. Never rejects. */
export const postFrom =
  (process: Process, partners: readonly SimulatedPartner[]): PostMessage =>
  (posted) =>
    process
      .call<Awaited<ReturnType<PostMessage>>>({
        step: 'partner post',
        effect: () => {
          partners.find(({ url }) => url === posted.url)?.receive(posted);
          return { kind: 'delivered', status: 200 };
        },
        refusals: { 'partner refuses': () => new Error('The partner answers with 503.') },
        lost: () => new Error('The partner has not answered.'),
      })
      .catch((error: Error) => ({ kind: 'failed', reason: error.message }));
