/** Writes what is generated from the code: the events' JSON Schemas, and what describes the API: `npm run generate`. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedFiles } from '../clients/typescript/scripts/generated-files.ts';
import { writeWhole } from './bundle/files.ts';
import { formatFiles } from './cli/biome.ts';
import { readOptions } from './cli/read-options.ts';
import { ASYNC_API_FILE, asyncApiText } from './generate/async-api.ts';
import { CAPACITY_FILE, capacityText } from './generate/capacity.ts';
import { EVENT_SCHEMAS_FOLDER, eventSchemaFiles } from './generate/event-schemas.ts';
import { GATEWAY_FOLDER, gatewayFiles } from './generate/gateway.ts';
import { LAKE_VIEWS_FILE, lakeViewsText } from './generate/lake-views.ts';
import { OPEN_API_FILE, openApiText } from './generate/open-api.ts';
import { ROLES_FILE, rolesText } from './generate/roles.ts';

const CLIENT_FOLDER = 'clients/typescript/src/generated';

const HELP = `Writes ${EVENT_SCHEMAS_FOLDER}/*.json, ${OPEN_API_FILE}, ${ASYNC_API_FILE}, ${ROLES_FILE}, ${LAKE_VIEWS_FILE}, ${CAPACITY_FILE},
${GATEWAY_FOLDER}/*.json and ${CLIENT_FOLDER}/*.ts from the code; tests hold that they are up to date.

  npm run generate`;

const { values } = readOptions({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) console.log(HELP);
else await generate();

async function generate(): Promise<void> {
  const schemas = eventSchemaFiles();
  const stale = (await readdir(EVENT_SCHEMAS_FOLDER)).filter((name) => name.endsWith('.json') && !schemas.has(name));
  const gateway = gatewayFiles();
  const openApi = openApiText();
  const client = await generatedFiles(openApi);
  await Promise.all([
    ...stale.map((name) => rm(join(EVENT_SCHEMAS_FOLDER, name))),
    ...[...schemas].map(([name, text]) => writeWhole(join(EVENT_SCHEMAS_FOLDER, name), text)),
    writeWhole(OPEN_API_FILE, openApi),
    writeWhole(ASYNC_API_FILE, asyncApiText()),
    writeWhole(ROLES_FILE, rolesText()),
    writeWhole(LAKE_VIEWS_FILE, lakeViewsText()),
    writeWhole(CAPACITY_FILE, capacityText()),
    ...[...gateway].map(([name, text]) => writeWhole(join(GATEWAY_FOLDER, name), text)),
    ...[...client].map(([name, text]) => writeWhole(join(CLIENT_FOLDER, name), text)),
  ]);
  formatFiles([OPEN_API_FILE, ASYNC_API_FILE, EVENT_SCHEMAS_FOLDER, GATEWAY_FOLDER]);
  console.log(
    `${schemas.size} event schemas in ${EVENT_SCHEMAS_FOLDER}/, ${OPEN_API_FILE}, ${ASYNC_API_FILE}, ${ROLES_FILE}, ${GATEWAY_FOLDER}/, ${CLIENT_FOLDER}/`,
  );
}
