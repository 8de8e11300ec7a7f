/**
 * The part of OpenTelemetry's SDK that the apps use. The SDK is a CommonJS package, and the split bundles have the names of such a package only
 * where it is imported statically.
 */
export { NodeSDK } from '@opentelemetry/sdk-node';
