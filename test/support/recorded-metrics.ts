import type { Attributes, Meter, MeterProvider } from '@opentelemetry/api';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { setMeterProvider } from '../../src/shared/telemetry/instruments.ts';

export interface RecordedMeasurement {
  readonly value: number;
  readonly attributes: Attributes;
}

/** Records what the tests of a file measure. Each test starts without measurements. */
export function recordMetrics(): { of(name: string): readonly RecordedMeasurement[] } {
  const measured = new Map<string, RecordedMeasurement[]>();
  const create = (name: string) => {
    const record = (value: number, attributes: Attributes = {}) => {
      measured.set(name, [...(measured.get(name) ?? []), { value, attributes }]);
    };
    return { add: record, record };
  };
  const meter: Partial<Meter> = { createCounter: create, createHistogram: create, createGauge: create };
  beforeAll(() => setMeterProvider({ getMeter: () => meter } as MeterProvider)); // the code makes no other kinds
  beforeEach(() => measured.clear());
  afterAll(() => setMeterProvider(undefined));
  return { of: (name) => measured.get(name) ?? [] };
}
