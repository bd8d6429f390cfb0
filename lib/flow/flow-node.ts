/** Requirement of an execution or a subflow. Source: Server Administration Guide, "Flow requirements". */
export type Requirement = 'REQUIRED' | 'ALTERNATIVE' | 'CONDITIONAL' | 'DISABLED';

/** Stands in a config for the alias of a subflow of the same flow, which is known only when the flow is made. */
export interface SubflowAlias {
  /** Name of the subflow as declared. */
  readonly aliasOf: string;
}

/** Config of an execution: the authenticator's keys, with plain values or the alias of a subflow. */
export type ExecutionConfig = Readonly<Record<string, string | SubflowAlias>>;

/** One authenticator or condition in a flow. */
export interface Execution {
  readonly kind: 'execution';
  /** Name among its siblings, part of the resource's id. */
  readonly name: string;
  /** Provider id of the authenticator: `auth-otp-form`. */
  readonly authenticator: string;
  readonly requirement: Requirement;
  readonly config?: ExecutionConfig;
}

/** A flow inside a flow. */
export interface Subflow {
  readonly kind: 'subflow';
  /** Name, unique in the whole flow; its alias in Keycloak is `<alias of the flow>.<name>`. */
  readonly name: string;
  readonly requirement: Requirement;
  /**
   * The authenticator that shows one form for all its children (a flow of type `form-flow`): `registration-page-form`.
   * @default none: a flow like any other (`basic-flow`)
   */
  readonly form?: string;
  readonly children: readonly FlowNode[];
}

/** A flow is a tree of these, run from the first to the last. */
export type FlowNode = Execution | Subflow;

export interface ExecutionOptions {
  /** @default 'REQUIRED' */
  readonly requirement?: Requirement;
  /** @default no config */
  readonly config?: ExecutionConfig;
  /** @default the authenticator's id */
  readonly name?: string;
}

/** Declares an authenticator in a flow: `execution('auth-cookie', { requirement: 'ALTERNATIVE' })`. */
export function execution(authenticator: string, options: ExecutionOptions = {}): Execution {
  return {
    kind: 'execution',
    name: options.name ?? authenticator,
    authenticator,
    requirement: options.requirement ?? 'REQUIRED',
    config: options.config,
  };
}

/** Declares a condition of the CONDITIONAL subflow it stands in: `condition('conditional-user-role', { condUserRole: 'admin' })`. */
export function condition(authenticator: string, config?: ExecutionConfig): Execution {
  return execution(authenticator, { config });
}

/** Declares a subflow: `subflow('forms', 'ALTERNATIVE', [...])`. */
export function subflow(name: string, requirement: Requirement, children: readonly FlowNode[]): Subflow {
  return { kind: 'subflow', name, requirement, children };
}

/** Declares a form whose parts are its children: `formSubflow('registration', 'registration-page-form', [...])`. */
export function formSubflow(name: string, form: string, children: readonly FlowNode[]): Subflow {
  return { ...subflow(name, 'REQUIRED', children), form };
}

/** Refers to the alias of a subflow of the same flow in a config: `{ flow_to_check: aliasOf('gold.enrolled') }`. */
export function aliasOf(subflowName: string): SubflowAlias {
  return { aliasOf: subflowName };
}

/** The LoA number of a condition on the Level of Authentication. */
export function levelOf({ authenticator, config }: Execution): number | undefined {
  if (authenticator !== 'conditional-level-of-authentication') return undefined;
  const level = config?.['loa-condition-level'];
  return level === undefined ? undefined : Number(level);
}

/** All nodes of a tree, parents before their children. */
export function* walk(nodes: readonly FlowNode[]): Generator<FlowNode> {
  for (const node of nodes) {
    yield node;
    if (node.kind === 'subflow') yield* walk(node.children);
  }
}
