import type { Reference } from './expression';

/** A module of the configuration that `terraform show -json` prints with a plan. */
export interface ConfiguredModule {
  readonly resources?: readonly ConfiguredResource[];
  readonly outputs?: Readonly<Record<string, { readonly expression?: unknown }>>;
  readonly module_calls?: Readonly<Record<string, ModuleCall>>;
}

interface ModuleCall {
  readonly expressions?: Readonly<Record<string, unknown>>;
  readonly module?: ConfiguredModule;
}

export interface ConfiguredResource {
  readonly address: string;
  readonly expressions?: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[];
}

/** A module's address with keys, such as `module.a["x"].`; empty for the root. */
type ModulePath = string;

const DEPTH = 20;

/**
 * Finds what values refer to that are known only after the apply. Terraform prints which names an expression mentions, not the
 * expression, so that only an expression that is one reference and nothing else is followed: through variables into the calling
 * module, and through outputs into a called one.
 */
export class PlanReferences {
  constructor(
    private readonly root: ConfiguredModule | undefined,
    private readonly addresses: ReadonlySet<string>,
  ) {}

  /** The configuration of the resource at an address. */
  configured(address: string): ConfiguredResource | undefined {
    const local = withoutKeys(address.slice(moduleOf(address).length));
    return this.module(moduleOf(address))?.resources?.find((resource) => resource.address === local);
  }

  /**
   * What an expression refers to, if it is known.
   *
   * @param key the attribute that has the expression: the name of an id says which attribute of the other resource is meant where
   * Terraform leaves it out
   * @param from the resource that has it: of a repeated one, what refers to "the same key" is found by its key
   */
  resolve(expression: unknown, key: string, from: string): Reference | undefined {
    return this.inModule(expression, moduleOf(from), key, /\[[^\]]*\]$/.exec(from)?.[0], 0);
  }

  private inModule(
    expression: unknown,
    module: ModulePath,
    key: string,
    instance: string | undefined,
    depth: number,
  ): Reference | undefined {
    const references = (expression as { references?: readonly string[] } | undefined)?.references;
    const [first] = references ?? [];
    if (first === undefined || depth > DEPTH) return undefined;
    const [head, name = '', ...rest] = first.split('.');
    if (head === 'var') {
      const { parent, call } = parentOf(module);
      const passed = this.module(parent)?.module_calls?.[call]?.expressions?.[name];
      return this.inModule(passed, parent, key, undefined, depth + 1);
    }
    if (head === 'module') {
      const called = `${module}module.${name}.`;
      const output = this.module(called)?.outputs?.[rest[0] ?? ''];
      return this.inModule(output?.expression, called, key, undefined, depth + 1);
    }
    return this.resource(`${module}${first}`, key, instance);
  }

  private resource(name: string, key: string, instance: string | undefined): Reference | undefined {
    const parts = /^(.*)\.([^.]+)$/.exec(name);
    const candidates: [string, string][] = [
      // `a.b` of `a.b[each.key].id`, where the attribute is left out
      ...(key.endsWith('_id') && instance ? [[`${name}${instance}`, 'id'] as [string, string]] : []),
      ...(parts ? [[parts[1] as string, parts[2] as string] as [string, string]] : []),
    ];
    const found = candidates.find(([address]) => this.addresses.has(address));
    if (found) return { reference: found[0], attribute: found[1] };
    // `a.b[…].id` with a key that isn't told is of the only instance, if there is but one.
    const instances = [...this.addresses].filter((address) => withoutKeys(address) === withoutKeys(name));
    const [only] = instances;
    return instances.length === 1 && key.endsWith('_id') && only ? { reference: only, attribute: 'id' } : undefined;
  }

  private module(path: ModulePath): ConfiguredModule | undefined {
    const names = [...withoutKeys(path).matchAll(/module\.([^.]+)\./g)].map(([, name]) => name as string);
    return names.reduce<ConfiguredModule | undefined>(
      (module, name) => module?.module_calls?.[name]?.module,
      this.root,
    );
  }
}

/** The module of a resource's address, keys included. */
export function moduleOf(address: string): ModulePath {
  return /^(?:module\.[^.[]+(?:\[[^\]]*\])?\.)*/.exec(address)?.[0] ?? '';
}

function parentOf(module: ModulePath): { readonly parent: ModulePath; readonly call: string } {
  const [, parent = '', call = ''] = /^(.*\.)?module\.([^.[]+)(?:\[[^\]]*\])?\.$/.exec(module) ?? [];
  return { parent, call };
}

export function withoutKeys(address: string): string {
  return address.replace(/\[[^\]]*\]/g, '');
}
