import { gzipSync } from 'node:zlib';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect } from 'vitest';
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from '../../local/development-issuer.ts';
import { countRows } from '../support/commands/write-store-rows.ts';
import { ADDRESS, type ApiResponse, customerAndProduct } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let customerId: string;
let productId: string;
let rowsBefore: unknown;

it.beforeAll(async ({ shared }) => {
  system = shared;
  ({ customerId, productId } = await customerAndProduct(system.as('admin')));
});
beforeEach(() => {
  rowsBefore = countRows(system.writeStore);
});

/** Expects the status, code and path of the contract, no internals in the body, and no rows written. */
function expectRejected(
  { status, headers, body }: ApiResponse,
  expected: readonly [status: number, code: string, path?: string],
) {
  const [expectedStatus, code, path] = expected;
  expect([status, body.code, body.errors?.[0]?.path]).toEqual([expectedStatus, code, path]);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(body.status).toBe(expectedStatus);
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\bat .*\.(ts|cjs)/);
  expect(countRows(system.writeStore)).toEqual(rowsBefore);
}

const validOrder = () => ({ customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS });
const orderWithLine = (line: object) => ({ ...validOrder(), items: [{ productId, quantity: 1, ...line }] });
const lines = (count: number) => Array.from({ length: count }, () => ({ productId, quantity: 1 }));

const validWebhook = () => ({
  url: 'https://partner.example/hook',
  eventTypes: ['OrderPlaced'],
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
});

describe('POST /webhooks rejects a body', () => {
  it.each<[string, object, string]>([
    ['without a URL', { url: undefined }, 'url'],
    ['with http', { url: 'http://partner.example/' }, 'url'],
    ['with another scheme', { url: 'file:///etc/passwd' }, 'url'],
    ['with what is no URL', { url: 'partner.example' }, 'url'],
    ['with a user name', { url: 'https://user:password@partner.example/' }, 'url'],
    ['with a fragment', { url: 'https://partner.example/#x' }, 'url'],
    ['with another port', { url: 'https://partner.example:8443/' }, 'url'],
    ['with a URL over 2,000 characters', { url: `https://partner.example/${'x'.repeat(2_000)}` }, 'url'],
    ['with a loopback address', { url: 'https://127.0.0.1/' }, 'url'],
    ['with a loopback address as a number', { url: 'https://2130706433/' }, 'url'],
    ['with the name of this machine', { url: 'https://localhost/' }, 'url'],
    ['with a private address', { url: 'https://10.0.0.1/' }, 'url'],
    ['with the address of the metadata service', { url: 'https://169.254.169.254/metadata/' }, 'url'],
    ['with a loopback address of IPv6', { url: 'https://[::1]/' }, 'url'],
    ['with an address of IPv4 in IPv6', { url: 'https://[::ffff:10.0.0.1]/' }, 'url'],
    ['without types of events', { eventTypes: [] }, 'eventTypes'],
    ['with an unknown type', { eventTypes: ['OrderPlaced', 'OrderLost'] }, 'eventTypes.1'],
    ['without a secret', { secret: undefined }, 'secret'],
    ['with a short secret', { secret: 'x'.repeat(23) }, 'secret'],
    ['with a long secret', { secret: 'x'.repeat(65) }, 'secret'],
    ['with a secret that is not base64', { secret: `whsec_${'!'.repeat(32)}` }, 'secret'],
    ['with a short key in a secret', { secret: `whsec_${Buffer.alloc(23).toString('base64')}` }, 'secret'],
    ['with an unknown field', { active: true }, 'active'],
  ])('%s', async (_name, part, path) => {
    const { body: before } = await system.as('admin').get('/webhooks');
    const answer = await system.as('admin').post('/webhooks', { ...validWebhook(), ...part });
    expectRejected(answer, [400, 'validation-failed', path]);
    expect((await system.as('admin').get('/webhooks')).body).toEqual(before);
  });
});

