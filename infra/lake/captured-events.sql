-- The files that Event Hubs Capture has written, a row for each event. Replace the names in <brackets>; of a long history, name
-- the folders of the days that are needed (…/order-events/2026/11/*).
CREATE OR REPLACE TEMPORARY VIEW capture_files
USING avro
OPTIONS (
  path 'abfss://order-events@<lake account>.dfs.core.windows.net/<event hubs namespace>/order-events',
  recursiveFileLookup 'true',
  pathGlobFilter '*.avro'
);

-- The body is the envelope of docs/events/README.md: JSON, as bytes.
CREATE OR REPLACE TEMPORARY VIEW captured_events AS
SELECT decode(Body, 'UTF-8') AS body, EnqueuedTimeUtc AS enqueued_at
FROM capture_files;
