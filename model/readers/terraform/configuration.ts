import { isUnknown, type Unknown } from '../../realm-model';
import { UnreadableSource } from '../unreadable';
import { entriesOf, evaluateTemplate, member, type Value } from './expression';
import { isKeycloak, type Resource, type ResourceSet, type UnreadPart } from './resources';

/** Terraform's JSON configuration, as cdktf synthesizes it and as HCL is converted to it: every block an object or a list. */
export interface TerraformConfiguration {
  readonly resource?: unknown;
  readonly data?: unknown;
  readonly variable?: unknown;
  readonly locals?: unknown;
  readonly module?: unknown;
  readonly output?: unknown;
  readonly terraform?: unknown;
}

export interface ConfigurationOptions {
  /** Values of input variables. @default the defaults of the variables; one without a default is unknown */
  readonly variables?: Readonly<Record<string, Value>>;
  /** The modules that it calls, by the name of the call. @default none: what they make is unknown */
  readonly modules?: Modules;
}

export type Modules = Readonly<Record<string, ModuleSource>>;

/** The configuration of a called module. */
export interface ModuleSource {
  readonly configuration: TerraformConfiguration;
  readonly modules?: Modules;
}

interface Declared {
  /** Without the module and the key: `keycloak_realm.acme`. */
  readonly name: string;
  readonly type: string;
  readonly managed: boolean;
  readonly body: Body;
}

type Body = Readonly<Record<string, unknown>>;

/** What `each`, `count` and iterators of `dynamic` stand for. */
type Names = Readonly<Record<string, Value>>;

/** One of what `count` or `for_each` makes; without either, the only one. */
interface Instance {
  /** As in an address: nothing, `[0]` or `["key"]`. */
  readonly suffix: string;
  readonly key: string;
  readonly names: Names;
}

/** Attributes that aren't the resource's own. */
const META = new Set([
  '//',
  'lifecycle',
  'provider',
  'providers',
  'provisioner',
  'connection',
  'depends_on',
  'count',
  'for_each',
  'dynamic',
]);
const DEPTH = 50;

/**
 * Reads resources from a configuration. References are resolved from what the configuration itself says; attributes that only
 * the provider knows, such as ids, stay references; the rest is unknown.
 *
 * @throws UnreadableSource if one resource is declared twice, which Terraform refuses
 */
export function readConfiguration(
  configuration: TerraformConfiguration,
  { variables = {}, modules = {} }: ConfigurationOptions = {},
): ResourceSet {
  const root = new ModuleReader({
    source: { configuration, modules },
    path: '',
    argument: (name) => variables[name],
    depth: { now: 0 },
    // What is around it decides when a module's resources are applied; nothing is around the root.
    mentions: () => [],
  });
  const provider = providerOf(configuration);
  return { ...root.read(), ...(provider && { provider }) };
}

/** As Terraform's JSON has it: a list of addresses, with or without the brackets of an expression. */
function replacedWith({ lifecycle }: Body, path: string): Pick<Resource, 'replacedWith'> {
  const [settings = {}] = blocks(lifecycle);
  const triggers = settings.replace_triggered_by;
  const first = Array.isArray(triggers) ? triggers[0] : undefined;
  if (typeof first !== 'string') return {};
  return { replacedWith: `${path}${first.replace(/^\$\{|\}$/g, '')}` };
}

interface Place {
  readonly source: ModuleSource;
  /** Its address with a point at the end: `module.flow.`; empty for the root. */
  readonly path: string;
  /** The value that an input variable is given, if it is. */
  readonly argument: (name: string) => Value | undefined;
  readonly depth: { now: number };
  /** Addresses that the expression of an argument or, without a name, of `depends_on` mentions. */
  readonly mentions: (argument?: string) => readonly string[];
}

class ModuleReader {
  private readonly declared = new Map<string, Declared>();
  private readonly variables: ReadonlyMap<string, Body>;
  private readonly locals: Readonly<Record<string, unknown>>;
  private readonly outputs: ReadonlyMap<string, Body>;
  private readonly calls: ReadonlyMap<string, Body>;
  private readonly children = new Map<string, ModuleReader>();
  private readonly instances = new Map<Body, readonly Instance[] | Unknown>();
  private readonly cache = new Map<string, Value>();

