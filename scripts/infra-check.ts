import { resolve } from 'node:path';
import { readOptions } from './cli/read-options.ts';
import { check } from './infra-check/check.ts';
import { format } from './infra-check/finding.ts';

const USAGE = `Checks the Bicep template in infra/, as far as this machine can.

  npm run infra:check [-- options]

  --require-compiler   takes it for a finding that Bicep's own compiler is not there
  --help               this text

Bicep's own compiler and linter check it whole, where "bicep" (or "az" with bicep) is on the PATH; warnings count as errors.
Everywhere else, and also then:
  - syntax, by the tree-sitter grammar. It does not know all of Bicep: object spread (...x), resourceInput<> and x! before
    an index; the template does without those.
  - names: what is used is declared, what is declared is used; modules get the parameters they have, and their outputs
    exist; parameter files are complete; loaded files are there.
  - every resource, with the values of each parameter file, against the schemas that Azure has published: its type,
    properties, values, and what is required. A tool of Microsoft's carries them, in their newest version; npm fetches it
    (137 MB, once). The template's own version can be another, and some types are not in it: the summary names both.

Exit code: 0 when nothing was found, also where a check was left out for want of its tool; 1 when something was found.`;

async function main(): Promise<number> {
  const { values } = readOptions({
    options: { 'require-compiler': { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const { findings, checked, notChecked } = await check(resolve(import.meta.dirname, '..'), values['require-compiler']);
  for (const finding of findings) console.log(format(finding));
  for (const line of checked) console.log(`Checked: ${line}`);
  for (const line of notChecked) console.log(`Not checked: ${line}`);
  console.log(findings.length === 0 ? 'Nothing found.' : `Found: ${findings.length}.`);
  return findings.length === 0 ? 0 : 1;
}

process.exitCode = await main();
