import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedFiles } from '../../../clients/typescript/scripts/generated-files.ts';
import { OPEN_API_FILE } from '../../../scripts/generate/open-api.ts';

it('the generated part of the client is up to date (run "npm run generate" to update it)', async () => {
  const expected = await generatedFiles(readFileSync(OPEN_API_FILE, 'utf8'));
  const isStale = ([name, text]: readonly [string, string]) =>
    readFileSync(`clients/typescript/src/generated/${name}`, 'utf8') !== text;
  expect([...expected].filter(isStale).map(([name]) => name)).toEqual([]);
});
