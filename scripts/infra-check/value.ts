import type { Place } from './finding.ts';

/** What only a deployment can tell, by the text that stands for it, such as `uniqueString(resourceGroup().id)`. */
export class Unknown {
  readonly text: string;
  /** Of a resource's part: what the template itself says about it. */
  readonly known: ObjectValue | undefined;

  constructor(text: string, known?: ObjectValue) {
    this.text = text;
    this.known = known;
  }
}

/** A string of which parts are unknown; these stand in braces: `kv-{uniqueString(resourceGroup().id)}`. */
export class PartlyUnknown extends Unknown {}

export interface PropertyValue {
  readonly value: Value;
  readonly at: Place;
}

export class ObjectValue {
  readonly properties: ReadonlyMap<string, PropertyValue>;
  readonly at: Place;

  constructor(properties: Iterable<readonly [string, PropertyValue]>, at: Place) {
    this.properties = new Map(properties);
    this.at = at;
  }

  get(name: string): Value | undefined {
    return this.properties.get(name)?.value;
  }
}

/** `x => …`, and functions of the template's own. */
export class FunctionValue {
  readonly call: (given: readonly Value[]) => Value;

  constructor(call: (given: readonly Value[]) => Value) {
    this.call = call;
  }
}

export interface ResourceSource {
  readonly type: string;
  readonly apiVersion: string;
  readonly existing: boolean;
  readonly at: Place;
  /** Whether it is deployed. */
  readonly condition: Value;
  /** The resource that it is nested in. */
  readonly outer: ResourceValue | undefined;
  readonly body: (self: ResourceValue) => {
    readonly body: ObjectValue;
    readonly nested: ReadonlyMap<string, () => Value>;
  };
}

/** A resource as the template describes it. Its body is read when first asked for, since bodies refer to each other. */
export class ResourceValue {
  readonly source: ResourceSource;
  #content: ReturnType<ResourceSource['body']> | undefined;

  constructor(source: ResourceSource) {
    this.source = source;
  }

  get #read() {
    this.#content ??= this.source.body(this);
    return this.#content;
  }

  get body(): ObjectValue {
    return this.#read.body;
  }

  get nested(): ReadonlyMap<string, () => Value> {
    return this.#read.nested;
  }

  get parent(): ResourceValue | undefined {
    const parent = this.body.get('parent');
    return parent instanceof ResourceValue ? parent : this.source.outer;
  }

  /** With its parents' names: `ns-orders/order-events`. */
  get fullName(): string {
    const name = toText(this.body.get('name') ?? null);
    return this.parent ? `${this.parent.fullName}/${name}` : name;
  }

  /** What stands for it in texts. */
  get address(): string {
    return `${this.source.type}:${this.fullName}`;
  }
}

export class ModuleValue {
  readonly outputs: () => ObjectValue;
  readonly force: () => readonly ResourceValue[];

  constructor(outputs: () => ObjectValue, force: () => readonly ResourceValue[]) {
    this.outputs = outputs;
    this.force = force;
  }
}

export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | ObjectValue
  | Unknown
  | FunctionValue
  | ResourceValue
  | ModuleValue;

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** A value as it would stand within a string; what is not known in braces. */
export function toText(value: Value): string {
  if (value instanceof Unknown) return value instanceof PartlyUnknown ? value.text : `{${value.text}}`;
  if (value instanceof ResourceValue) return `{${value.address}}`;
  return typeof value === 'object' ? JSON.stringify(toJson(value)) : String(value);
}

/** A value as an expression would give it: texts in quotes, what is not known as it is. */
export function toSource(value: Value): string {
  if (value instanceof Unknown && !(value instanceof PartlyUnknown)) return value.text;
  return typeof value === 'string' || value instanceof Unknown ? `'${toText(value)}'` : toText(value);
}

/** A value as plain JSON; what is not known as its text. */
export function toJson(value: Value): unknown {
  if (value instanceof ObjectValue) {
    return Object.fromEntries([...value.properties].map(([name, property]) => [name, toJson(property.value)]));
  }
  if (isList(value)) return value.map(toJson);
  if (value instanceof Unknown || value instanceof ResourceValue) return toText(value);
  return value instanceof FunctionValue || value instanceof ModuleValue ? '{…}' : value;
}
