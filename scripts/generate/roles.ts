import type { z } from 'zod';
import { ROLES, type Role } from '../../src/shared/auth/authenticate.ts';
import type { Answer, Operation } from '../../src/shared/http/operation.ts';
import { fieldsOf } from './fields.ts';
import { operationsByApp } from './load-operations.ts';

/** File that says what each role sees, relative to the project's root. */
export const ROLES_FILE = 'docs/roles.md';

/** What a role sees of a response. */
export interface Seen {
  /** `all`, `own`, or the records in words. */
  readonly records: string;
  /** Names of fields, with a dot between levels; `data.*` is everything in `data`. */
  readonly fields: ReadonlySet<string>;
}

/** What each role sees of an operation's response, or of the messages pushed after it. Roles that may not call it are absent. */
export function seenByRole({ roles }: Operation, { schema, views = {} }: Answer): ReadonlyMap<Role, Seen> {
  if (schema === undefined) return new Map();
  return new Map(
    roles.map((role) => {
      const { records = role === 'customer' ? 'own' : 'all', schema: seen = schema } = views[role] ?? {};
      return [role, { records, fields: fieldsOf(seen) }];
    }),
  );
}

/** True when a field is one of the fields, or is covered by one that ends in `.*`. */
export function isSeen(field: string, fields: ReadonlySet<string>): boolean {
  if (fields.has(field)) return true;
  const parents = field.split('.').map((_, index, names) => `${names.slice(0, index).join('.')}.*`);
  return parents.some((parent) => fields.has(parent));
}

const INTRODUCTION = `# What each role sees

Generated from the code by \`npm run generate\`. A test calls each operation in each role and compares the response with this table.

- **all**: the fields of every record. **own**: the fields of the caller's own records; other customers' records return 404.
- **–**: never. A role with – in every row gets 403.
- \`items.price\` is the field \`price\` of each entry of \`items\`; \`data.*\` is everything in \`data\`.
- If a table names a setting, a token without a role sees the same. When that setting is on, no token is needed.
- A caller with several roles sees what any of them sees. Problems (4xx, 5xx) are the same for all roles.
`;

/** Generates the table of roles and fields, as Markdown. */
export function rolesText(): string {
  const operations = [...operationsByApp().keys()].toSorted((a, b) => a.route.localeCompare(b.route, 'en'));
  const tables = operations.flatMap((operation) => [
    ...bodiesOf(operation).map((answer) => ({ title: titleOf(operation), table: tableOf(operation, answer) })),
    ...(operation.messages === undefined
      ? []
      : [{ title: `Messages pushed after ${titleOf(operation)}`, table: tableOf(operation, operation.messages) }]),
  ]);
  const sections = [...Map.groupBy(tables, ({ table }) => table)].map(
    ([table, of]) => `## ${[...new Set(of.map(({ title }) => title))].join(', ')}\n\n${table}\n`,
  );
  const anonymous = operations.filter(({ roles }) => roles.length === 0).map(anonymousText);
  return [INTRODUCTION, ...sections, `## Without a token\n\n${anonymous.join('\n')}\n`].join('\n');
}

/** The JSON responses of an operation that needs a token. */
export function bodiesOf({ roles, answers }: Operation): readonly (Answer & { readonly schema: z.ZodType })[] {
  if (roles.length === 0) return [];
  return Object.values(answers).flatMap((answer) =>
    answer.schema === undefined ? [] : [{ ...answer, schema: answer.schema }],
  );
}

function anonymousText(operation: Operation): string {
  const { rolesThatSeeMore } = operation;
  const more = rolesThatSeeMore === undefined ? 'the same for everyone' : `more for ${rolesThatSeeMore.join(', ')}`;
  return `- ${titleOf(operation)}: ${more}`;
}

function titleOf({ method, route, publicBySetting }: Operation): string {
  const setting = publicBySetting === undefined ? '' : ` (\`${publicBySetting}\`)`;
  return `\`${method} /${route}\`${setting}`;
}

/** One row for all fields that the same roles see. */
function tableOf(operation: Operation, answer: Answer): string {
  const seen = seenByRole(operation, answer);
  const fields = [...new Set([...seen.values()].flatMap((role) => [...role.fields]))];
  const cellsOf = (field: string) =>
    ROLES.map((role) => {
      const view = seen.get(role);
      return view !== undefined && isSeen(field, view.fields) ? view.records : '–';
    }).join(' | ');
  const rows = [...Map.groupBy(fields, cellsOf)].map(
    ([cells, of]) => `| ${of.map((field) => `\`${field}\``).join(', ')} | ${cells} |`,
  );
  return [`| fields | ${ROLES.join(' | ')} |`, `| --- |${' --- |'.repeat(ROLES.length)}`, ...rows].join('\n');
}
