/**
 * "The maximum allowed message size for one WebSocket frame is 1MB":
 * https://learn.microsoft.com/azure/azure-web-pubsub/concept-service-internals#client-message-limit
 */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
