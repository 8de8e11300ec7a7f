import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { HttpClient } from '../measuring/http-client.ts';

const lag = z.object({ items: z.array(z.object({ behind: z.number() })) });

/** Pause between polls. Each poll causes requests to the hub and to Storage, so there are few. */
const PAUSE_MS = 250;

/** Waits until every consumer has processed every event. Retries requests that fail, as some do on a busy machine. */
export async function allProjected(client: HttpClient): Promise<void> {
  for (;;) {
    const behind = await client.get('/admin/lag').then(
      (body) => lag.parse(body).items.some((item) => item.behind > 0),
      () => true,
    );
    if (!behind) return;
    await sleep(PAUSE_MS);
  }
}