describe('POST /orders rejects a body', () => {
  it.each<[string, () => unknown, string]>([
    ['without a customer', () => ({ ...validOrder(), customerId: undefined }), 'customerId'],
    ['with a customer of the wrong type', () => ({ ...validOrder(), customerId: 7 }), 'customerId'],
    ['with an unknown field', () => ({ ...validOrder(), discount: 5 }), 'discount'],
    ['with an unknown field in a line', () => orderWithLine({ colour: 'red' }), 'items.0.colour'],
    ['with quantity 0', () => orderWithLine({ quantity: 0 }), 'items.0.quantity'],
    ['with a negative quantity', () => orderWithLine({ quantity: -1 }), 'items.0.quantity'],
    ['with a fractional quantity', () => orderWithLine({ quantity: 0.5 }), 'items.0.quantity'],
    ['with a quantity over 100,000', () => orderWithLine({ quantity: 100_001 }), 'items.0.quantity'],
    ['with a quantity that is a string', () => orderWithLine({ quantity: '1' }), 'items.0.quantity'],
    ['with a negative price', () => orderWithLine({ price: -0.01 }), 'items.0.price'],
    ['with a price of more than two decimal places', () => orderWithLine({ price: 29.999 }), 'items.0.price'],
    ['with a price over 10^15 minor units', () => orderWithLine({ price: 10_000_000_000_001 }), 'items.0.price'],
    ['without lines', () => ({ ...validOrder(), items: [] }), 'items'],
    ['with more than 500 lines', () => ({ ...validOrder(), items: lines(501) }), 'items'],
    ['with an empty id', () => ({ ...validOrder(), orderId: '' }), 'orderId'],
    ['with an id over 64 characters', () => ({ ...validOrder(), orderId: 'x'.repeat(65) }), 'orderId'],
    [
      'with an id of 33 emoji, which take 66 UTF-16 code units',
      () => ({ ...validOrder(), orderId: '😀'.repeat(33) }),
      'orderId',
    ],
    ['with a control character in an id', () => ({ ...validOrder(), orderId: 'a\u0000b' }), 'orderId'],
    ['with a space at the end of an id', () => ({ ...validOrder(), orderId: 'a ' }), 'orderId'],
    ['with a lone surrogate in an id', () => ({ ...validOrder(), orderId: 'a\ud800' }), 'orderId'],
    ['with a slash in a new id', () => ({ ...validOrder(), orderId: 'a/b' }), 'orderId'],
    ['with a backslash in a new id', () => ({ ...validOrder(), orderId: 'a\\b' }), 'orderId'],
    ['without an address', () => ({ ...validOrder(), shippingAddress: undefined }), 'shippingAddress'],
    [
      'with a blank city',
      () => ({ ...validOrder(), shippingAddress: { ...ADDRESS, city: ' ' } }),
      'shippingAddress.city',
    ],
    ['with an unknown currency', () => ({ ...validOrder(), currency: 'BTC' }), 'currency'],
    ['that is an array', () => [validOrder()], ''],
    ['that is null', () => null, ''],
  ])('%s', async (_name, body, path) => {
    expectRejected(await system.as('customer', customerId).post('/orders', body()), [400, 'validation-failed', path]);
  });

  it('with a date in the future, even from an admin', async () => {
    const placedAt = new Date(Date.now() + 120_000).toISOString();
    expectRejected(await system.as('admin').post('/orders', { ...validOrder(), placedAt }), [
      400,
      'validation-failed',
      'placedAt',
    ]);
  });

  it('with a date before 1970', async () => {
    const body = { ...validOrder(), placedAt: '0000-01-01T00:00:00+14:00' };
    expectRejected(await system.as('admin').post('/orders', body), [400, 'validation-failed', 'placedAt']);
  });

  it('with a date when a customer sends it', async () => {
    const body = { ...validOrder(), placedAt: '2026-01-01T00:00:00Z' };
    expectRejected(await system.as('customer', customerId).post('/orders', body), [403, 'forbidden']);
  });

  it('that is not valid JSON', async () => {
    const answer = await system.as('customer', customerId).send('POST', '/orders', {
      body: '{"customerId": "c1",',
      headers: { 'content-type': 'application/json' },
    });
    expectRejected(answer, [400, 'malformed-json']);
  });

  it('that is not valid UTF-8', async () => {
    const answer = await system.as('customer', customerId).send('POST', '/orders', {
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      headers: { 'content-type': 'application/json' },
    });
    expectRejected(answer, [400, 'malformed-json']);
  });

  it('with a media type other than JSON', async () => {
    const answer = await system.as('customer', customerId).send('POST', '/orders', {
      body: JSON.stringify(validOrder()),
      headers: { 'content-type': 'text/plain' },
    });
    expectRejected(answer, [415, 'unsupported-media-type']);
  });

  it('larger than 256 KB', async () => {
    const body = { ...validOrder(), orderId: 'x'.repeat(256 * 1024) };
    expectRejected(await system.as('customer', customerId).post('/orders', body), [413, 'body-too-large']);
  });
});