  constructor(private readonly place: Place) {
    const { configuration } = place.source;
    for (const each of [...declaredIn(configuration.resource, true), ...declaredIn(configuration.data, false)]) {
      if (this.declared.has(each.name)) {
        throw new UnreadableSource(`${place.path}${each.name} is declared twice: Terraform refuses that`);
      }
      this.declared.set(each.name, each);
    }
    this.variables = new Map(labelled(configuration.variable));
    this.outputs = new Map(labelled(configuration.output));
    this.calls = new Map(labelled(configuration.module));
    this.locals = Object.assign({}, ...blocks(configuration.locals));
  }

  read(): Pick<ResourceSet, 'resources' | 'unread'> {
    const resources: Resource[] = [];
    const unread: UnreadPart[] = [];
    for (const each of this.declared.values()) {
      if (!isKeycloak(each.type)) continue;
      const address = `${this.place.path}${each.name}`;
      const instances = this.instancesOf(each.body);
      if (isUnknown(instances)) unread.push({ address, type: each.type, unknown: instances.unknown });
      else resources.push(...instances.map((instance) => this.resource(each, instance)));
    }
    for (const [name, body] of this.calls) {
      const address = `${this.place.path}module.${name}`;
      const instances = this.instancesOf(body);
      if (isUnknown(instances)) unread.push({ address, unknown: instances.unknown });
      else if (!this.place.source.modules?.[name]) {
        unread.push({ address, unknown: 'only modules of a folder beside it are read: use the plan' });
      } else {
        for (const instance of instances) {
          const read = this.child(name, instance).read();
          resources.push(...read.resources);
          unread.push(...read.unread);
        }
      }
    }
    return { resources, unread };
  }

  private resource({ name, type, managed, body }: Declared, { suffix, names }: Instance): Resource {
    const address = `${this.place.path}${name}${suffix}`;
    const own = Object.entries(body).filter(([key]) => !META.has(key));
    const values = Object.fromEntries(own.map(([key, value]) => [key, this.evaluate(value, names)]));
    return {
      address,
      type,
      managed,
      values: this.withDynamicBlocks(values, body, names),
      after: new Set([...this.mentionedIn(body), ...this.place.mentions()]),
      ...replacedWith(body, this.place.path),
    };
  }

  /** Adds blocks that `dynamic` repeats; a kind of block of which some can't be resolved is unknown as a whole. */
  private withDynamicBlocks(values: Record<string, Value>, body: Body, names: Names): Record<string, Value> {
    const all = { ...values };
    for (const [label, block] of labelled(body.dynamic)) {
      const [content = {}] = blocks(block.content);
      const iterator = typeof block.iterator === 'string' ? block.iterator.replace(/^\$\{|\}$/g, '') : label;
      const items = entriesOf(this.evaluate(block.for_each, names));
      const before = all[label] ?? [];
      if (isUnknown(before)) continue;
      all[label] = items
        ? [
            ...(Array.isArray(before) ? before : [before]),
            ...items.map(([key, value]) => this.evaluate(content, { ...names, [iterator]: { key, value } })),
          ]
        : { unknown: `it has dynamic ${label}: use the plan` };
    }
    return all;
  }

  private instancesOf(body: Body): readonly Instance[] | Unknown {
    const known = this.instances.get(body);
    if (known) return known;
    const found = this.findInstances(body);
    this.instances.set(body, found);
    return found;
  }

  private findInstances({ count, for_each: forEach }: Body): readonly Instance[] | Unknown {
    if (count !== undefined) {
      const value = this.evaluate(count, {});
      const number = isUnknown(value) || value === null ? Number.NaN : Number(value);
      if (!Number.isInteger(number)) return { unknown: 'it has count: use the plan' };
      return Array.from({ length: number }, (_, index) => ({
        suffix: `[${index}]`,
        key: String(index),
        names: { count: { index } },
      }));
    }
    if (forEach === undefined) return [{ suffix: '', key: '', names: {} }];
    const entries = entriesOf(this.evaluate(forEach, {}));
    if (!entries) return { unknown: 'it has for_each: use the plan' };
    const set = Array.isArray(this.evaluate(forEach, {}));
    return entries.map(([key, value]) => {
      const name = String(set ? value : key);
      return { suffix: `[${JSON.stringify(name)}]`, key: name, names: { each: { key: name, value } } };
    });
  }

