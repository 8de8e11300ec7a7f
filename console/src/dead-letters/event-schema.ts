/** The schemas of docs/events, each loaded when it is shown: `<event type>.v<version>.json`. */
const SCHEMAS = import.meta.glob<object>('../../../docs/events/*.json', { import: 'default' });
const FOLDER = '../../../docs/events';

/** The closed schema of an event as this release publishes or reads it. */
export interface EventSchema {
  readonly version: number;
  readonly schema: object;
}

/** The schema of a version, or of the newest one that this release knows; undefined for an unknown type. An event without a version has 1. */
export async function loadSchema(eventType: string, version = 1): Promise<EventSchema | undefined> {
  const found = version > 0 ? SCHEMAS[`${FOLDER}/${eventType}.v${version}.json`] : undefined;
  if (found !== undefined) return { version, schema: await found() };
  const known = Object.entries(SCHEMAS)
    .filter(([path]) => path.startsWith(`${FOLDER}/${eventType}.v`))
    .map(([path, load]) => ({ version: Number(path.slice(path.lastIndexOf('.v') + 2, -'.json'.length)), load }))
    .toSorted((a, b) => b.version - a.version);
  const [newest] = known;
  return newest && { version: newest.version, schema: await newest.load() };
}
