/** The entry point of an app whose only function does nothing but the point read of the order page. */
import { CosmosClient } from '@azure/cosmos';
import { app } from '@azure/functions';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { documentId } from '../../src/shared/read-models/document-id.ts';

const cosmos = new CosmosClient(process.env.CosmosConnection ?? '');
const container = cosmos.database('orders').container(ORDER_DETAILS.name);

app.http('read', {
  route: 'api/orders/{orderId}',
  authLevel: 'anonymous',
  handler: async ({ params: { orderId = '' } }) => {
    const { resource } = await container.item(documentId(orderId), documentId(orderId)).read();
    return { jsonBody: resource };
  },
});
