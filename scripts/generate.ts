/** Writes what is generated from the code, the events' JSON Schemas and the API's description: `npm run generate`. */
import { execFileSync } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EVENT_SCHEMAS_FOLDER, eventSchemaFiles } from './generate/event-schemas.ts';
import { OPEN_API_FILE, openApiText } from './generate/open-api.ts';

const HELP = `Writes ${EVENT_SCHEMAS_FOLDER}/*.json and ${OPEN_API_FILE} from the code; tests hold that they are up to date.

  npm run generate`;

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) console.log(HELP);
else await generate();

async function generate(): Promise<void> {
  const schemas = eventSchemaFiles();
  const stale = (await readdir(EVENT_SCHEMAS_FOLDER)).filter((name) => name.endsWith('.json') && !schemas.has(name));
  await Promise.all([
    ...stale.map((name) => rm(join(EVENT_SCHEMAS_FOLDER, name))),
    ...[...schemas].map(([name, text]) => writeFile(join(EVENT_SCHEMAS_FOLDER, name), text)),
    writeFile(OPEN_API_FILE, await openApiText()),
  ]);
  execFileSync('biome', ['format', '--write', OPEN_API_FILE, EVENT_SCHEMAS_FOLDER], { stdio: 'ignore' });
  console.log(`${schemas.size} event schemas in ${EVENT_SCHEMAS_FOLDER}/, and ${OPEN_API_FILE}`);
}
