import { describe, expect, it } from 'vitest';
import { MAX_WAIT_SECONDS as CHANGES_WAIT } from '../../../src/queries/orders/get-order-changes.ts';
import { MAX_WAIT_SECONDS as VERSION_WAIT } from '../../../src/queries/orders/min-version.ts';
import {
  childOf,
  type GatewayRequest,
  holds,
  type PolicyNode,
  policiesOf,
} from '../../support/infra/gateway-policies.ts';
import { SNAPSHOTS } from '../../support/infra/snapshots.ts';

const NONE: PolicyNode = { name: '', attributes: {}, children: [] };

describe.each(SNAPSHOTS)('API Management for %s', (_, snapshot) => {
  /** The limits of a request to an app, from the outside in, and the seconds that the gateway waits for its answer. */
  const placesOf = (request: Partial<GatewayRequest> = {}) => {
    const [gateway = NONE] = policiesOf(snapshot, 'policies');
    const ofCaller = childOf(childOf(childOf(gateway, 'policies'), 'backend'), 'limit-concurrency');
    const branches = childOf(ofCaller, 'choose').children;
    const taken = branches.find(
      ({ attributes: { condition } }) =>
        condition === undefined || holds(condition, { method: 'GET', headers: {}, ...request }),
    );
    const ofApp = childOf(taken ?? NONE, 'limit-concurrency');
    const limitOf = ({ attributes }: PolicyNode) => ({ key: attributes.key, places: Number(attributes['max-count']) });
    const timeout = Number(childOf(ofApp, 'forward-request').attributes.timeout);
    return { caller: limitOf(ofCaller), app: limitOf(ofApp), timeout };
  };

  it('limits how many requests an app gets at a time, and how many of them are of one caller', () => {
    const { caller, app } = placesOf({ operation: 'getorder' });
    expect(caller.key).toBe('@((string)context.Variables["caller"])');
    expect(app.key).toBe('@("app " + (string)context.Variables["app"])');
    expect(caller.places).toBeGreaterThan(0);
    expect(caller.places * 4).toBeLessThanOrEqual(app.places);
  });

  const waiting: readonly (readonly [string, number, Partial<GatewayRequest>])[] = [
    ['GET /orders/{orderId}/changes', CHANGES_WAIT, { operation: 'getorderchanges' }],
    ['HEAD /orders/{orderId}/changes', CHANGES_WAIT, { operation: 'getorderchanges-head' }],
    ['GET /orders/{orderId}?minVersion=2', VERSION_WAIT, { operation: 'getorder', query: { minVersion: '2' } }],
  ];

  it.each(waiting)('does not take a place from other requests while it waits: %s', (_what, _seconds, request) => {
    const { caller, app } = placesOf(request);
    const other = placesOf({ operation: 'getorder' });
    expect(caller).toEqual(other.caller);
    expect(app.key).toBe('@("waits " + (string)context.Variables["app"])');
    expect(app.places).toBeGreaterThan(other.app.places);
  });

  it.each(waiting)('waits longer for the answer than the app for a change: %s', (_what, seconds, request) => {
    // The reads around the wait take up to about 10 s when Cosmos DB throttles them.
    expect(placesOf(request).timeout).toBeGreaterThanOrEqual(seconds + 10);
  });
});
