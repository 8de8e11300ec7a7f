import { readFileSync } from 'node:fs';

/** The code of docs/push.md that watches an order without the typed client. */
export const PUSH_SAMPLE = /```js\n(.*?)```/s.exec(readFileSync('docs/push.md', 'utf8'))?.[1] ?? '';

export interface SampleOptions<Change> {
  readonly api: string;
  readonly orderId: string;
  readonly token: () => Promise<string>;
  readonly onChange: (change: Change) => void;
  readonly stop: AbortSignal;
}

/** Runs exactly that code, until `stop` is aborted. */
export async function watchWithSample<Change>(options: SampleOptions<Change>): Promise<void> {
  const { watchOrder } = await import(
    `data:text/javascript,${encodeURIComponent(`${PUSH_SAMPLE}; export { watchOrder };`)}`
  );
  await watchOrder(options);
}
