/** Writes what is generated from the code, the events' JSON Schemas and the API's description: `npm run generate`. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENT_SCHEMAS_FOLDER, eventSchemaFiles } from './generate/event-schemas.ts';
import { OPEN_API_FILE, openApiText } from './generate/open-api.ts';

const schemas = eventSchemaFiles();
const stale = (await readdir(EVENT_SCHEMAS_FOLDER)).filter((name) => name.endsWith('.json') && !schemas.has(name));
await Promise.all([
  ...stale.map((name) => rm(join(EVENT_SCHEMAS_FOLDER, name))),
  ...[...schemas].map(([name, text]) => writeFile(join(EVENT_SCHEMAS_FOLDER, name), text)),
  writeFile(OPEN_API_FILE, await openApiText()),
]);
console.log(`${schemas.size} event schemas in ${EVENT_SCHEMAS_FOLDER}/, and ${OPEN_API_FILE}`);
