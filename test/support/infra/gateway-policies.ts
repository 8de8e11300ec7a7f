import { runInNewContext } from 'node:vm';
import { XMLParser } from 'fast-xml-parser';
import { ofType, type Snapshot, textOf } from './snapshots.ts';

/** An element of a policy, with its attributes and child elements in the order of the document. */
export interface PolicyNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly PolicyNode[];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
});

/** The named values that a deployment sets, by name. */
export const namedValues = (snapshot: Snapshot): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ofType(snapshot, 'Microsoft.ApiManagement/service/namedValues').map((value) => [
      value.name.split('/').at(-1) ?? '',
      textOf(value, 'properties.value'),
    ]),
  );

/** The policies of a type as API Management runs them: with the named values in place. */
export function policiesOf(snapshot: Snapshot, type: string): readonly PolicyNode[] {
  const values = namedValues(snapshot);
  return ofType(snapshot, `Microsoft.ApiManagement/service/${type}`).map((policy) => {
    const text = textOf(policy, 'properties.value').replaceAll(
      /\{\{(\w+)\}\}/g,
      (_, name: string) => values[name] ?? '',
    );
    return { name: policy.name.split('/').at(-1) ?? '', attributes: {}, children: nodesOf(parser.parse(text)) };
  });
}

function nodesOf(parsed: unknown): readonly PolicyNode[] {
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((node: object) => {
    const name = Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#'));
    if (name === undefined) return [];
    const attributes = Object.entries(Object(Reflect.get(node, ':@'))).map(([key, value]) => [key, String(value)]);
    return { name, attributes: Object.fromEntries(attributes), children: nodesOf(Reflect.get(node, name)) };
  });
}

/** An element and all elements in it, in the order of the document. */
export const allNodes = (node: PolicyNode): readonly PolicyNode[] => [node, ...node.children.flatMap(allNodes)];

/** The first child with this name. Without one, an element that has nothing. */
export const childOf = ({ children }: PolicyNode, name: string): PolicyNode =>
  children.find((child) => child.name === name) ?? { name, attributes: {}, children: [] };

/** A request as policy expressions see it. */
export interface GatewayRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly hasBody?: boolean;
  /** The operation's name in API Management. */
  readonly operation?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Whether the condition of a `when` holds. */
export const holds = (condition: string, request: GatewayRequest): boolean => evaluate(condition, request) === true;

/**
 * Evaluates a policy expression. Expressions are C#, but those that use nothing beyond the conditional operator, `Regex.IsMatch`,
 * `int.Parse`, and lambdas over the headers mean the same in JavaScript.
 */
export function evaluate(policyExpression: string, request: GatewayRequest): unknown {
  const { method, headers, hasBody = false, operation = '', query = {} } = request;
  const [, expression = ''] = /^@\((.*)\)$/s.exec(policyExpression) ?? [];
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const entries = Object.entries(headers).map(([Key, value]) => ({
    Key,
    Value: { Any: (isMatch: (value: string) => boolean) => isMatch(value) },
  }));
  type IsMatch = (header: (typeof entries)[number]) => boolean;
  const context = {
    Operation: { Id: operation },
    Request: {
      Method: method,
      Url: { Query: { ContainsKey: (name: string) => name in query } },
      Body: hasBody ? {} : null,
      Headers: {
        Any: (isMatch: IsMatch) => entries.some(isMatch),
        First: (isMatch: IsMatch) => entries.find(isMatch),
        ContainsKey: (name: string) => byName.has(name.toLowerCase()),
        GetValueOrDefault: (name: string, otherwise: string) => byName.get(name.toLowerCase()) ?? otherwise,
      },
    },
  };
  const Regex = { IsMatch: (text: string, pattern: string) => new RegExp(pattern).test(text) };
  return runInNewContext(expression, { context, Regex, int: { Parse: Number } });
}
