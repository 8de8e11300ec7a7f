/** Nodes that answer: a request comes over one link, its reply goes out over another of the same session. */

import type { EventContext, Message, Receiver, Sender, Typed } from 'rhea';
import rhea from 'rhea';
import { AmqpRefusal, type Condition, condition } from './amqp-refusal.ts';
import { gatherWrites } from './rhea-access.ts';

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

/**
 * Answers every request that comes over a link.
 * @param link the client's requests
 * @param node the node's address, which the reply link has as its source
 * @param answer makes the reply; a thrown {@link AmqpRefusal} becomes a reply with its condition
 */
export function openRequests(link: Receiver, node: string, answer: (request: Message) => Reply): void {
  link.set_target({ address: node });
  link.on('message', ({ connection, session, message, delivery }: EventContext) => {
    if (message === undefined || delivery === undefined) return;
    gatherWrites(connection);
    delivery.accept();
    const { message_id: requestId, reply_to: replyTo } = message;
    const replies = session?.find_sender((sender: Sender) => isReplyLink(sender, node, replyTo));
    const reply = replyFields(() => answer(message));
    replies?.send(requestId === undefined ? reply : { ...reply, correlation_id: requestId });
  });
}

/** Opens the link the replies go out over. */
export function openReplies(link: Sender, node: string): void {
  link.set_source({ address: node });
}

/** The SDK names its reply link as the `reply_to` of its requests; others give it as the link's target. */
function isReplyLink(sender: Sender, node: string, replyTo: string | undefined): boolean {
  return sender.source?.address === node && (sender.name === replyTo || sender.target?.address === replyTo);
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
