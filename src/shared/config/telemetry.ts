import * as z from 'zod';
import { text } from './environment.ts';

/**
 * The host reads the same format:
 * https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_authentication_string
 */
const SIGN_IN = /^ClientId=([^;]+);Authorization=AAD$/;

export const telemetry = z
  .object({
    APPLICATIONINSIGHTS_CONNECTION_STRING: text.optional(),
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: text
      .regex(SIGN_IN, 'must be ClientId=<client id of the identity>;Authorization=AAD')
      .optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url('must be a URL such as http://localhost:4318').optional(),
  })
  .transform((env) => ({
    azureMonitorConnectionString: env.APPLICATIONINSIGHTS_CONNECTION_STRING,
    azureMonitorClientId: SIGN_IN.exec(env.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? '')?.[1],
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  }));
export type TelemetryConfig = z.output<typeof telemetry>;
