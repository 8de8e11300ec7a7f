import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type PublishedOperation, publishedOperation, publishedOperations } from '../support/http/open-api.ts';
import { cancelReplays } from '../support/shop/replays.ts';
import { seedSystem } from '../support/shop/seed-system.ts';
import { eventually } from '../support/system/api-client.ts';
import { chromiumPath, openBrowser } from '../support/system/browser.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
it.beforeAll(async ({ shared }) => {
  system = shared;
  await seedSystem(system);
});
afterAll(() => cancelReplays(system));

/** Operations that need an id that the system makes up, so that the page has no example of it. */
const NEED_AN_ID = [
  'redriveDeadLetter',
  'discardDeadLetter',
  'getReplay',
  'cancelReplay',
  'deleteWebhook',
  'getWebhookDeliveries',
  'replayWebhook',
];

/** The commands on what other examples create, in an order in which none spoils another. */
const ON_CREATED = [
  'addItem',
  'changeQuantity',
  'removeLine',
  'removeItem',
  'changeShippingAddress',
  'submitOrder',
  'confirmOrder',
  'shipOrder',
  'deliverOrder',
  'refundOrder',
  'cancelOrder',
  'discontinueProduct',
  'eraseCustomer',
];

const others = publishedOperations.filter(({ operationId }) => ![...NEED_AN_ID, ...ON_CREATED].includes(operationId));

/** Their examples depend on nothing but the seed. */
const INDEPENDENT = others.filter(({ path }) => !path.includes('{orderId}'));

/** They read an order that another example creates. */
const READING_ORDERS = others.filter(({ path }) => path.includes('{orderId}'));

/** Sends an operation's first example exactly as the page shows it. Resolves to the status and, for a problem, its code. */
async function run({ method, path, parameters, requestBody }: PublishedOperation): Promise<string> {
  const example = (name: string) => parameters.find((parameter) => parameter.name === name)?.example ?? '';
  const [body] = Object.values(requestBody?.content['application/json']?.examples ?? {});
  const key = example('Idempotency-Key');
  const url = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => example(name));
  const response = await fetch(`${system.host.url}/api${url}`, {
    method,
    headers: {
      authorization: `Bearer ${await system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 })}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== '' && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body.value) }),
  });
  const text = await response.text();
  return response.ok ? `${response.status}` : `${response.status} ${text}`;
}

const successOf = ({ responses }: PublishedOperation) =>
  Object.keys(responses).find((status) => status.startsWith('2')) ?? 'none';

/** Waits, because read models show what is seeded or written only after some moments. */
async function expectSuccess(published: PublishedOperation): Promise<void> {
  const isCommand = published.responses[202] !== undefined;
  await eventually(
    () => run(published),
    (answer) => isCommand || answer === successOf(published),
  ).then((answer) => expect(answer).toBe(successOf(published)));
}

const titled = (operations: readonly PublishedOperation[]) =>
  operations.map((published) => [`${published.method} ${published.path}`, published] as const);

describe('the examples of the documentation page on a seeded system', () => {
  // Last on the page first: they do not depend on the order in which they are sent
  it.each(titled(INDEPENDENT.toReversed()))('work as they are: %s', async (_title, published) => {
    await expectSuccess(published);
  });

  it.each(titled(ON_CREATED.map(publishedOperation)))(
    'work once their order, product or customer is created: %s',
    async (_title, published) => {
      await expectSuccess(published);
    },
  );

  it.each(titled(READING_ORDERS))('find the order that was created: %s', async (_title, published) => {
    await expectSuccess(published);
  });

  it.each(titled([...INDEPENDENT, ...ON_CREATED.map(publishedOperation)]))(
    'work a second time: %s',
    async (_title, published) => {
      await expectSuccess(published);
    },
  );

  it('have no example of an id that the system makes up', () => {
    const parameters = NEED_AN_ID.flatMap((name) =>
      publishedOperation(name).parameters.filter(({ in: where }) => where === 'path'),
    );
    expect(parameters.filter(({ example }) => example !== undefined)).toEqual([]);
    expect(parameters).toHaveLength(NEED_AN_ID.length);
  });
});

const title =
  chromiumPath === undefined
    ? 'the documentation page in a browser (skipped: install Chromium, or set CHROMIUM_PATH)'
    : 'the documentation page in a browser';

describe.skipIf(chromiumPath === undefined)(title, () => {
  let browser: Browser;
  let page: Page;
  // Showing the page takes seconds of CPU time, so both tests use the same one.
  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(`${system.host.url}/api/docs`);
    await page.getByRole('button', { name: 'authorization button locked' }).first().waitFor();
  });
  afterAll(() => browser?.close());

  /** Executes an operation's example, and resolves to the status that the page shows. */
  async function execute(operationId: string): Promise<string> {
    const operation = page.locator(`[id$="-${operationId}"]`);
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    return operation.locator('.live-responses-table tbody .response-col_status').first().innerText();
  }

  it('gets a development token by itself, and executes an example as it is', async () => {
    expect(await execute('registerCustomer')).toContain('202');
  });

  it('sends requests as another caller that is chosen', async () => {
    const token = () => page.evaluate("ui.authSelectors.authorized().getIn(['bearer', 'value'])");
    const before = await token();
    await page.getByLabel('Development token').selectOption('customer c1');
    await expect.poll(token).not.toBe(before);
    expect(await execute('getCustomers')).toContain('403');
  });
});
