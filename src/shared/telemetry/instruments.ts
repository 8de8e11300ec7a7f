import {
  type Attributes,
  type Histogram,
  type Meter,
  type MeterProvider,
  type MetricOptions,
  metrics,
} from '@opentelemetry/api';

/** The app's provider. Locally, one process runs several apps, and the metrics of each must have the app's own `service.name`. */
let appProvider: MeterProvider | undefined;

/** Sets the provider to which this app's metrics go; by default, the global one of OpenTelemetry. */
export function setMeterProvider(provider: MeterProvider | undefined): void {
  appProvider = provider;
}

/** Sees every measurement of this app, with or without telemetry. */
type Observer = (metric: string, value: number, attributes: Attributes) => void;
let observe: Observer = () => undefined;

/** Sets who sees the measurements of this app, in place of the one before; undefined for nobody. */
export function observeMeasurements(observer: Observer = () => undefined): void {
  observe = observer;
}

/**
 * The OpenTelemetry API has no proxy meter provider: an instrument that is created before the SDK starts stays a no-op. So each
 * instrument is created again when the provider has changed.
 */
function withCurrentProvider<Instrument>(create: (meter: Meter) => Instrument): () => Instrument {
  let current: { readonly provider: MeterProvider; readonly instrument: Instrument } | undefined;
  return () => {
    const provider = appProvider ?? metrics.getMeterProvider();
    if (current?.provider !== provider) current = { provider, instrument: create(provider.getMeter('orders')) };
    return current.instrument;
  };
}

/** A counter. */
export function counter(name: string, options: MetricOptions) {
  const current = withCurrentProvider((meter) => meter.createCounter(name, options));
  const add = (value: number, attributes: Attributes) => {
    observe(name, value, attributes);
    current().add(value, attributes);
  };
  return { add };
}

/** A histogram of durations in milliseconds. */
export function histogram(name: string) {
  const current = withCurrentProvider((meter) => meter.createHistogram(name, { unit: 'ms' }));
  return { record: recorder(name, current) };
}

/** A gauge, in milliseconds unless the options say otherwise. */
export function gauge(name: string, options: MetricOptions = { unit: 'ms' }) {
  const current = withCurrentProvider((meter) => meter.createGauge(name, options));
  return { record: recorder(name, current) };
}

const recorder =
  (name: string, current: () => Pick<Histogram, 'record'>) =>
  (value: number, attributes: Attributes = {}): void => {
    observe(name, value, attributes);
    current().record(value, attributes);
  };
