import {
  type AuthenticatorConfig,
  type Execution,
  type Flow,
  type FlowProvider,
  isUnknown,
  type Known,
  type Requirement,
  type Unknown,
  type UnknownPart,
} from '../../realm-model';
import { OTP_CONDITION_KEYS } from '../../simulate/conditional-otp';
import { map, number, text } from './attributes';
import { isReference } from './expression';
import { Order } from './order';
import type { Resource } from './resources';

/** The flow resources of one realm. */
export interface FlowResources {
  readonly flows: readonly Resource[];
  readonly subflows: readonly Resource[];
  readonly executions: readonly Resource[];
  readonly configs: readonly Resource[];
  /** All resources of the realm: what is applied after what may go through any of them. */
  readonly all: readonly Resource[];
  /** Whether there may be executions or subflows in a part that was not read. */
  readonly incomplete: boolean;
  /** Why an execution may have a config in a part that was not read, if it may. */
  readonly withoutConfigs: Unknown | undefined;
}

export interface FlowsRead {
  readonly flows: Flow[];
  readonly unknowns: UnknownPart[];
}

/**
 * Puts executions and subflows under their flows, in the order that Keycloak gives them.
 *
 * keycloak/keycloak 5 has `priority`. mrparkers/keycloak has none: Keycloak then counts up as executions are created, so that the
 * order is known only where each depends on the one before.
 */
export function readFlows(resources: FlowResources): FlowsRead {
  return new FlowReader(resources).read();
}

class FlowReader {
  private readonly unknowns: UnknownPart[] = [];
  private readonly children = new Map<string, Resource[]>();
  private readonly used = new Set<Resource>();
  private readonly order: Order;

  constructor(private readonly resources: FlowResources) {
    this.order = new Order(resources.all);
  }

  read(): FlowsRead {
    for (const child of [...this.resources.subflows, ...this.resources.executions]) {
      const parent = text(child, 'parent_flow_alias');
      if (parent === undefined || isUnknown(parent)) {
        this.unknowns.push({ address: child.address, unknown: parent?.unknown ?? 'it names no parent flow' });
      } else {
        this.children.set(parent, [...(this.children.get(parent) ?? []), child]);
      }
    }
    for (const config of this.resources.configs) {
      const id = config.values.execution_id;
      if (isUnknown(id)) this.unknowns.push({ address: config.address, unknown: `its execution: ${id.unknown}` });
    }
    const flows = this.resources.flows.flatMap((resource) => {
      const alias = text(resource, 'alias');
      if (alias === undefined || isUnknown(alias)) {
        this.unknowns.push({ address: resource.address, unknown: alias?.unknown ?? 'it has no alias' });
        return [];
      }
      return [this.flow(resource, alias)];
    });
    for (const child of [...this.children.values()].flat()) {
      if (this.used.has(child)) continue;
      const parent = text(child, 'parent_flow_alias') as string;
      this.unknowns.push({ address: child.address, unknown: `its parent flow ${parent} is not in this source` });
    }
    return { flows, unknowns: this.unknowns };
  }

  private flow(resource: Resource, alias: string): Flow {
    const { ordered, orderUnknown } = this.childrenOf(alias);
    const id = resource.values.id;
    const description = text(resource, 'description');
    return {
      alias,
      address: resource.address,
      ...(typeof id === 'string' && { id }),
      ...(typeof description === 'string' && description !== '' && { description }),
      provider: (text(resource, 'provider_id') ?? 'basic-flow') as Known<FlowProvider>,
      builtIn: false,
      executions: ordered.map((child) => this.execution(child)),
      ...(orderUnknown && { orderUnknown }),
      ...(resource.replacedWith !== undefined && { madeAnewBy: resource.replacedWith }),
    };
  }

  private childrenOf(alias: string): { ordered: Resource[]; orderUnknown?: string } {
    const children = this.children.get(alias) ?? [];
    for (const child of children) this.used.add(child);
    // An open parent may be this flow: its children would be missing here.
    const lost = this.unknowns.some(({ address }) =>
      /authentication_(subflow|execution|execution_config)\./.test(address ?? ''),
    );
    const { ordered, orderUnknown } = this.order.of(children);
    const reason =
      lost || this.resources.incomplete ? 'executions of it may be missing in what was read' : orderUnknown;
    return { ordered, ...(reason && { orderUnknown: reason }) };
  }

  private execution(resource: Resource): Execution {
    const base = {
      id: resource.address,
      address: resource.address,
      priority: number(resource, 'priority') ?? 0,
      requirement: (text(resource, 'requirement') ?? 'DISABLED') as Known<Requirement>,
    };
    const alias = text(resource, 'alias');
    if (resource.type === 'keycloak_authentication_subflow') {
      const name = alias === undefined || isUnknown(alias) ? resource.address : alias;
      return { ...base, kind: 'subflow', flow: this.flow(resource, name) };
    }
    const config = this.configOf(resource);
    return {
      ...base,
      kind: 'authenticator',
      authenticator: text(resource, 'authenticator') ?? { unknown: `${resource.address} names no authenticator` },
      ...(config && { config }),
    };
  }

  private configOf(execution: Resource): AuthenticatorConfig | undefined {
    const config = this.resources.configs.find(({ values }) => {
      const id = values.execution_id;
      if (isReference(id)) return id.reference === execution.address;
      return typeof id === 'string' && id === execution.values.id;
    });
    if (!config) {
      const { withoutConfigs } = this.resources;
      return withoutConfigs && { values: everySetting({ unknown: withoutConfigs.unknown }) };
    }
    const alias = text(config, 'alias');
    const values = map(config.values.config, `config of ${config.address}`);
    if (isUnknown(values)) this.unknowns.push({ address: config.address, unknown: values.unknown });
    return {
      ...(typeof alias === 'string' && { alias }),
      values: isUnknown(values) ? everySetting(values) : values,
    };
  }
}

/** A config of which nothing is known: each setting that a step could ask for is unknown. */
function everySetting(unknown: Unknown): Record<string, Unknown> {
  return Object.fromEntries(SETTINGS.map((key) => [key, unknown]));
}

const SETTINGS = [
  'loa-condition-level',
  'loa-max-age',
  'client_scope',
  'condUserRole',
  'attribute_name',
  'attribute_expected_value',
  'credentials',
  'included',
  'flow_to_check',
  'check_result',
  'negate',
  'not',
  'regex',
  'defaultProvider',
  'userRealmLimit',
  'userClientLimit',
  ...OTP_CONDITION_KEYS,
];
