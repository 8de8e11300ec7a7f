/** Nodes that answer: a request comes over one link, its reply goes out over another of the same session. */

import { randomUUID } from 'node:crypto';
import type { EventContext, Message, Receiver, Sender, Session, Typed } from 'rhea';
import rhea from 'rhea';
import { nodePath } from './address.ts';
import { AmqpRefusal, type Condition, condition } from './amqp-refusal.ts';
import { sendEncoded } from './link-output.ts';
import { announce, gatherWrites, settleMode } from './rhea-access.ts';

/** A request as it came, decoded. */
export type Request = ReturnType<typeof rhea.message.decode>;

export interface Reply {
  readonly status: 200 | 202;
  readonly description: string;
  readonly body?: Readonly<Record<string, string | Date | boolean | Typed>>;
}

/** HTTP status codes that stand for refusals in replies. */
const STATUS: Partial<Record<Condition, number>> = {
  [condition.notFound]: 404,
  [condition.unauthorized]: 401,
  [condition.notImplemented]: 501,
};

/** Links for replies, with their addresses. */
const replyLinks = new WeakMap<Sender, string>();

/**
 * Answers every request that comes over a link.
 * @param link the client's requests
 * @param node the node's address, which the reply link has as its source
 * @param answer makes the reply; a thrown {@link AmqpRefusal} becomes a reply with its condition
 */
export function openRequests(link: Receiver, node: string, answer: (request: Request) => Reply): void {
  link.set_source({ address: link.source?.address });
  link.set_target({ address: link.target.address });
  // The client for .NET fails on concurrent requests unless the link confirms that they are sent as settled.
  announce(link, { snd_settle_mode: link.snd_settle_mode ?? settleMode.mixed });
  link.on('message', ({ connection, message: encoded, delivery }: EventContext) => {
    if (!Buffer.isBuffer(encoded) || delivery === undefined) return;
    gatherWrites(connection);
    const request = rhea.message.decode(encoded);
    delivery.accept();
    const reply = rhea.message.encode({ ...replyFields(() => answer(request)), ...correlation(request) });
    // In the next turn, because the attach of the reply link may not have been written yet.
    setImmediate(() => {
      const replies = replyLink(link.session, node, request.reply_to);
      if (replies?.is_open()) sendEncoded(replies, reply);
    });
  });
}

/** Opens a link for replies. For a dynamic source (AMQP 1.0 part 3.5.3), which names no node, it makes up an address. */
export function openReplies(link: Sender): void {
  const { dynamic = false } = link.source;
  const address = dynamic ? `replies-${randomUUID()}` : link.source.address;
  link.set_source({ address, dynamic });
  link.set_target({ address: link.target?.address });
  replyLinks.set(link, address);
}

/**
 * Finds the link for a reply. `reply_to` is the link's name (SDK for JavaScript), its target, or its dynamic source. If nothing
 * matches, the reply goes out over the link from the node that was asked.
 */
function replyLink(session: Session, node: string, replyTo: string | undefined): Sender | undefined {
  const named = (link: Sender) => [link.name, link.target?.address, replyLinks.get(link)].includes(replyTo);
  return (
    session.find_sender((link: Sender) => replyLinks.has(link) && named(link)) ??
    session.find_sender((link: Sender) => nodePath(replyLinks.get(link)) === node)
  );
}

/** The correlation id of a reply is the message id of its request. rhea decodes a uuid to 16 bytes and encodes those as a uuid. */
function correlation({ message_id: id, correlation_id: other }: Request): Pick<Message, 'correlation_id'> {
  const correlationId = id ?? other;
  return correlationId === undefined ? {} : { correlation_id: correlationId };
}

function replyFields(answer: () => Reply): Pick<Message, 'application_properties' | 'body'> {
  try {
    const { status, description, body } = answer();
    return { application_properties: statusProperties(status, description), body };
  } catch (error) {
    if (!(error instanceof AmqpRefusal)) throw error;
    const properties = statusProperties(STATUS[error.condition] ?? 400, error.message);
    return { application_properties: { ...properties, 'error-condition': error.condition }, body: undefined };
  }
}

function statusProperties(status: number, description: string): Record<string, Typed | string> {
  return { 'status-code': rhea.types.wrap_int(status), 'status-description': description };
}
