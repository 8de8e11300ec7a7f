import { z } from 'zod';
import type { Role } from '../../src/shared/auth/authenticate.ts';
import type { RoleViews } from '../../src/shared/auth/role-views.ts';
import { BODY_PROBLEMS } from '../../src/shared/http/json-body.ts';
import type { Answer, Operation } from '../../src/shared/http/operation.ts';
import {
  PROBLEM_TYPE,
  PROBLEMS,
  type ProblemCode,
  type ProblemFacts,
  problemSchema,
} from '../../src/shared/http/problem.ts';
import { parametersOf } from './open-api-parameters.ts';
import type { SchemaComponents } from './open-api-schemas.ts';

const CORRELATION = { 'x-correlation-id': { $ref: '#/components/headers/x-correlation-id' } };

/** The tag of an operation: the first segment of its route. */
export function tagOf({ route }: Operation): string {
  const [first = ''] = route.split('/');
  if (['health', 'openapi.json', 'docs'].includes(first)) return 'System';
  return first.charAt(0).toUpperCase() + first.slice(1);
}

/** Examples of the facts that problems have. */
const FACTS: Readonly<Partial<Record<ProblemCode, ProblemFacts>>> = {
  'price-changed': { productId: 'p1', price: 29.99, currency: 'USD' },
  'insufficient-stock': { productId: 'p3', requested: 6, available: 5 },
  'credit-limit-exceeded': { creditAvailable: 940.02, currency: 'USD' },
  'currency-mismatch': { productId: 'p1', currency: 'USD' },
  'invalid-transition': { orderStatus: 'shipped' },
  'version-mismatch': { version: 4 },
  'read-model-behind': { version: 2 },
};

/** An example of each problem of the operations, by code, for `components/examples`. */
export function problemExamples(operations: readonly Operation[]): Record<string, object> {
  const codes = new Set(operations.flatMap(codesOf));
  return Object.fromEntries(
    [...codes].sort().map((code) => {
      const [status, title] = PROBLEMS[code];
      const detail = `${title}. Details about what is wrong and how to fix it.`;
      const common = { type: `${PROBLEM_TYPE}${code}`, title, status, detail, instance: '/api/orders', code };
      return [code, { value: { ...common, ...FACTS[code] } }];
    }),
  );
}

/** Converts an operation to OpenAPI 3.1. */
export function toOpenApi(operation: Operation, schemas: SchemaComponents): object {
  const { name, summary, roles, rolesThatSeeMore, body } = operation;
  return {
    operationId: name,
    tags: [tagOf(operation)],
    summary,
    description: rolesText(operation),
    'x-roles': roles,
    security: roles.length === 0 ? optionalSecurity(rolesThatSeeMore) : [{ bearer: [] }],
    parameters: parametersOf(operation, schemas),
    ...(body !== undefined && { requestBody: requestBody(body, schemas) }),
    responses: { ...answersOf(operation, schemas), ...problemsOf(operation, schemas) },
  };
}

/** An empty requirement makes the others optional (https://spec.openapis.org/oas/v3.1.1.html#fixed-fields-for-operation). */
function optionalSecurity(rolesThatSeeMore: Operation['rolesThatSeeMore']): readonly object[] {
  return rolesThatSeeMore === undefined ? [] : [{}, { bearer: [] }];
}

function rolesText({ roles, rolesThatSeeMore, publicBySetting, answers }: Operation): string {
  if (publicBySetting !== undefined) {
    return `Any valid access token. No token is required where the setting ${publicBySetting} allows it.`;
  }
  const views = Object.values(answers).find((answer) => answer.views !== undefined)?.views ?? {};
  if (roles.length > 0) return `Required role: ${anyOf(roles, views)}.`;
  const more = rolesThatSeeMore === undefined ? '' : ` The role ${anyOf(rolesThatSeeMore, views)} sees more.`;
  return `No authentication required.${more}`;
}

function anyOf(roles: readonly Role[], views: RoleViews): string {
  const names = roles.map((role) => {
    const records = role === 'customer' ? 'own data only' : views[role]?.records;
    return records === undefined ? role : `${role} (${records})`;
  });
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(names);
}

function requestBody({ schema, examples }: NonNullable<Operation['body']>, schemas: SchemaComponents): object {
  const named = Object.entries(examples).map(([name, value]) => [name, { value }]);
  return {
    required: !schema.safeParse({}).success,
    content: { 'application/json': { schema: schemas.schemaOf(schema, 'input'), examples: Object.fromEntries(named) } },
  };
}

function answersOf({ answers }: Operation, schemas: SchemaComponents): object {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, schemas)]));
}

function answerOf(answer: Answer, schemas: SchemaComponents): object {
  const { description, schema, mediaType, headers = [] } = answer;
  const named = headers.map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  return {
    description,
    headers: { ...Object.fromEntries(named), ...CORRELATION },
    ...(schema !== undefined && {
      content: { 'application/json': { schema: schemas.schemaOf(forAnyRole(schema, answer), 'output') } },
    }),
    ...(mediaType !== undefined && { content: { [mediaType]: {} } }),
  };
}

/** What any role gets: the whole body or a part. */
function forAnyRole(schema: z.ZodType, { views = {} }: Answer): z.ZodType {
  const lesser = Object.values(views).flatMap((view) => view.schema ?? []);
  return lesser.length === 0 ? schema : z.union([schema, ...lesser]);
}

/** Problems with the header Retry-After. */
const RETRIED: readonly ProblemCode[] = ['concurrent-update', 'throttled', 'unavailable', 'read-model-behind'];

/** One problem response per status, with its possible codes. */
function problemsOf(operation: Operation, schemas: SchemaComponents): object {
  const problem = schemas.schemaOf(problemSchema, 'output');
  const byStatus = Map.groupBy(codesOf(operation), (code) => PROBLEMS[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}.`).join(' '),
        headers: {
          ...CORRELATION,
          ...(codes.some((code) => RETRIED.includes(code)) && {
            'Retry-After': { $ref: '#/components/headers/Retry-After' },
          }),
        },
        content: {
          'application/problem+json': {
            schema: { allOf: [problem, { properties: { code: { enum: codes } } }] },
            examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
          },
        },
      },
    ]),
  );
}

/** The operation's own codes, those that follow from its input and roles, and that of the gateway's limits. */
function codesOf(operation: Operation): readonly ProblemCode[] {
  const { roles, publicBySetting, route, body, problems } = operation;
  // With a token, unknown query parameters are refused
  const canBeInvalid = roles.length > 0 || body !== undefined || route.includes('{');
  const codes: readonly (ProblemCode | false)[] = [
    canBeInvalid && 'validation-failed',
    roles.length > 0 && 'unauthenticated',
    roles.length > 0 && publicBySetting === undefined && 'forbidden',
    ...problems,
    ...(body === undefined ? [] : BODY_PROBLEMS),
    'throttled',
    'internal-error',
    roles.length > 0 && 'unavailable',
  ];
  return [...new Set(codes.filter((code) => code !== false))];
}