  private child(name: string, { suffix, names }: Instance): ModuleReader {
    const known = this.children.get(`${name}${suffix}`);
    if (known) return known;
    const body = this.calls.get(name) ?? {};
    const child = new ModuleReader({
      source: this.place.source.modules?.[name] as ModuleSource,
      path: `${this.place.path}module.${name}${suffix}.`,
      argument: (argument) => (argument in body ? this.evaluate(body[argument], names) : undefined),
      depth: this.place.depth,
      mentions: (argument) =>
        argument === undefined
          ? [...this.mentionedIn(body.depends_on), ...this.place.mentions()]
          : [...this.mentionedIn(body[argument])],
    });
    this.children.set(`${name}${suffix}`, child);
    return child;
  }

  private evaluate(value: unknown, names: Names): Value {
    if (typeof value === 'string') return evaluateTemplate(value, (path) => this.lookUp(path, names));
    if (Array.isArray(value)) return value.map((item) => this.evaluate(item, names));
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).map(([key, item]): [string, Value] => [key, this.evaluate(item, names)]);
      return Object.fromEntries(entries);
    }
    return value as Value;
  }

  private lookUp(path: readonly string[], names: Names): Value {
    const { depth } = this.place;
    if (depth.now > DEPTH) return { unknown: `${path.join('.')} refers to itself` };
    depth.now++;
    try {
      return this.resolve(path, names);
    } finally {
      depth.now--;
    }
  }

  private resolve(path: readonly string[], names: Names): Value {
    const [first, second, ...rest] = path as [string, string | undefined, ...string[]];
    if (Object.hasOwn(names, first)) return path.slice(1).reduce(member, names[first] as Value);
    if (first === 'var' && second !== undefined) return rest.reduce(member, this.variable(second));
    if (first === 'local' && second !== undefined && Object.hasOwn(this.locals, second)) {
      const value = this.cached(`local.${second}`, () => this.evaluate(this.locals[second], {}));
      return rest.reduce(member, value);
    }
    if (first === 'module' && second !== undefined) return this.output(second, rest);
    return this.attribute(path);
  }

  private variable(name: string): Value {
    const given = this.place.argument(name);
    // Terraform takes null for "not given" only of variables that can't be null; the default is the likelier reading of both.
    if (given !== undefined && given !== null) return given;
    const declared = this.variables.get(name);
    if (declared && 'default' in declared) return this.evaluate(declared.default, {});
    return given === null ? null : { unknown: `the variable ${name} has no default` };
  }

  private output(call: string, path: readonly string[]): Value {
    const body = this.calls.get(call);
    const address = `module.${call}`;
    if (!body || !this.place.source.modules?.[call]) return { unknown: `${address} is not read` };
    const instances = this.instancesOf(body);
    if (isUnknown(instances)) return { unknown: `${address}: ${instances.unknown}` };
    const repeated = body.count !== undefined || body.for_each !== undefined;
    const instance = repeated ? instances.find(({ key }) => key === path[0]) : instances[0];
    const [name, ...inner] = repeated ? path.slice(1) : path;
    if (!instance || name === undefined)
      return { unknown: `${[address, ...path].join('.')} is not in the configuration` };
    const child = this.child(call, instance);
    const output = child.outputs.get(name);
    if (!output) return { unknown: `${address} has no output ${name}` };
    return inner.reduce(member, child.evaluate(output.value, {}));
  }

  /** An attribute of a resource or data source. */
  private attribute(path: readonly string[]): Value {
    const length = path[0] === 'data' ? 3 : 2;
    const name = path.slice(0, length).join('.');
    const declared = this.declared.get(name);
    if (!declared) return { unknown: `${path.join('.')} is not in the configuration` };
    const { body } = declared;
    const instances = this.instancesOf(body);
    if (isUnknown(instances)) return { unknown: `${name}: ${instances.unknown}` };
    const repeated = body.count !== undefined || body.for_each !== undefined;
    const instance = repeated ? instances.find(({ key }) => key === path[length]) : instances[0];
    const [attribute, ...inner] = path.slice(repeated ? length + 1 : length);
    if (!instance || attribute === undefined) return { unknown: `${path.join('.')} is not in the configuration` };
    const address = `${this.place.path}${name}${instance.suffix}`;
    if (attribute === 'id' || !Object.hasOwn(body, attribute)) return { reference: address, attribute };
    const value = this.cached(`${address}.${attribute}`, () => this.evaluate(body[attribute], instance.names));
    return inner.reduce(member, value);
  }

  private cached(key: string, find: () => Value): Value {
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const value = find();
    // At the bottom of a circle a value is unknown that elsewhere may be known.
    if (this.place.depth.now < DEPTH / 2) this.cache.set(key, value);
    return value;
  }

  /** Addresses of Keycloak's resources that an expression rests on, through locals, variables and outputs too. */
  mentionedIn(value: unknown, seen = new Set<string>()): Set<string> {
    const found = new Set<string>();
    const add = (addresses: Iterable<string>) => {
      for (const address of addresses) found.add(address);
    };
    for (const text of textsIn(value)) {
      for (const [, name] of text.matchAll(/\b((?:data\.)?keycloak_[A-Za-z0-9_]+\.[A-Za-z0-9_-]+)/g)) {
        add(this.addressesOf(name as string));
      }
      for (const [mention, kind, name = '', output] of text.matchAll(
        /\b(var|local|module)\.([A-Za-z0-9_-]+)(?:\[[^\]]*\])?(?:\.([A-Za-z0-9_-]+))?/g,
      )) {
        if (seen.has(mention)) continue;
        seen.add(mention);
        if (kind === 'var') add(this.place.mentions(name));
        else if (kind === 'local') add(this.mentionedIn(this.locals[name], seen));
        else add(this.mentionedByModule(name, output));
      }
    }
    return found;
  }

  private addressesOf(name: string): string[] {
    const body = this.declared.get(name)?.body;
    const instances = body ? this.instancesOf(body) : [];
    return isUnknown(instances) ? [] : instances.map(({ suffix }) => `${this.place.path}${name}${suffix}`);
  }

  private mentionedByModule(call: string, output: string | undefined): string[] {
    const body = this.calls.get(call);
    const instances = body && this.place.source.modules?.[call] ? this.instancesOf(body) : [];
    if (isUnknown(instances)) return [];
    return instances.flatMap((instance) => {
      const child = this.child(call, instance);
      const value = output === undefined ? undefined : child.outputs.get(output)?.value;
      return value === undefined ? child.all() : [...child.mentionedIn(value)];
    });
  }

  private all(): string[] {
    const own = [...this.declared.keys()].flatMap((name) => this.addressesOf(name));
    return [...own, ...[...this.calls.keys()].flatMap((call) => this.mentionedByModule(call, undefined))];
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function providerOf(configuration: TerraformConfiguration): string | undefined {
  for (const block of blocks(configuration.terraform)) {
    for (const required of blocks(block.required_providers)) {
      for (const provider of Object.values(required)) {
        const source = (provider as { source?: unknown } | null)?.source;
        if (typeof source === 'string' && source.endsWith('/keycloak')) return source;
      }
    }
  }
  return undefined;
}

function declaredIn(section: unknown, managed: boolean): Declared[] {
  return labelled(section).flatMap(([type, byName]) =>
    labelled(byName).map(([name, body]) => ({
      name: managed ? `${type}.${name}` : `data.${type}.${name}`,
      type,
      managed,
      body,
    })),
  );
}

/** `{label: body}`, or lists of such, or `{label: [body]}`. */
export function labelled(section: unknown): [string, Record<string, unknown>][] {
  return blocks(section).flatMap((block) =>
    Object.entries(block)
      .filter(([label]) => label !== '//')
      .flatMap(([label, body]) => blocks(body).map((each): [string, Record<string, unknown>] => [label, each])),
  );
}

export function blocks(value: unknown): Record<string, unknown>[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === 'object' && each !== null && !Array.isArray(each) && !isUnknown(each));
}
