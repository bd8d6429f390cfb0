import { isBuiltInAuthenticator, isCondition, traitsOf } from '../../model/keycloak/authenticators';
import { parseJavaInt } from '../../model/keycloak/java';
import {
  type AuthenticatorExecution,
  type Execution,
  type Flow,
  isUnknown,
  type Requirement,
  type SubflowExecution,
} from '../../model/realm-model';
import type { Location } from '../rule';
import type { FlowUse } from './flow-uses';
import { flowLocation } from './flow-uses';
import type { Inspection } from './inspection';

export const LOA_CONDITION = 'conditional-level-of-authentication';

/** An enabled execution and where it stands. */
export class Place {
  constructor(
    readonly execution: Execution,
    /** The flow that holds it. */
    readonly parent: Flow,
    /** The subflow that holds it; undefined at the top. */
    readonly above: Place | undefined,
    readonly flow: FlowUse,
    private readonly inspection: Inspection,
  ) {}

  get location(): Location {
    const { address } = this.execution;
    return {
      path: `${this.above?.location.path ?? flowLocation(this.flow.flow).path} > ${this.name}`,
      ...(address !== undefined && { address }),
    };
  }

  get name(): string {
    const { execution } = this;
    if (execution.kind === 'subflow') return execution.flow.alias;
    return isUnknown(execution.authenticator) ? '(unknown authenticator)' : execution.authenticator;
  }

  get requirement(): Requirement | undefined {
    return this.inspection.known(this.execution.requirement, 'the requirement', this.location);
  }

  /** Provider id; undefined for subflows and unknown ones. */
  get authenticator(): string | undefined {
    if (this.execution.kind === 'subflow') return undefined;
    return this.inspection.known(this.execution.authenticator, 'the authenticator', this.location);
  }

  get isCondition(): boolean {
    const { authenticator } = this;
    return authenticator !== undefined && isCondition(authenticator);
  }

  /** Whether it is a step that no rule knows: it could be a proof, a condition or a way around. */
  get isCustom(): boolean {
    const { authenticator } = this;
    return authenticator !== undefined && !isBuiltInAuthenticator(authenticator);
  }

  /** Whether the step itself checks something that only the user has. */
  get isProof(): boolean {
    return PROOFS.has(this.authenticator ?? '');
  }

  /** The enabled executions beside it, itself included, in order. */
  get siblings(): Place[] {
    return childrenOf(this.parent, this.above, this.flow, this.inspection);
  }

  /** The enabled executions of a subflow. */
  get children(): Place[] {
    if (this.execution.kind !== 'subflow') return [];
    return childrenOf(this.execution.flow, this, this.flow, this.inspection);
  }

  /** All enabled executions below it, and itself. */
  get all(): Place[] {
    return [this, ...this.children.flatMap((child) => child.all)];
  }

  /** The subflows around it, the nearest first. */
  get around(): Place[] {
    return this.above ? [this.above, ...this.above.around] : [];
  }

  /** A value of its config; undefined if it isn't set, or unknown, which is then told. */
  setting(key: string): string | undefined {
    const value = (this.execution as AuthenticatorExecution).config?.values[key];
    return value === undefined ? undefined : this.inspection.known(value, key, this.location);
  }

  /** Whether the config has a value for the key, known or not. */
  has(key: string): boolean {
    return (this.execution as AuthenticatorExecution).config?.values[key] !== undefined;
  }

  /** The level of a level condition, if it is a number. */
  get level(): number | undefined {
    return this.authenticator === LOA_CONDITION ? parseJavaInt(this.setting('loa-condition-level')) : undefined;
  }

  /** The level that a CONDITIONAL subflow grants, as far as it can be read. */
  get grants(): number | undefined {
    for (const child of this.children) if (child.level !== undefined) return child.level;
    return undefined;
  }
}

/** Steps that check something that only the user has. */
const PROOFS: ReadonlySet<string> = new Set([
  'auth-password-form',
  'auth-username-password-form',
  'auth-otp-form',
  'auth-conditional-otp-form',
  'webauthn-authenticator',
  'webauthn-authenticator-passwordless',
  'auth-recovery-authn-code-form',
  'auth-spnego',
  'auth-x509-client-username-form',
  'identity-provider-redirector',
  'direct-grant-validate-password',
  'direct-grant-validate-otp',
  'direct-grant-auth-x509-username',
]);

/** Proofs that come on top of a login: what a level above the first asks. */
export function isSecondFactor(place: Place): boolean {
  const credential = traitsOf(place.authenticator ?? '')?.validates;
  return credential !== undefined && credential !== 'password';
}

export function* placesOf(flow: FlowUse, inspection: Inspection): Generator<Place> {
  for (const place of childrenOf(flow.flow, undefined, flow, inspection)) yield* place.all;
}

/** Whether a condition's subflow passes whom it holds for, and asks them for nothing. */
export function spares({ above }: Place): boolean {
  const steps = above?.all.filter(({ execution, isCondition }) => execution.kind !== 'subflow' && !isCondition) ?? [];
  return steps.length > 0 && steps.every(({ authenticator }) => authenticator === 'allow-access-authenticator');
}

/** The enabled executions at the top of a flow. */
export function topPlaces(flow: FlowUse, inspection: Inspection): Place[] {
  return childrenOf(flow.flow, undefined, flow, inspection);
}

function childrenOf(parent: Flow, above: Place | undefined, flow: FlowUse, inspection: Inspection): Place[] {
  // The actions of a form are no authenticators.
  if (parent.provider === 'form-flow') return [];
  return parent.executions
    .filter(({ requirement }) => requirement !== 'DISABLED')
    .map((execution) => new Place(execution, parent, above, flow, inspection));
}

/** The disabled executions of a subflow. */
export function disabledIn({ flow }: SubflowExecution): Execution[] {
  return flow.executions.filter(({ requirement }) => requirement === 'DISABLED');
}
