import type { Connection } from 'mssql';

/**
 * Adds the numbers of the server's errors to the error of a refused login: the last one as `number`, those before it as
 * `precedingErrors` (see `errorChain`). The driver keeps only the text. Call it before the connection is open.
 */
export function keepLoginErrors(connection: Connection): void {
  const errors: Error[] = [];
  connection.on('errorMessage', ({ message, number }) => {
    errors.push(Object.assign(new Error(message), { number }));
  });
  connection.on('connect', (refused) => {
    const [last, ...preceding] = errors.toReversed();
    if (refused === undefined || last === undefined) return;
    Object.assign(refused, { number: Reflect.get(last, 'number'), precedingErrors: preceding });
  });
}
