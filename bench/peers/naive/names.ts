/** The names that the programs of the naive way share. */
export const HUB = 'order-events';
export const CONSUMER_GROUP = 'order-read-model';
export const DATABASE = 'CQRSDB';
export const CONTAINER = 'order_read_model';
