import type { TelemetryConfig } from '../config.ts';
import { appCredential } from '../credential.ts';
import { oncePerProcess } from '../once-per-process.ts';
import { maskSearch } from './mask-search.ts';

/** Flushes pending telemetry and stops the export. */
export type StopTelemetry = () => Promise<void>;

/**
 * Starts the export of traces and metrics: to Azure Monitor when its connection string is set, else to the OTLP endpoint when it is
 * set. The SDKs are loaded on demand, because they take longer to load than everything else. When the start fails, the error is
 * logged and the app runs without telemetry.
 */
export function startTelemetry(serviceName: string, config: TelemetryConfig): Promise<StopTelemetry> {
  return oncePerProcess('telemetry', () =>
    start(serviceName, config).catch((error: unknown) => {
      console.error('Telemetry cannot be started:', error);
      return async () => {};
    }),
  );
}

async function start(serviceName: string, config: TelemetryConfig): Promise<StopTelemetry> {
  process.env.OTEL_SERVICE_NAME ??= serviceName;
  if (config.azureMonitorConnectionString !== undefined) {
    const { shutdownAzureMonitor, useAzureMonitor } = await import('@azure/monitor-opentelemetry');
    const { azureMonitorConnectionString: connectionString, azureMonitorClientId: clientId } = config;
    const credential = clientId === undefined ? {} : { credential: appCredential(clientId) };
    const azureMonitorExporterOptions = { connectionString, ...credential };
    useAzureMonitor({ azureMonitorExporterOptions, spanProcessors: [maskSearch] });
    return shutdownAzureMonitor;
  }
  if (config.otlpEndpoint !== undefined) {
    // The SDK reads the endpoint from the environment. By default, it exports logs but no metrics.
    process.env.OTEL_METRICS_EXPORTER ??= 'otlp';
    process.env.OTEL_LOGS_EXPORTER ??= 'none';
    const { NodeSDK } = await import('@opentelemetry/sdk-node');
    const sdk = new NodeSDK();
    sdk.start();
    return () => sdk.shutdown();
  }
  return async () => {};
}
