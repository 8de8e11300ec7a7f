/**
 * Runs the stand-ins for Azure in a process of their own: `node stand-ins.ts <data folder> <latency of Event Hubs in ms>`. It ends with
 * the process that started it.
 */
import { startLocalAzure } from '../../local/local-azure.ts';
import { startLatencyProxy } from '../measuring/latency-proxy.ts';

const [, , folder = '.', eventHubsMs = '0'] = process.argv;
const ports = { eventHubs: 0, cosmosDb: 0, webPubSub: 0, blob: 0, queue: 0, table: 0 };
const azure = await startLocalAzure(ports, folder);
process.once('disconnect', () => azure.close().finally(() => process.exit()));
const { settings, eventHubs } = azure;
const port = eventHubsMs === '0' ? eventHubs.port : (await startLatencyProxy(eventHubs.port, Number(eventHubsMs))).port;
const EventHubConnection = settings.EventHubConnection?.replace(`:${eventHubs.port}`, `:${port}`);
process.send?.({ ...settings, EventHubConnection });
