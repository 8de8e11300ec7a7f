import { expect, it } from 'vitest';
import { validTraceparent } from '../../../src/shared/telemetry/traceparent.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

it('accepts a valid traceparent', () => {
  expect(validTraceparent(`00-${traceId}-${spanId}-01`)).toBe(`00-${traceId}-${spanId}-01`);
});

it.each([
  null,
  undefined,
  '',
  'junk',
  `00-${traceId}-${spanId}`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId}-${spanId}-01-${'x'.repeat(10_000)}`,
])('ignores the invalid traceparent %s', (sent) => {
  expect(validTraceparent(sent)).toBeUndefined();
});
