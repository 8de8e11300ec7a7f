/** The REST API for servers: https://learn.microsoft.com/azure/azure-web-pubsub/reference-rest-api-data-plane */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessTokens } from './access-tokens.ts';
import { closeCode } from './connection.ts';
import type { Connections } from './connections.ts';
import { Faults } from './faults.ts';
import { bearerToken, requestUrl } from './http-request.ts';
import { readMessageBody } from './message-body.ts';
import { isGroupName, isHubName } from './names.ts';
import { RequestLog } from './request-log.ts';
import { badRequest, errorAnswer, type RestAnswer, sendAnswer } from './rest-answer.ts';
import { type HubCall, type RestCall, restCall } from './rest-call.ts';

const DEFAULT_TOKEN_MINUTES = 60;
const MAX_MESSAGE_TTL_SECONDS = 300;

export class RestApi {
  readonly requests = new RequestLog();
  readonly faults = new Faults();
  readonly #connections: Connections;
  readonly #tokens: AccessTokens;

  constructor(connections: Connections, tokens: AccessTokens) {
    this.#connections = connections;
    this.#tokens = tokens;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = restCall(request);
    const answer = await this.#answer(call, request);
    this.requests.record({ operation: call.operation, hub: call.hub, status: answer.status });
    sendAnswer(response, answer);
  }

  async #answer(call: RestCall, request: IncomingMessage): Promise<RestAnswer> {
    const fault = this.faults.answer(call.operation);
    if (fault !== undefined) return fault;
    if (call.operation === 'GetServiceStatus') return { status: 200 };
    if (!(await this.#isAuthorized(call, request))) return errorAnswer(401, 'Error.Unauthorized', 'Unauthorized.');
    if (call.operation === 'Unknown') return errorAnswer(501, 'Error.NotImplemented', 'Not implemented here.');
    if (!isHubName(call.hub)) return badRequest('Invalid hub name.');
    return this.#hubAnswer(call, request);
  }

  /** Client tokens are generated for callers with an Entra token only; holders of the access key sign them on their own. */
  async #isAuthorized({ operation }: RestCall, request: IncomingMessage): Promise<boolean> {
    const token = bearerToken(request);
    if (token === undefined) return false;
    if (operation === 'GenerateClientToken') return this.#tokens.isValidEntraToken(token);
    return this.#tokens.isValidRestToken(token, requestUrl(request));
  }

  async #hubAnswer(call: HubCall, request: IncomingMessage): Promise<RestAnswer> {
    switch (call.operation) {
      case 'SendToAll':
      case 'SendToGroup':
      case 'SendToUser':
      case 'SendToConnection':
        return this.#send(call, request);
      case 'CloseAllConnections':
      case 'CloseGroupConnections':
      case 'CloseUserConnections':
      case 'CloseConnection':
        return this.#close(call);
      case 'GroupExists':
      case 'UserExists':
      case 'ConnectionExists':
        return { status: this.#connections.select(call.selector).length > 0 ? 200 : 404 };
      case 'GenerateClientToken':
        return this.#generateToken(call, request);
    }
  }

  async #send({ selector, query }: HubCall, request: IncomingMessage): Promise<RestAnswer> {
    const body = await readMessageBody(request);
    if ('refusal' in body) return body.refusal;
    if (query.has('filter')) return errorAnswer(501, 'Error.NotImplemented', 'Filters are not implemented here.');
    const timeToLive = Number(query.get('messageTtlSeconds'));
    if (!(timeToLive >= 0 && timeToLive <= MAX_MESSAGE_TTL_SECONDS)) return badRequest('Invalid messageTtlSeconds.');
    if (selector.by === 'group' && !isGroupName(selector.group)) return badRequest('Invalid group name.');
    this.#connections.publishFromServer(selector, body.data);
    return { status: 202 };
  }

  #close({ selector, query }: HubCall): RestAnswer {
    const reason = query.get('reason') ?? 'The connection was closed by the server.';
    for (const connection of this.#connections.select(selector)) connection.end(closeCode.normal, reason);
    return { status: 204 };
  }

  /** https://learn.microsoft.com/rest/api/webpubsub/dataplane/web-pub-sub/generate-client-token */
  async #generateToken({ hub, query }: HubCall, request: IncomingMessage): Promise<RestAnswer> {
    const minutes = Number(query.get('minutesToExpire') ?? DEFAULT_TOKEN_MINUTES);
    if (!(Number.isInteger(minutes) && minutes >= 1)) return badRequest('Invalid minutesToExpire.');
    if (!/^default$/i.test(query.get('clientType') ?? 'Default')) return badRequest('Invalid clientType.');
    const identity = { userId: query.get('userId'), roles: query.getAll('role'), groups: query.getAll('group') };
    if (!identity.groups.every(isGroupName)) return badRequest('Invalid group name.');
    const audience = new URL(`/client/hubs/${hub}`, requestUrl(request));
    return { status: 200, body: { token: await this.#tokens.issueClientToken(identity, audience, minutes) } };
  }
}
