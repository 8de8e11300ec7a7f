import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '../../../src/shared/http/json-body.ts';
import { PROBLEMS } from '../../../src/shared/http/problem.ts';
import {
  allNodes,
  childOf,
  evaluate,
  type GatewayRequest,
  holds,
  namedValues,
  type PolicyNode,
  policiesOf,
} from '../../support/infra/gateway-policies.ts';
import { ofType, propertyOf, SNAPSHOTS, textOf } from '../../support/infra/snapshots.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Each refusal of a header or a body: the code and the words that API Management answers with. */
const refusals = (inbound: PolicyNode) =>
  inbound.children
    .filter(({ name }) => name === 'choose')
    .flatMap(({ children }) => children)
    .map((when) => {
      const variables = when.children.filter(({ name }) => name === 'set-variable');
      const variable = (name: string) => variables.find((one) => one.attributes.name === name)?.attributes.value ?? '';
      return {
        condition: when.attributes.condition ?? '',
        status: variable('problemStatus'),
        code: variable('problemCode'),
        title: variable('problemTitle'),
        detail: variable('problemDetail'),
      };
    })
    .filter(({ code }) => code !== '');

describe.each(SNAPSHOTS)('API Management for %s', (_, snapshot) => {
  const [api = { name: '', attributes: {}, children: [] }] = policiesOf(snapshot, 'apis/policies');
  const inbound = childOf(childOf(api, 'policies'), 'inbound');
  const statusFor = (request: GatewayRequest) =>
    refusals(inbound).find(({ condition }) => holds(condition, request))?.status ?? 'taken';

  it.each<[string, string, GatewayRequest]>([
    ['takes a body of the limit', 'taken', post({ 'Content-Length': String(MAX_BODY_BYTES) })],
    ['refuses a body above the limit', '413', post({ 'Content-Length': String(MAX_BODY_BYTES + 1) })],
    ['refuses a body of 90 MB', '413', post({ 'Content-Length': '94371840' })],
    ['refuses a length that is no number', '413', post({ 'Content-Length': '1, 2' })],
    ['refuses a length of more digits than a number has', '413', post({ 'Content-Length': '9'.repeat(30) })],
    ['refuses a body in chunks', '411', post({ 'Transfer-Encoding': 'chunked' })],
    [
      'refuses a body in chunks that also has a length',
      '411',
      post({ 'Transfer-Encoding': 'chunked', 'Content-Length': '2' }),
    ],
    ['refuses a body without a length (HTTP/2)', '411', post({})],
    ['takes a POST without a body', 'taken', { method: 'POST', headers: {} }],
    ...(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'QUERY'] as const).map((method): [string, string, GatewayRequest] => [
      `refuses a ${method} with a body without a length (HTTP/2)`,
      '411',
      { method, headers: {}, hasBody: true },
    ]),
    ['takes a GET', 'taken', { method: 'GET', headers: {} }],
    ['refuses a GET with a body in chunks', '411', { method: 'GET', headers: { 'transfer-encoding': 'chunked' } }],
  ])('%s', (_what, status, request) => {
    expect(statusFor(request)).toBe(status);
  });

  it.each<[string, string]>([
    ['decoded as UTF-8', 'ключ'],
    ['with one character per byte', Buffer.from('ключ').toString('latin1')],
    ['beyond the Basic Multilingual Plane', Buffer.from('key 😀').toString('latin1')],
  ])('refuses a header with a character above U+00FF, and names it: %s', (_how, key) => {
    const request: GatewayRequest = { method: 'POST', headers: { 'X-A': 'a', 'Idempotency-Key': key, 'X-B': key } };
    const refusal = refusals(inbound).find(({ condition }) => holds(condition, request));
    expect(refusal?.status).toBe('400');
    expect(evaluate(refusal?.detail ?? '', request)).toBe(
      'Idempotency-Key: must contain only characters of ISO 8859-1 (up to U+00FF)',
    );
  });

  it.each(['a "key" ~', 'Größe', Buffer.from('Größe').toString('latin1')])(
    'takes a header with the value %s',
    (key) => {
      expect(statusFor({ method: 'GET', headers: { 'Idempotency-Key': key } })).toBe('taken');
    },
  );

  it('refuses requests in the words of the apps', () => {
    const expected = (['validation-failed', 'length-required', 'body-too-large'] as const).map((code) => {
      const [status, title] = PROBLEMS[code];
      return { status: String(status), code, title };
    });
    expect(refusals(inbound).map(({ status, code, title }) => ({ status, code, title }))).toEqual(expected);
  });

  it('refuses a body before it checks the token, and within the limit of an address', () => {
    const names = allNodes(inbound).map(({ name, attributes }) => attributes['fragment-id'] ?? name);
    expect(names.indexOf('rate-limit-by-key')).toBeLessThan(names.indexOf('problem'));
    expect(names.lastIndexOf('problem')).toBeLessThan(names.indexOf('authenticate'));
  });

  it('reads no body itself', () => {
    const texts = JSON.stringify(
      ['policies', 'apis/policies', 'apis/operations/policies'].flatMap((type) => policiesOf(snapshot, type)),
    );
    expect(texts).not.toMatch(/validate-content|Body\.As|request-body="true"/);
  });

  it('lets the host of each app read bodies up to a limit that is above the limit of the API and far below its memory', () => {
    const limits = ofType(snapshot, 'Microsoft.Web/sites/config').flatMap(
      (config) => propertyOf(config, 'properties.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT') ?? [],
    );
    expect(limits).toHaveLength(3);
    for (const limit of limits) {
      expect(Number(limit)).toBeGreaterThan(MAX_BODY_BYTES);
      expect(Number(limit)).toBeLessThanOrEqual(4 * MAX_BODY_BYTES);
    }
  });

  it('limits a caller by the subject of the token, and not by the address', () => {
    const limits = allNodes(inbound).filter(({ name }) => name === 'rate-limit-by-key');
    expect(limits.map(({ attributes }) => attributes['counter-key'])).toEqual([
      '@("address " + context.Request.IpAddress)',
      '@((string)context.Variables["caller"])',
    ]);
    const authenticated = allNodes(inbound).find(({ name }) => name === 'otherwise');
    expect(authenticated?.children.map(({ name, attributes }) => [name, attributes.value ?? ''])).toEqual([
      ['include-fragment', ''],
      ['set-variable', '@("caller " + ((Jwt)context.Variables["token"]).Subject)'],
      ['rate-limit-by-key', ''],
    ]);
  });

  it('answers 429 with Retry-After to a request above these limits, and not 503 as when the app does not answer', () => {
    const [gateway] = policiesOf(snapshot, 'policies');
    const cases = gateway ? allNodes(childOf(childOf(gateway, 'policies'), 'on-error')) : [];
    const whens = cases.filter(({ name }) => name === 'when');
    const limited = whens.findIndex(({ attributes }) => attributes.condition?.includes('"limit-concurrency"'));
    const unanswered = whens.findIndex(({ attributes }) => attributes.condition?.includes('Section == "backend"'));
    const set = whens[limited]?.children.map(({ attributes }) => [attributes.name, attributes.value]) ?? [];

    expect(limited).toBeGreaterThanOrEqual(0);
    expect(limited).toBeLessThan(unanswered);
    expect(Object.fromEntries(set)).toMatchObject({
      problemStatus: '429',
      problemCode: 'throttled',
      problemRetryAfter: '1',
    });
  });

  it('counts each request for the app that it goes to', () => {
    const operations = policiesOf(snapshot, 'apis/operations/policies').map((policy) => allNodes(policy));
    const apps = operations.map((nodes) =>
      nodes.flatMap(({ name, attributes }) => (name === 'set-variable' ? (attributes.value ?? '') : [])),
    );
    const backends = operations.map((nodes) => nodes.flatMap(({ attributes }) => attributes['backend-id'] ?? []));
    expect(apps.length).toBeGreaterThan(30);
    expect(apps).toEqual(backends);
  });

  it('does not stop sending requests to an app for anything that a caller can cause', () => {
    const rules = ofType(snapshot, 'Microsoft.ApiManagement/service/backends').flatMap((backend) =>
      Object.values(Object(propertyOf(backend, 'properties.circuitBreaker.rules'))),
    );
    expect(rules).toHaveLength(3);
    for (const rule of rules) {
      expect(propertyOf(rule, 'failureCondition.statusCodeRanges')).toBeUndefined();
      expect(propertyOf(rule, 'failureCondition.errorReasons')).toEqual(['BackendConnectionFailure']);
    }
  });

  it('stops sending requests to an app after more failures than one caller can send requests', () => {
    const calls = Number(namedValues(snapshot).callsPerCaller);
    for (const backend of ofType(snapshot, 'Microsoft.ApiManagement/service/backends')) {
      const condition = propertyOf(backend, 'properties.circuitBreaker.rules.0.failureCondition');
      expect(textOf(condition, 'interval')).toBe('PT1M');
      // A minute of the breaker may overlap two minutes of the limit.
      expect(Number(propertyOf(condition, 'count'))).toBeGreaterThan(2 * calls);
      expect(Number(propertyOf(condition, 'count'))).toBeLessThanOrEqual(10_000);
    }
  });
});

function post(headers: Readonly<Record<string, string>>): GatewayRequest {
  return { method: 'POST', headers: { ...JSON_TYPE, ...headers }, hasBody: true };
}
