import { App, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import {
  AssuranceLevel,
  Factor,
  KeycloakProvider,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpRealm,
} from '../../lib';
import { IMPORTED_REALM, REDIRECT_URI } from '../../test/support/imported-realm';

/** A small stack that the probe changes under a realm. */
export interface Shape {
  /** Whether there is a flow, and it is bound. Without one, Keycloak's own is. */
  readonly bound: boolean;
  /** What proves the level gold. Whoever owns an OTP proves it either way. */
  readonly gold: 'otp' | 'webauthn-or-otp';
  /** Whether there is a third level, above gold. */
  readonly platinum: boolean;
  /** Whether there is a second scope that needs gold. */
  readonly transfers: boolean;
}

/** A flow with two levels and a rule for the scope `payments`. */
export const BASE: Shape = { bound: true, gold: 'otp', platinum: false, transfers: false };

export function isSame(one: Shape | undefined, other: Shape): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** One kind of change: from one shape to another. */
export interface Change {
  readonly name: string;
  readonly from: Shape;
  readonly to: Shape;
}

export const CHANGES: readonly Change[] = [
  { name: 'first deployment of a flow', from: { ...BASE, bound: false }, to: BASE },
  { name: 'level added', from: BASE, to: { ...BASE, platinum: true } },
  { name: 'level taken off', from: { ...BASE, platinum: true }, to: BASE },
  { name: 'scope with a rule added', from: BASE, to: { ...BASE, transfers: true } },
  { name: 'factor swapped', from: BASE, to: { ...BASE, gold: 'webauthn-or-otp' } },
];

/** The stack of a shape as Terraform's JSON. The realm's name is the variable `realm_name`. */
export function synthesize(shape: Shape): string {
  const key = JSON.stringify(shape);
  const json = synthesized.get(key) ?? synthesizeStack((stack, name) => smallStack(stack, name, shape));
  synthesized.set(key, json);
  return json;
}

const synthesized = new Map<string, string>();

/** A stack with the provider and its variables, and what `build` adds, as Terraform's JSON. */
export function synthesizeStack(build: (stack: TerraformStack, realmName: string) => void): string {
  const stack = new TerraformStack(new App(), 'probe');
  const variable = (name: string) => new TerraformVariable(stack, name, { type: 'string', sensitive: true });
  new KeycloakProvider(stack, 'keycloak', {
    url: variable('url').stringValue,
    clientId: variable('client_id').stringValue,
    clientSecret: variable('client_secret').stringValue,
  });
  build(stack, new TerraformVariable(stack, 'realm_name', { type: 'string' }).stringValue);
  const json = JSON.parse(Testing.synth(stack, false));
  for (const realm of Object.values<Record<string, object | string>>(json.resource.keycloak_realm)) {
    // The probe logs in far more often than a device has codes, and hashing would take most of its time.
    realm.otp_policy = { ...(realm.otp_policy as object), code_reusable: true };
    realm.password_policy = IMPORTED_REALM.passwordPolicy;
  }
  return JSON.stringify(json, null, 1);
}

/** A stack with two flows, one of them a client's own, and a third level that comes and goes: some 90 parts. */
export function synthesizeFull(platinum: boolean): string {
  return synthesizeStack((stack, name) => {
    const { realm, scopes, common, gold } = commonParts(stack, name, { ...BASE, platinum });
    const own = new StepUpFlow(stack, 'own', { realm, scopes, name: 'own' });
    new StepUpClient(stack, 'vault', { ...common, clientId: 'vault', minimumLevel: gold, browserFlow: own });
  });
}

function smallStack(stack: TerraformStack, name: string, shape: Shape): void {
  const { common, gold } = commonParts(stack, name, shape);
  new StepUpClient(stack, 'vault', { ...common, clientId: 'vault', minimumLevel: gold });
}

/** A realm with its levels and scopes, a flow that is bound, and a client that may ask for the scopes. */
function commonParts(stack: TerraformStack, name: string, shape: Shape) {
  const level = (acr: string, loa: number, provedBy: Factor) => new AssuranceLevel(stack, acr, { acr, loa, provedBy });
  const otp = Factor.otp();
  const gold = level('gold', 2, shape.gold === 'otp' ? otp : Factor.anyOf(Factor.webAuthn(), otp));
  const levels = [
    level('silver', 1, Factor.password()),
    gold,
    ...(shape.platinum ? [level('platinum', 3, Factor.recoveryCode())] : []),
  ];
  const realm = new StepUpRealm(stack, 'realm', { name, levels, levelHistory: { file: 'none' } });
  const scopes = ['payments', ...(shape.transfers ? ['transfers'] : [])].map(
    (scope) => new StepUpClientScope(stack, scope, { realm, name: scope, requires: gold }),
  );
  if (shape.bound) realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes }));
  const common = { realm, accessType: 'PUBLIC' as const, validRedirectUris: [REDIRECT_URI] };
  new StepUpClient(stack, 'app', { ...common, clientId: 'app', optionalScopes: scopes });
  return { realm, gold, scopes, common };
}
