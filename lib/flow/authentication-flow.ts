import { AuthenticationExecution } from '@cdktf/provider-keycloak/lib/authentication-execution';
import { AuthenticationExecutionConfigA } from '@cdktf/provider-keycloak/lib/authentication-execution-config';
import { AuthenticationFlow as FlowResource } from '@cdktf/provider-keycloak/lib/authentication-flow';
import { AuthenticationSubflow } from '@cdktf/provider-keycloak/lib/authentication-subflow';
import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { type ProviderLine, providerLineOf } from '../provider-line/provider-line';
import type { StepUpRealm } from '../realm/step-up-realm';
import { resolved } from '../support/resolved';
import { contentHash } from './content-hash';
import { guardsEnrolment } from './enrolment-guard';
import { type ExecutionConfig, type FlowNode, levelOf, type Subflow, walk } from './flow-node';
import { FlowTry } from './flow-try';
import { insistOnSoundTree } from './sound-tree';
import { countsUserNameAsPassword } from './user-name-form';

export interface AuthenticationFlowProps {
  /** The realm that the flow belongs to. */
  readonly realm: StepUpRealm;
  /**
   * Name of the flow; its alias is `<name>-<content hash>-<time of the plan>`. Begins with a letter or digit, then letters, digits and `. _ -`.
   */
  readonly name: string;
  /** The executions and subflows, in the order in which Keycloak runs them. */
  readonly nodes: readonly FlowNode[];
  /** @default no description */
  readonly description?: string;
  /**
   * What must exist before the flow, such as the client scopes and roles that its conditions name.
   * @default nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Keycloak sorts by priority, and the provider never sends 0. */
const FIRST_PRIORITY = 10;
const PRIORITY_STEP = 10;

/**
 * A flow is never changed in place: a new one is made, what binds it is moved, then the old one goes.
 */
const REPLACE_BY_NEW: TerraformResourceLifecycle = { createBeforeDestroy: true };

/** Counts up when flows of the same content are made in another way, so that the new ones stand beside the old. */
const ARRANGEMENT = 2;

/**
 * An authentication flow: any tree of executions, subflows and conditions.
 *
 * Makes in Keycloak the flow, its subflows and executions (in order, by `priority` where the provider has it) and their configs, one
 * after the other: Keycloak answers requests for a flow with errors while another one changes it. The alias of every
 * flow and the id of every resource carry a hash of the whole content, so a change makes a second flow beside the one in
 * use; what is bound with {@link handle} moves only when one apply has made the new flow whole. After one that broke off, the plan fails
 * with the command that makes it anew.
 *
 * Source: Server Administration Guide, "Creating flows".
 *
 * @throws ConfigurationError on a name that can't be an alias, duplicate names, a CONDITIONAL execution and an alias of
 * a subflow that the flow doesn't have.
 */
export class AuthenticationFlow extends Construct {
  readonly realm: StepUpRealm;
  /** What a binding or a client's override needs: the flow's alias and id, and all that must exist before it is bound. */
  readonly handle: FlowHandle;

  private readonly nodes: readonly FlowNode[];
  private readonly alias: string;
  private readonly line: ProviderLine;
  /** The flow and all in it, in the order in which they are made. */
  private readonly parts: Part[] = [];

  constructor(scope: Construct, id: string, props: AuthenticationFlowProps) {
    super(scope, id);
    insistOnSoundTree(this, props.name, props.nodes);
    const before = props.realm.registerFlow(this, props.name);
    this.realm = props.realm;
    this.nodes = props.nodes;
    this.line = providerLineOf(this);

    const { name, nodes, description } = props;
    const hash = contentHash(resolved(this, { name, nodes, description, arrangement: ARRANGEMENT }));
    const content = new FlowTry(this, hash, name);
    this.alias = `${name}-${hash}-${content.stamp}`;
    const flow = new FlowResource(content, 'Resource', {
      realmId: props.realm.realmId,
      alias: this.alias,
      description,
      providerId: 'basic-flow',
      lifecycle: { ...REPLACE_BY_NEW, replaceTriggeredBy: [content.address] },
      // One flow of the realm after the other, coming and going: to delete a config Keycloak looks through all flows.
      dependsOn: [...(props.dependsOn ?? []), ...(before?.parts.slice(-1) ?? [])],
    });
    this.parts.push(flow);
    this.addChildren(content, { alias: this.alias, reference: flow.alias }, nodes);
    this.handle = { alias: flow.alias, id: flow.id, dependsOn: [content.seal(this.parts)] };
  }

