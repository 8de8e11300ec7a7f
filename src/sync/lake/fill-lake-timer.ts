import type { Connection } from '../../shared/config/connection.ts';
import { ORDER_EVENTS_HUB } from '../../shared/event-hubs/hub.ts';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { CAPTURE_CONTAINER, TABLES_CONTAINER } from '../../shared/lake/lake-files.ts';
import { lakeBehind, undecodableInLakeCount } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import type { FilledLake } from './fill-lake.ts';

/** The timer that brings the tables of the lake up to date with the captured events. Without a lake it does nothing. */
export function fillLakeTimer(app: SyncApp): TimerFunction {
  const { lake, lakeSchedule } = app.config;
  let fill: (() => Promise<FilledLake>) | undefined;
  return {
    trigger: 'timer',
    name: 'fillLake',
    options: {
      schedule: lakeSchedule,
      handler: async (_timer, context) => {
        if (lake === undefined) return;
        fill ??= await openFiller(app, lake);
        const { files, undecodable, behindMs } = await fill();
        lakeBehind.record(behindMs);
        if (undecodable > 0) {
          undecodableInLakeCount.add(undecodable, {});
          context.error(`${undecodable} captured events cannot be decoded, and are not in the lake's tables.`);
        }
        if (files > 0) context.log(`The lake's tables have the events of ${files} more captured files.`);
      },
    },
  };
}

async function openFiller({ config, runtime }: SyncApp, lake: Connection): Promise<() => Promise<FilledLake>> {
  // Loaded by the first run, because the Storage SDK and the libraries for Avro and Parquet are slow to load.
  const [{ openLakeFiles }, { lakeFiller }] = await Promise.all([
    import('../../shared/lake/open-lake.ts'),
    import('./fill-lake.ts'),
  ]);
  return lakeFiller({
    capture: openLakeFiles(lake, CAPTURE_CONTAINER),
    tables: openLakeFiles(lake, TABLES_CONTAINER),
    folder: `${namespaceOf(config.eventHub)}/${ORDER_EVENTS_HUB}`,
    runtime,
    warn: (sentence, error) => console.warn(sentence, error),
  });
}

/** The name of the namespace: the first part of its host name. */
function namespaceOf(eventHub: Connection): string | undefined {
  const host =
    eventHub.kind === 'identity'
      ? eventHub.endpoint
      : /Endpoint=sb:\/\/([^:/;]+)/i.exec(eventHub.connectionString)?.[1];
  return host?.split('.')[0];
}
