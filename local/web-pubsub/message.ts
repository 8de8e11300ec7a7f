/** What is published, and how each kind of client receives it. */

export type MessageData =
  /** JSON text, passed on as it was sent. */
  | { readonly dataType: 'json'; readonly json: string }
  | { readonly dataType: 'text'; readonly text: string }
  | { readonly dataType: 'binary'; readonly bytes: Buffer };

export type MessageSource =
  | { readonly from: 'server' }
  /** `fromUserId` is null when the server or an anonymous client has published it. */
  | { readonly from: 'group'; readonly group: string; readonly fromUserId: string | null };

/** A message, encoded once for all its receivers. */
export interface EncodedMessage {
  /** The WebSocket frame of a client without subprotocol: the bare data. */
  readonly frame: string | Buffer;
  /** The JSON of a client with a JSON subprotocol, without sequence id. */
  readonly envelope: string;
}

/** @see https://learn.microsoft.com/azure/azure-web-pubsub/reference-json-webpubsub-subprotocol#message-response */
export function encodeMessage(source: MessageSource, data: MessageData): EncodedMessage {
  const head = JSON.stringify({ type: 'message', ...source, dataType: data.dataType }).slice(0, -1);
  return { frame: bareData(data), envelope: `${head},"data":${jsonData(data)}}` };
}

/** @see https://learn.microsoft.com/azure/azure-web-pubsub/reference-json-reliable-webpubsub-subprotocol#message-response */
export function withSequenceId(envelope: string, sequenceId: number): string {
  return `${envelope.slice(0, -1)},"sequenceId":${sequenceId}}`;
}

function bareData(data: MessageData): string | Buffer {
  if (data.dataType === 'json') return data.json;
  return data.dataType === 'text' ? data.text : data.bytes;
}

function jsonData(data: MessageData): string {
  if (data.dataType === 'json') return data.json;
  return JSON.stringify(data.dataType === 'text' ? data.text : data.bytes.toString('base64'));
}
