/** A container of the read database: its name, and the path of its partition key. */
export interface Container {
  readonly name: string;
  readonly partitionKey: string;
}

/** One document per order: the order page. */
export const ORDER_DETAILS: Container = { name: 'order_details', partitionKey: '/id' };

/** Events that a projection could not handle, kept until someone has looked at them. */
export const DEAD_LETTERS: Container = { name: 'dead_letters', partitionKey: '/readModel' };

/** Everything in the read database. */
export const CONTAINERS: readonly Container[] = [ORDER_DETAILS, DEAD_LETTERS];