  /**
   * Whether users who own a credential of the level must prove the level in this flow before they enrol another one or
   * delete one: whether a stolen password can't.
   */
  guardsEnrolment(level: AssuranceLevel): boolean {
    return guardsEnrolment(this.nodes, level);
  }

  /** Whether a request for the level makes the flow ask for it: a flow without its number ends below, and Keycloak says nothing. */
  grants(level: AssuranceLevel): boolean {
    return [...walk(this.nodes)].some(
      (node) => node.kind === 'execution' && levelOf(node) === level.loa && node.requirement !== 'DISABLED',
    );
  }

  /** Whether Keycloak takes a password for used in logins by the flow that have only named a user. */
  get countsUserNameAsPassword(): boolean {
    return countsUserNameAsPassword(this.nodes);
  }

  /** Whether nobody comes through the flow without the proof of the level, whatever is asked for and whatever the session has. */
  alwaysProves(_level: AssuranceLevel): boolean {
    return false;
  }

  private addChildren(parent: Construct, flow: ParentFlow, nodes: readonly FlowNode[]): void {
    nodes.forEach((node, index) => {
      const place = {
        realmId: this.realm.realmId,
        parentFlowAlias: flow.reference,
        requirement: node.requirement,
        ...(this.line.orderedBy === 'priority' && { priority: FIRST_PRIORITY + index * PRIORITY_STEP }),
        ...this.next(),
      };
      const scope = new Construct(parent, shortName(node.name, parent.node.id));
      if (node.kind === 'subflow') {
        const alias = this.aliasOf(node.name);
        const resource = new AuthenticationSubflow(scope, 'Resource', { ...place, alias, ...typeOf(node) });
        this.parts.push(resource);
        this.addChildren(scope, { alias, reference: resource.alias }, node.children);
      } else {
        const resource = new AuthenticationExecution(scope, 'Resource', {
          ...place,
          authenticator: node.authenticator,
        });
        this.parts.push(resource);
        if (node.config) this.addConfig(scope, resource, `${flow.alias}.${node.name}`, node.config);
      }
    });
  }

  /** Each part waits for all that are declared before it: without priorities, that order is the flow's as well. */
  private next(): { dependsOn: ITerraformDependable[]; lifecycle: TerraformResourceLifecycle } {
    return { dependsOn: this.parts.slice(-1), lifecycle: REPLACE_BY_NEW };
  }

  private addConfig(
    scope: Construct,
    execution: AuthenticationExecution,
    alias: string,
    config: ExecutionConfig,
  ): void {
    this.parts.push(
      new AuthenticationExecutionConfigA(scope, 'Config', {
        realmId: this.realm.realmId,
        executionId: execution.id,
        alias,
        config: Object.fromEntries(
          Object.entries(config).map(([key, value]) => [
            key,
            typeof value === 'string' ? value : this.aliasOf(value.aliasOf),
          ]),
        ),
        ...this.next(),
        lifecycle: { ...REPLACE_BY_NEW, ...ignoringMasked(config) },
      }),
    );
  }

  private aliasOf(subflowName: string): string {
    return `${this.alias}.${subflowName}`;
  }
}

function typeOf({ form }: Subflow): { providerId: string; authenticator?: string } {
  return form === undefined ? { providerId: 'basic-flow' } : { providerId: 'form-flow', authenticator: form };
}

type Part = FlowResource | AuthenticationSubflow | AuthenticationExecution | AuthenticationExecutionConfigA;

/** The flow that nodes are put into: its alias as a name, and as a reference that makes Terraform wait for it. */
interface ParentFlow {
  readonly alias: string;
  readonly reference: string;
}

/**
 * Keycloak answers `**********` for the keys of its AMR, which no authenticator declares, and every plan would show a
 * change. Nothing is lost: a changed value changes the content hash, and so makes a new resource.
 */
function ignoringMasked(config: ExecutionConfig): Pick<TerraformResourceLifecycle, 'ignoreChanges'> {
  const masked = Object.keys(config).filter((key) => key.startsWith('default.reference.'));
  return masked.length > 0 ? { ignoreChanges: masked.map((key) => `config["${key}"]`) } : {};
}

/** What a binding or an override needs to know of a flow. */
export interface FlowHandle {
  /** The flow's alias, for realm bindings. */
  readonly alias: string;
  /** The flow's id, for client overrides. */
  readonly id: string;
  /** Everything that must exist before the flow may be bound: a flow bound earlier refuses or lets through logins. */
  readonly dependsOn: ITerraformDependable[];
}

/** A subflow's name often begins with its parent's, to be unique in the flow; in a resource's address once is enough. */
function shortName(name: string, parentName: string): string {
  return name.startsWith(`${parentName}.`) ? name.slice(parentName.length + 1) : name;
}
