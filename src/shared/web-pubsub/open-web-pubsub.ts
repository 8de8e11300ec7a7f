import type { WebPubSubServiceClient } from '@azure/web-pubsub';
import type { Connection } from '../config/connection.ts';
import { appCredential } from '../credential.ts';

/** A call to Web PubSub is retried this often by the SDK, after a throttled or failed request. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };

/** The part of Web PubSub's client that the apps use. */
export type WebPubSub = Pick<WebPubSubServiceClient, 'getClientAccessToken' | 'group'>;

/**
 * Opens a hub of Azure Web PubSub: https://learn.microsoft.com/azure/azure-web-pubsub/overview. The SDK is loaded at the first call,
 * because a cold start has no use for it.
 */
export function webPubSubOpener(connection: Connection, hub: string): () => Promise<WebPubSub> {
  let opened: Promise<WebPubSub> | undefined;
  return () => {
    opened ??= open(connection, hub);
    return opened;
  };
}

async function open(connection: Connection, hub: string): Promise<WebPubSub> {
  const { WebPubSubServiceClient } = await import('@azure/web-pubsub');
  const options = { retryOptions: RETRY_OPTIONS };
  if (connection.kind === 'connectionString') {
    // Loopback only: the local stand-in has no TLS. Azure's endpoints are https.
    const allowInsecureConnection = /Endpoint=http:\/\/(localhost|127\.0\.0\.1)[:/;]/i.test(
      connection.connectionString,
    );
    return new WebPubSubServiceClient(connection.connectionString, hub, { ...options, allowInsecureConnection });
  }
  return new WebPubSubServiceClient(connection.endpoint, appCredential(connection.clientId), hub, options);
}
