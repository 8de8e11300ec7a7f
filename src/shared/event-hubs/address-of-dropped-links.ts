import { Receiver } from 'rhea-promise';

/**
 * Makes the address of a link without a source `undefined`, as the Event Hubs SDK expects. In rhea-promise 3.0, reading it throws. The SDK
 * reads it when a pending request times out or is aborted while the link is not attached: then the request would never end, and an
 * error that nobody can catch would end the process.
 * (`sendRequest` in https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/core/core-amqp/src/requestResponseLink.ts)
 */
export function allowAddressOfDroppedLinks(): void {
  const link: object = Object.getPrototypeOf(Receiver.prototype);
  Object.defineProperty(link, 'address', {
    configurable: true,
    get(this: Receiver) {
      return this.source?.address;
    },
  });
}
