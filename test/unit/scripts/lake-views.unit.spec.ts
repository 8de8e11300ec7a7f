import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LAKE_VIEWS_FILE, lakeViewsText } from '../../../scripts/generate/lake-views.ts';
import { REPORTS } from '../../../src/queries/reports/report.ts';

describe('the views of the lake in Synapse serverless SQL', () => {
  it('are up to date with the code (run "npm run generate" to update them)', () => {
    expect(readFileSync(LAKE_VIEWS_FILE, 'utf8')).toBe(lakeViewsText());
  });

  it('are those of the reports, one file each', () => {
    const files = readdirSync('src/queries/reports/views').toSorted();
    const views = Object.values(REPORTS).map(({ view }) => `${view}.sql`);
    expect(files).toEqual(views.toSorted());
  });
});
