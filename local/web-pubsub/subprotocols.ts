/** https://learn.microsoft.com/azure/azure-web-pubsub/concept-client-protocols#the-pubsub-websocket-client */
export const subprotocols = {
  json: 'json.webpubsub.azure.v1',
  reliableJson: 'json.reliable.webpubsub.azure.v1',
} as const;

export type Subprotocol = (typeof subprotocols)[keyof typeof subprotocols];

/** The first of the offered subprotocols that is spoken here. */
export function chosenSubprotocol(offered: Iterable<string>): Subprotocol | undefined {
  for (const name of offered) {
    const known = Object.values(subprotocols).find((subprotocol) => subprotocol === name);
    if (known !== undefined) return known;
  }
  return undefined;
}
