/** The beginning of a long id, which is enough to tell orders apart. */
export const shortId = (id: string): string => (id.length > 13 ? `${id.slice(0, 8)}…` : id);

/** `OrderPlaced` as words: `Order placed`. */
export function formatEventType(eventType: string): string {
  const words = eventType.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `order_details` as words: `Order details`. */
export function formatReadModel(readModel: string): string {
  const words = readModel.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
