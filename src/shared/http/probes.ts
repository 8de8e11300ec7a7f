export const LIVE_ROUTE = 'health/live';
export const READY_ROUTE = 'health/ready';

/** Whether the platform probes a route every few seconds. */
export const isProbe = (route: string): boolean => route === LIVE_ROUTE || route === READY_ROUTE;
