import { describe, expect, it } from 'vitest';
import { ProjectedEvents } from '../../../src/sync/projector/projected-events.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

/** Records whether a promise is fulfilled. */
function watched(promise: Promise<void>) {
  const state = { ended: false };
  promise.then(() => {
    state.ended = true;
  });
  return state;
}

describe('waiting for events that this process projects', () => {
  it('ends as soon as all of them are projected', async () => {
    const [events, clock] = [new ProjectedEvents(), simulatedRuntime()];
    events.add(['e1']);
    const wait = watched(events.waitFor(['e1', 'e2', 'e3'], 50, clock));
    events.add(['e2']);
    await clock.pass(1);
    expect(wait.ended).toBe(false);
    events.add(['e3']);
    await clock.pass(1);
    expect(wait.ended).toBe(true);
    expect(['e1', 'e2', 'e3', 'e4'].map((event) => events.has(event))).toEqual([true, true, true, false]);
  });

  it('takes no time for events that are projected already', async () => {
    const [events, clock] = [new ProjectedEvents(), simulatedRuntime()];
    events.add(['e1']);
    await events.waitFor(['e1'], 50, clock);
    await events.waitFor([], 50, clock);
  });

  it('ends at its limit when another process projects an event', async () => {
    const [events, clock] = [new ProjectedEvents(), simulatedRuntime()];
    const wait = watched(events.waitFor(['e1'], 50, clock));
    await clock.pass(49);
    expect(wait.ended).toBe(false);
    await clock.pass(1);
    expect(wait.ended).toBe(true);
    expect(events.has('e1')).toBe(false);
  });

  it('ends for all that wait for the same event', async () => {
    const [events, clock] = [new ProjectedEvents(), simulatedRuntime()];
    const waits = [watched(events.waitFor(['e1'], 50, clock)), watched(events.waitFor(['e1'], 50, clock))];
    events.add(['e1']);
    await clock.pass(1);
    expect(waits.map(({ ended }) => ended)).toEqual([true, true]);
  });
});
