/** A request as a person would send it from a shell. */
export interface CurlRequest {
  readonly method: 'GET' | 'POST';
  /** Relative to the API, such as `/orders/o1/confirm`. */
  readonly path: string;
  readonly body?: object;
  /** Executes the command once, however often the line is run. */
  readonly idempotencyKey?: string;
}

/** The line for a shell. The token stays out of it: `$TOKEN` stands for one. */
export function toCurl(apiUrl: string, { method, path, body, idempotencyKey }: CurlRequest): string {
  const url = new URL(`${apiUrl}${path}`, location.href).href;
  return [
    'curl -i',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    quote(url),
    '-H "Authorization: Bearer $TOKEN"',
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'"]),
    ...(idempotencyKey === undefined ? [] : [`-H 'Idempotency-Key: ${idempotencyKey}'`]),
    ...(body === undefined ? [] : [`-d ${quote(JSON.stringify(body))}`]),
  ].join(' ');
}

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
