import { metrics, trace } from '@opentelemetry/api';
import type { TelemetryConfig } from '../config/telemetry.ts';
import { appCredential } from '../credential.ts';
import { oncePerProcess } from '../once-per-process.ts';
import { setMeterProvider } from './instruments.ts';
import { maskSearch } from './mask-search.ts';
import { setTracerProvider } from './tracing.ts';

/** Flushes pending telemetry and stops the export. */
export type StopTelemetry = () => Promise<void>;

/**
 * Starts the export of an app's traces and metrics: to Azure Monitor when its connection string is set, else to the OTLP endpoint when
 * it is set. The SDKs are loaded on demand, because they take longer to load than everything else. When the start fails, the error is
 * logged and the app runs without telemetry.
 */
export async function startTelemetry(serviceName: string, config: TelemetryConfig): Promise<StopTelemetry> {
  const { azureMonitorConnectionString: connectionString, azureMonitorClientId: clientId } = config;
  try {
    if (connectionString !== undefined) return await exportToAzureMonitor(serviceName, connectionString, clientId);
    if (config.otlpEndpoint !== undefined) return await exportToOtlp(serviceName);
  } catch (error) {
    console.error('Telemetry cannot be started:', error);
  }
  return async () => {};
}

/**
 * Azure Monitor has one exporter per process. In Azure, each app has a process of its own; locally, the name of the app that starts first
 * stands for all.
 */
async function exportToAzureMonitor(
  serviceName: string,
  connectionString: string,
  clientId: string | undefined,
): Promise<StopTelemetry> {
  const stop = await oncePerProcess('azure-monitor', async () => {
    process.env.OTEL_SERVICE_NAME ??= serviceName;
    const { shutdownAzureMonitor, useAzureMonitor } = await import('@azure/monitor-opentelemetry');
    const credential = clientId === undefined ? {} : { credential: appCredential(clientId) };
    const azureMonitorExporterOptions = { connectionString, ...credential };
    useAzureMonitor({ azureMonitorExporterOptions, spanProcessors: [maskSearch] });
    return shutdownAzureMonitor;
  });
  setTracerProvider(trace.getTracerProvider());
  setMeterProvider(metrics.getMeterProvider());
  return stop;
}

/**
 * The SDK reads its settings from the environment and registers its providers as the global ones. They are unregistered and kept for this
 * app, so that each app of a process has its own, with its own name.
 */
async function exportToOtlp(serviceName: string): Promise<StopTelemetry> {
  // By default, the SDK exports logs but no metrics.
  process.env.OTEL_METRICS_EXPORTER ??= 'otlp';
  process.env.OTEL_LOGS_EXPORTER ??= 'none';
  const { NodeSDK } = await import('./otlp-sdk.ts');
  const sdk = new NodeSDK({ serviceName, textMapPropagator: null });
  sdk.start();
  setTracerProvider(trace.getTracerProvider());
  setMeterProvider(metrics.getMeterProvider());
  trace.disable();
  metrics.disable();
  return () => sdk.shutdown();
}
