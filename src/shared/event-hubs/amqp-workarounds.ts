import { Connection, Receiver } from 'rhea-promise';

/** Works around two faults of the AMQP client that the Event Hubs SDK uses. Either would end the process with an error that nobody can catch. */
export function applyAmqpWorkarounds(): void {
  allowAddressOfDroppedLinks();
  ignoreErrorsOfReplacedConnections();
}

/**
 * Makes the address of a link without a source `undefined`, as the Event Hubs SDK expects. In rhea-promise 3.0, reading it throws. The SDK
 * reads it when a pending request times out or is aborted while the link is not attached: then the request would never end.
 * (`sendRequest` in https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/core/core-amqp/src/requestResponseLink.ts)
 */
function allowAddressOfDroppedLinks(): void {
  const link: object = Object.getPrototypeOf(Receiver.prototype);
  Object.defineProperty(link, 'address', {
    configurable: true,
    get(this: Receiver) {
      return this.source?.address;
    },
  });
}

/**
 * Ignores the errors of a connection that the SDK has replaced. It takes its listeners off a lost connection, whose socket can still receive
 * data. rhea 3.0 then reads a property of the other side that is already reset, and emits `error`.
 * (`refreshConnection` in https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/eventhub/event-hubs/src/connectionContext.ts)
 */
function ignoreErrorsOfReplacedConnections(): void {
  const emit: Connection['emit'] = Object.getPrototypeOf(Connection.prototype).emit;
  Object.defineProperty(Connection.prototype, 'emit', {
    configurable: true,
    value(this: Connection, event: string, ...details: unknown[]): boolean {
      const isIgnored = event === 'error' && this.listenerCount(event) === 0;
      return !isIgnored && emit.call(this, event, ...details);
    },
  });
}
