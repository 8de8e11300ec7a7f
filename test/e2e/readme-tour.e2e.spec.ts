import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { customerAndProduct } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

const TOUR = readFileSync('README.md', 'utf8').match(/^## Two-minute tour\n[^#]*?```sh\n([\s\S]*?)^```/m)?.[1] ?? '';
const hasTools = ['bash', 'curl'].every((tool) => spawnSync(tool, ['--version']).status === 0);

/** The tour, on a system of a test and with its customer and products. */
function onSystem({ data, host }: TestSystem, ids: Readonly<Record<string, string>>): string {
  return TOUR.replaceAll('localhost:7071', `localhost:${host.port}`)
    .replaceAll('npm run -s token --', `"${process.execPath}" scripts/token.ts --data "${data}"`)
    .replaceAll(/\b(c1|p1|p3)\b/g, (id) => ids[id] ?? id);
}

describe.skipIf(!hasTools)('the two-minute tour of the README', () => {
  it('does what it says, in the order in which it says it', async ({ shared }) => {
    const admin = shared.as('admin');
    const { customerId, productId } = await customerAndProduct(admin);
    const { productId: scarce } = await customerAndProduct(admin, { stock: 5 });
    const tour = onSystem(shared, { c1: customerId, p1: productId, p3: scarce });

    const { stdout } = await promisify(execFile)('bash', ['-c', tour]);

    expect([...stdout.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      ...['202', '200', '202', '202', '422'],
    ]);
    expect(stdout).toContain('"eventType":"OrderPlaced"');
    expect(stdout).toMatch(/\{"changes":\[\{.*"version":2,"eventType":"OrderConfirmed"/);
    expect(stdout.match(/^idempotency-replayed: true/gim)).toHaveLength(1);
    expect(stdout).toContain(`"code":"insufficient-stock","productId":"${scarce}","requested":6,"available":5`);
  });
});