describe('POST /orders rejects', () => {
  const send = (body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
    system
      .as('customer', customerId)
      .send('POST', '/orders', { body, headers: { 'content-type': 'application/json', ...headers } });

  it('a compressed body, and says so', async () => {
    const answer = await send(new Uint8Array(gzipSync(JSON.stringify(validOrder()))), { 'content-encoding': 'gzip' });
    expectRejected(answer, [415, 'unsupported-media-type']);
    expect(answer.body.detail).toMatch(/^Compressed bodies are not supported/);
  });

  it.each<[string, (order: string) => string]>([
    ['at the top', (order) => order.replace('{', '{"customerId":"someone-else",')],
    ['in a line', (order) => order.replace('"quantity":1', '"quantity":1,"quantity":2')],
    ['in another spelling', (order) => order.replace('"quantity":1', '"quantity":1,"quantit\\u0079":2')],
  ])('a body with a key that occurs twice: %s', async (_name, change) => {
    const answer = await send(change(JSON.stringify(validOrder())));
    expectRejected(answer, [400, 'malformed-json']);
    expect(answer.body.detail).toMatch(/^The body has the key "\w+" twice in one object/);
  });

  it.each(['1e-400', '29.99000000000000000001'])('the price %s, which JSON.parse rounds', async (price) => {
    const answer = await send(JSON.stringify(validOrder()).replace('"quantity":1', `"quantity":1,"price":${price}`));
    expectRejected(answer, [400, 'validation-failed', 'items.0.price']);
  });

  it('a query parameter, because the route has none', async () => {
    const answer = await system.as('customer', customerId).post('/orders?dryRun=true', validOrder());
    expectRejected(answer, [400, 'validation-failed', 'dryRun']);
  });

  it.each<[string, () => object]>([
    ['customerId', () => ({ ...validOrder(), customerId: undefined })],
    ['items', () => ({ ...validOrder(), items: undefined })],
    ['items.0.quantity', () => orderWithLine({ quantity: undefined })],
    ['shippingAddress.zip', () => ({ ...validOrder(), shippingAddress: { ...ADDRESS, zip: undefined } })],
  ])('a body without %s, which is required', async (path, body) => {
    const answer = await system.as('customer', customerId).post('/orders', body());
    expect(answer.body.errors).toEqual([{ path, message: 'is required' }]);
  });
});

describe('POST /orders rejects the header', () => {
  it.each([
    ['Idempotency-Key', 'x'.repeat(256)],
    ['If-Match', '3'],
    ['If-Match', '"abc"'],
    ['If-Match', '**'],
  ])('%s: %s', async (header, value) => {
    const answer = await system.as('customer', customerId).post('/orders', validOrder(), { [header]: value });
    expectRejected(answer, [400, 'validation-failed', header]);
  });
});

describe('an invalid customer or product', () => {
  const customer = { customerId: 'c-new', name: 'Ada', email: 'ada@example.com', creditLimit: 100 };
  const product = { productId: 'p-new', name: 'Lamp', price: 10, stock: 1 };
  it.each<[string, string, object, string]>([
    ['/customers', 'without a name', { ...customer, name: undefined }, 'name'],
    ['/customers', 'with a name over 200 UTF-16 code units', { ...customer, name: '😀'.repeat(101) }, 'name'],
    ['/customers', 'with a line break in the name', { ...customer, name: 'Ada\nLovelace' }, 'name'],
    ['/customers', 'with a name of invisible characters only', { ...customer, name: '\u200b\u3164' }, 'name'],
    ['/customers', 'with an invalid email address', { ...customer, email: 'ada' }, 'email'],
    ['/customers', 'with a negative credit limit', { ...customer, creditLimit: -1 }, 'creditLimit'],
    [
      '/customers',
      'with a credit limit of more than two decimal places',
      { ...customer, creditLimit: 0.001 },
      'creditLimit',
    ],
    ['/customers', 'with a slash in the new id', { ...customer, customerId: 'a/b' }, 'customerId'],
    ['/products', 'with a slash in the new id', { ...product, productId: 'a/b' }, 'productId'],
    [
      '/commands',
      'with a slash in the new id of an envelope',
      { commandType: 'AddProduct', aggregateId: 'a/b', data: { name: 'Lamp', price: 10, stock: 1 } },
      'aggregateId',
    ],
    ['/products', 'with a fractional stock', { ...product, stock: 0.5 }, 'stock'],
    ['/products', 'with a negative stock', { ...product, stock: -1 }, 'stock'],
    ['/products', 'with decimal places in a price in yen', { ...product, price: 10.5, currency: 'JPY' }, 'price'],
  ])('is rejected by POST %s: %s', async (path, _name, body, field) => {
    expectRejected(await system.as('admin').post(path, body), [400, 'validation-failed', field]);
  });
});

describe('authentication and authorization', () => {
  const send = (authorization: string | undefined) =>
    fetch(`${system.host.url}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      body: JSON.stringify(validOrder()),
    }).then(async (response) => ({ status: response.status, headers: response.headers, body: await response.json() }));

  const forged = (change: (token: SignJWT) => SignJWT) =>
    change(
      new SignJWT({ roles: ['admin'] })
        .setSubject('eve')
        .setIssuer(DEVELOPMENT_ISSUER)
        .setAudience(DEVELOPMENT_AUDIENCE),
    )
      .setProtectedHeader({ alg: 'HS256', kid: 'development' })
      .sign(new TextEncoder().encode('a secret of at least thirty-two bytes'));

  it.each<[string, () => Promise<string | undefined>]>([
    ['a request without a token', async () => undefined],
    ['another authorization scheme', async () => 'Basic YWRhOnNlY3JldA=='],
    ['a token that is not a JWT', async () => 'Bearer abc'],
    ['a token signed with another key', async () => `Bearer ${await forged((token) => token.setExpirationTime('1h'))}`],
    ['a token without an expiry', async () => `Bearer ${await forged((token) => token)}`],
    ['an expired token', async () => `Bearer ${await system.azure.issuer.sign({ roles: ['admin'], lifetime: -120 })}`],
    [
      'a token with a modified payload',
      async () => {
        const [header, , signature] = (await system.azure.issuer.sign({ roles: [], lifetime: 60 })).split('.');
        const payload = {
          sub: 'eve',
          roles: ['admin'],
          iss: DEVELOPMENT_ISSUER,
          aud: DEVELOPMENT_AUDIENCE,
          exp: 9_999_999_999,
        };
        return `Bearer ${header}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${signature}`;
      },
    ],
    [
      'an unsigned token',
      async () => {
        const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const payload = {
          sub: 'eve',
          roles: ['admin'],
          iss: DEVELOPMENT_ISSUER,
          aud: DEVELOPMENT_AUDIENCE,
          exp: 9_999_999_999,
        };
        return `Bearer ${encode({ alg: 'none' })}.${encode(payload)}.`;
      },
    ],
  ])('return 401 for %s', async (_name, authorization) => {
    const answer = await send(await authorization());
    expectRejected(answer, [401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('return 403 to a customer who orders for another customer', async () => {
    expectRejected(await system.as('customer', 'someone-else').post('/orders', validOrder()), [403, 'forbidden']);
  });

  it.each<[string, string, readonly string[]]>([
    ['/orders', 'placeOrder', ['warehouse', 'analyst']],
    ['/customers', 'registerCustomer', ['customer', 'warehouse', 'analyst']],
    ['/products', 'addProduct', ['customer', 'warehouse', 'analyst']],
  ])('return 403 to roles that may not call POST %s', async (path, _command, roles) => {
    for (const role of roles) expectRejected(await system.as(role, customerId).post(path, {}), [403, 'forbidden']);
  });
});
