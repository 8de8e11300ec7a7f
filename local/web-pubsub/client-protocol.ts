/** Answers what clients send: https://learn.microsoft.com/azure/azure-web-pubsub/concept-client-protocols */
import { type ClientRequest, parseClientRequest } from './client-request.ts';
import { type Connection, closeCode } from './connection.ts';
import type { Connections } from './connections.ts';

/** A request that can be answered with an ack. */
type AckedRequest = Exclude<ClientRequest, { readonly type: 'ping' | 'sequenceAck' }>;

interface AckError {
  readonly name: 'Forbidden' | 'Duplicate' | 'InternalServerError';
  readonly message: string;
}

/** @param frame a frame the client has sent, as text */
export function receiveFrame(connections: Connections, connection: Connection, frame: string): void {
  if (connection.subprotocol === undefined) {
    // "When the service receives a message event that no event handler nor event listener care about, it also drops the client
    // connection": https://learn.microsoft.com/azure/azure-web-pubsub/concept-service-internals#the-simple-websocket-client
    connection.end(closeCode.internalError, 'No event handler is configured.');
    return;
  }
  const request = parseClientRequest(frame);
  if (request === undefined) {
    connection.end(closeCode.invalidPayload, 'The client message is not a valid JSON protocol message.');
  } else if (request.type === 'ping') {
    connection.reply({ type: 'pong' });
  } else if (request.type === 'sequenceAck') {
    connection.acknowledge(request.sequenceId);
  } else {
    answer(connections, connection, request);
  }
}

/** Carries the request out once per ack id. A refused one can be repeated with the same ack id. */
function answer(connections: Connections, connection: Connection, request: AckedRequest): void {
  const { ackId } = request;
  if (ackId === undefined) {
    carryOut(connections, connection, request);
  } else if (connection.ackIds.has(ackId)) {
    const error: AckError = { name: 'Duplicate', message: `Message with ack-id: ${ackId} has been processed` };
    connection.reply({ type: 'ack', ackId, success: false, error });
  } else {
    const error = carryOut(connections, connection, request);
    if (error === undefined) connection.ackIds.add(ackId);
    connection.reply({ type: 'ack', ackId, success: error === undefined, ...(error && { error }) });
  }
}

function carryOut(connections: Connections, connection: Connection, request: AckedRequest): AckError | undefined {
  switch (request.type) {
    case 'joinGroup':
      if (!connection.mayDo('joinLeaveGroup', request.group)) return forbidden('join', request.group);
      connection.groups.add(request.group);
      return undefined;
    case 'leaveGroup':
      if (!connection.mayDo('joinLeaveGroup', request.group)) return forbidden('leave', request.group);
      connection.groups.delete(request.group);
      return undefined;
    case 'sendToGroup':
      if (!connection.mayDo('sendToGroup', request.group)) return forbidden('send to', request.group);
      connections.publishFromClient(connection, request.group, request.message, request.noEcho);
      return undefined;
    case 'event':
      return { name: 'InternalServerError', message: 'No event handler is configured.' };
  }
}

function forbidden(action: string, group: string): AckError {
  return { name: 'Forbidden', message: `The client does not have permission to ${action} group '${group}'.` };
}
