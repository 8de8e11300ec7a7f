import type { TelemetryConfig } from '../config.ts';
import { appCredential } from '../credential.ts';
import { oncePerProcess } from '../once-per-process.ts';

/** Sends what is not exported yet, and stops. */
export type StopTelemetry = () => Promise<void>;

/**
 * Starts the export of traces and metrics: to Azure Monitor when its connection string is set, else to an OTLP endpoint when
 * that is set. The SDKs are loaded only then, since they take longer to load than all the rest. Orders go on without telemetry:
 * when it cannot be started, that is logged.
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
    useAzureMonitor({ azureMonitorExporterOptions: { connectionString, ...credential } });
    return shutdownAzureMonitor;
  }
  if (config.otlpEndpoint !== undefined) {
    // The SDK reads the endpoint from the environment; of the signals, metrics are off and logs are on by default there.
    process.env.OTEL_METRICS_EXPORTER ??= 'otlp';
    process.env.OTEL_LOGS_EXPORTER ??= 'none';
    const { NodeSDK } = await import('@opentelemetry/sdk-node');
    const sdk = new NodeSDK();
    sdk.start();
    return () => sdk.shutdown();
  }
  return async () => {};
}
