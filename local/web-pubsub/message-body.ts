/** The message in the body of a REST call. */
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { MIMEType } from 'node:util';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import type { MessageData } from './message.ts';
import { badRequest, errorAnswer, type RestAnswer } from './rest-answer.ts';

/** The body of a request, or why it is refused. */
export type MessageBody = { readonly data: MessageData } | { readonly refusal: RestAnswer };

/** Reads the body as text, JSON or, as without a content type, bytes. */
export async function readMessageBody(request: IncomingMessage): Promise<MessageBody> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (!(length <= MAX_MESSAGE_BYTES)) return { refusal: badRequest('Invalid Content-Length header.') };
  const bytes = await buffer(request);
  switch (mediaType(request)) {
    case 'application/octet-stream':
      return { data: { dataType: 'binary', bytes } };
    case 'text/plain':
      return { data: { dataType: 'text', text: bytes.toString() } };
    case 'application/json':
      return jsonBody(bytes.toString());
    default:
      return { refusal: errorAnswer(415, 'Error.UnsupportedMediaType', 'The content type is not supported.') };
  }
}

function mediaType({ headers }: IncomingMessage): string | undefined {
  try {
    return new MIMEType(headers['content-type'] ?? 'application/octet-stream').essence;
  } catch {
    return undefined;
  }
}

function jsonBody(json: string): MessageBody {
  try {
    JSON.parse(json);
    return { data: { dataType: 'json', json } };
  } catch {
    return { refusal: badRequest('The request body is not a valid JSON.') };
  }
}
