import { isUnknown } from '../../realm-model';
import { evaluateTemplate, member, type Value } from './expression';
import { isKeycloak, type Resource, type ResourceSet } from './resources';

/** Terraform's JSON configuration, as cdktf synthesizes it and as HCL is converted to it: every block an object or a list. */
export interface TerraformConfiguration {
  readonly resource?: unknown;
  readonly data?: unknown;
  readonly variable?: unknown;
  readonly locals?: unknown;
  readonly module?: unknown;
  readonly terraform?: unknown;
}

export interface ConfigurationOptions {
  /** Values of input variables. @default the defaults of the variables; one without a default is unknown */
  readonly variables?: Readonly<Record<string, Value>>;
}

interface Declared {
  readonly address: string;
  readonly type: string;
  readonly managed: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Attributes that aren't the resource's own. */
const META = new Set(['//', 'lifecycle', 'provider', 'provisioner', 'connection', 'depends_on', 'count', 'for_each']);
const DEPTH = 50;

/**
 * Reads resources from a configuration. References are resolved from what the configuration itself says; attributes that only
 * the provider knows, such as ids, stay references; the rest is unknown.
 */
export function readConfiguration(
  configuration: TerraformConfiguration,
  options: ConfigurationOptions = {},
): ResourceSet {
  return new ConfigurationReader(configuration, options).read();
}

class ConfigurationReader {
  private readonly declared = new Map<string, Declared>();
  private readonly variables: Record<string, Value>;
  private readonly locals: Record<string, unknown>;
  private depth = 0;

  constructor(
    private readonly configuration: TerraformConfiguration,
    options: ConfigurationOptions,
  ) {
    for (const each of [...declaredIn(configuration.resource, true), ...declaredIn(configuration.data, false)]) {
      this.declared.set(each.address, each);
    }
    const defaults: [string, Value][] = labelled(configuration.variable).flatMap(([name, body]) =>
      'default' in body ? [[name, body.default as Value]] : [],
    );
    this.variables = { ...Object.fromEntries(defaults), ...options.variables };
    this.locals = Object.assign({}, ...blocks(configuration.locals));
  }

  read(): ResourceSet {
    const unread = labelled(this.configuration.module).map(([name]) => ({
      address: `module.${name}`,
      unknown: 'modules of a configuration are not read: use the plan',
    }));
    const resources: Resource[] = [];
    const repeated: { address: string; type: string; unknown: string }[] = [];
    for (const each of this.declared.values()) {
      if (!isKeycloak(each.type)) continue;
      const by = ['count', 'for_each', 'dynamic'].find((key) => each.body[key] !== undefined);
      if (by) repeated.push({ address: each.address, type: each.type, unknown: `it has ${by}: use the plan` });
      else resources.push(this.resource(each));
    }
    const provider = this.provider();
    return { resources, unread: [...unread, ...repeated], ...(provider && { provider }) };
  }

  private resource({ address, type, managed, body }: Declared): Resource {
    const values = Object.fromEntries(
      Object.entries(body)
        .filter(([key]) => !META.has(key))
        .map(([key, value]) => [key, this.evaluate(value)]),
    );
    return { address, type, managed, values, after: this.dependencies(body) };
  }

  private evaluate(value: unknown): Value {
    if (typeof value === 'string') return evaluateTemplate(value, (path) => this.lookUp(path));
    if (Array.isArray(value)) return value.map((item) => this.evaluate(item));
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).map(([key, item]): [string, Value] => [key, this.evaluate(item)]);
      return Object.fromEntries(entries);
    }
    return value as Value;
  }

  private lookUp(path: readonly string[]): Value {
    if (this.depth > DEPTH) return { unknown: `${path.join('.')} refers to itself` };
    this.depth++;
    try {
      return this.resolve(path);
    } finally {
      this.depth--;
    }
  }

  private resolve(path: readonly string[]): Value {
    const [first, second, ...rest] = path as [string, string | undefined, ...string[]];
    if (first === 'var' && second !== undefined) {
      const value = this.variables[second];
      return value === undefined ? { unknown: `the variable ${second} has no default` } : rest.reduce(member, value);
    }
    if (first === 'local' && second !== undefined && second in this.locals) {
      return rest.reduce(member, this.evaluate(this.locals[second]));
    }
    const address = first === 'data' ? path.slice(0, 3).join('.') : path.slice(0, 2).join('.');
    const resource = this.declared.get(address);
    const [attribute, ...inner] = path.slice(first === 'data' ? 3 : 2);
    if (!resource || attribute === undefined) return { unknown: `${path.join('.')} is not in the configuration` };
    if (resource.body.count !== undefined || resource.body.for_each !== undefined) {
      return { unknown: `${address} has count or for_each: use the plan` };
    }
    if (attribute === 'id' || !(attribute in resource.body)) return { reference: address, attribute };
    return inner.reduce(member, this.evaluate(resource.body[attribute]));
  }

  private dependencies(body: Readonly<Record<string, unknown>>): Set<string> {
    const found = new Set<string>();
    const visit = (value: unknown) => {
      if (typeof value === 'string') {
        for (const [, name] of value.matchAll(/\b((?:data\.)?keycloak_[A-Za-z0-9_]+\.[A-Za-z0-9_-]+)/g))
          found.add(name as string);
      } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    };
    visit(body);
    return found;
  }

  private provider(): string | undefined {
    for (const block of blocks(this.configuration.terraform)) {
      for (const required of blocks(block.required_providers)) {
        for (const provider of Object.values(required)) {
          const source = (provider as { source?: unknown })?.source;
          if (typeof source === 'string' && source.endsWith('/keycloak')) return source;
        }
      }
    }
    return undefined;
  }
}

function declaredIn(section: unknown, managed: boolean): Declared[] {
  return labelled(section).flatMap(([type, byName]) =>
    labelled(byName).map(([name, body]) => ({
      address: managed ? `${type}.${name}` : `data.${type}.${name}`,
      type,
      managed,
      body,
    })),
  );
}

/** `{label: body}`, or lists of such, or `{label: [body]}`. */
function labelled(section: unknown): [string, Record<string, unknown>][] {
  return blocks(section).flatMap((block) =>
    Object.entries(block)
      .filter(([label]) => label !== '//')
      .flatMap(([label, body]) => blocks(body).map((each): [string, Record<string, unknown>] => [label, each])),
  );
}

function blocks(value: unknown): Record<string, unknown>[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === 'object' && each !== null && !isUnknown(each));
}
