/** Gives each link a client opens to the node it is addressed to, or refuses it. */
import type { Container, EventContext, link, Receiver, Sender } from 'rhea';
import { nodePath } from './address.ts';
import { AmqpRefusal } from './amqp-refusal.ts';
import { CBS_NODE, Claims } from './cbs.ts';
import { openConsumer } from './consumer-link.ts';
import type { Hubs } from './hub.ts';
import { answerManagement, MANAGEMENT_NODE } from './management.ts';
import { openProducer } from './producer-link.ts';
import { openReplies, openRequests } from './request-response.ts';
import { gatherWrites } from './rhea-access.ts';

/** What clients that go away cause, here or over there; links notice by themselves that they are no longer open. */
const EXPECTED_EVENTS = ['disconnected', 'connection_error', 'sender_error', 'receiver_error'];

/** A client that breaks the protocol, or a fault of the stand-in: rhea ends the connection. */
const FAULT_EVENTS = ['protocol_error', 'error'];

/**
 * @param container the AMQP container that accepts connections
 * @param hubs the hubs its clients may use
 */
export function routeLinks(container: Container, hubs: Hubs): void {
  const claims = new Claims();
  for (const event of EXPECTED_EVENTS) container.on(event, () => {});
  for (const event of FAULT_EVENTS) container.on(event, (error: Error) => console.error('Event Hubs stand-in:', error));
  // rhea names links from this side: a receiver takes what the client sends.
  container.on('receiver_open', ({ connection, receiver }: EventContext) => {
    if (receiver === undefined) return;
    gatherWrites(connection);
    openOrRefuse(receiver, () => openFromClient(receiver, hubs, claims));
  });
  container.on('sender_open', ({ connection, sender }: EventContext) => {
    if (sender === undefined) return;
    gatherWrites(connection);
    openOrRefuse(sender, () => openToClient(sender, hubs, claims));
  });
}

function openFromClient(receiver: Receiver, hubs: Hubs, claims: Claims): void {
  switch (nodePath(receiver.target?.address)) {
    case CBS_NODE:
      openRequests(receiver, CBS_NODE, (request) => claims.putToken(receiver.connection, request));
      break;
    case MANAGEMENT_NODE:
      openRequests(receiver, MANAGEMENT_NODE, (request) => {
        claims.demandInRequest(receiver.connection, request);
        return answerManagement(request, hubs);
      });
      break;
    default:
      claims.demand(receiver.connection);
      openProducer(receiver, hubs);
  }
}

function openToClient(sender: Sender, hubs: Hubs, claims: Claims): void {
  const node = nodePath(sender.source?.address);
  if (node === CBS_NODE || node === MANAGEMENT_NODE || sender.source?.dynamic) {
    openReplies(sender);
  } else {
    claims.demand(sender.connection);
    openConsumer(sender, hubs);
  }
}

/** A refused attach is answered by an attach without source or target and a detach (AMQP 1.0 part 2.6.3). */
function openOrRefuse(endpoint: link, open: () => void): void {
  try {
    open();
  } catch (error) {
    if (!(error instanceof AmqpRefusal)) throw error;
    endpoint.close({ condition: error.condition, description: error.message });
  }
}
