import { AuthenticationBindings } from '@cdktf/provider-keycloak/lib/authentication-bindings';
import { dependable, type TerraformResource, TerraformStack } from 'cdktf';
import type { AuthenticationFlow } from '../flow/authentication-flow';
import type { ProviderLine } from '../provider-line/provider-line';
import { describe, insist, type Problem } from '../support/configuration-error';
import { resolved } from '../support/resolved';
import type { StepUpRealm } from './step-up-realm';

/** What a realm binds flows to; a client can override the first two. Source: Server Administration Guide, "Binding flows". */
export type Binding = 'browserFlow' | 'directGrantFlow' | 'registrationFlow' | 'resetCredentialsFlow';

/** What Keycloak binds in a new realm. */
const BUILT_IN_FLOWS: Readonly<Record<Binding, string>> = {
  browserFlow: 'browser',
  directGrantFlow: 'direct grant',
  registrationFlow: 'registration',
  resetCredentialsFlow: 'reset credentials',
};

/** What stays bound to Keycloak's own flows. */
const OTHER_BUILT_IN_FLOWS = { clientAuthenticationFlow: 'clients', dockerAuthenticationFlow: 'docker auth' };
const FIRST_BROKER_LOGIN_FLOW = { firstBrokerLoginFlow: 'first broker login' };

/** How to get rid of the flow that the realm itself has bound. */
const UNBIND: Partial<Record<Binding, string>> = {
  directGrantFlow: "Make the realm with passwordGrant set to 'allow'",
  registrationFlow: 'Make the realm without selfRegistration',
  resetCredentialsFlow: 'Make the realm without passwordReset',
};

/**
 * The flows that a realm binds, in one resource: two overwrite each other, and destroying one resets all seven bindings. All are in it,
 * Keycloak's own too: what is left out keeps its last value, and no plan shows what somebody bound in the console.
 */
export class FlowBindings {
  private readonly bound = new Map<Binding, AuthenticationFlow>();
  private readonly resource: AuthenticationBindings;

  constructor(
    private readonly realm: StepUpRealm,
    { hasFirstBrokerLoginBinding }: ProviderLine,
  ) {
    this.resource = new AuthenticationBindings(realm, 'Bindings', {
      realmId: realm.realmId,
      ...BUILT_IN_FLOWS,
      ...OTHER_BUILT_IN_FLOWS,
      ...(hasFirstBrokerLoginBinding && FIRST_BROKER_LOGIN_FLOW),
      dependsOn: [],
    });
  }

  get(binding: Binding): AuthenticationFlow | undefined {
    return this.bound.get(binding);
  }

  /**
   * Binds the flow, once it is whole.
   * @throws ConfigurationError at the flow, if it is another realm's or another one is bound already
   */
  bind(binding: Binding, flow: AuthenticationFlow): void {
    const { realm } = this;
    insist(flow, flow.realm === realm, () => ({
      value: `binding to ${realm.node.path}`,
      why: `the flow is of ${flow.realm.node.path}, and a realm can bind its own flows only`,
      instead: 'Make the flow with realm set to the realm that binds it',
    }));
    const other = this.bound.get(binding);
    insist(flow, other === undefined, () => ({
      value: `${binding} of ${realm.node.path}`,
      why: `it is bound to ${other?.node.path} already`,
      instead: (other?.node.scope === realm && UNBIND[binding]) || 'Bind one flow only',
    }));
    this.bound.set(binding, flow);
    this.resource[binding] = flow.handle.alias;
    this.resource.dependsOn = [...(this.resource.dependsOn ?? []), ...flow.handle.dependsOn.map(dependable)];
  }

  /** Makes the flows be bound after a resource is there. */
  follow(resource: TerraformResource): void {
    this.resource.dependsOn = [...(this.resource.dependsOn ?? []), dependable(resource)];
  }

  /** Makes a resource wait until the realm's flows are bound. */
  precede(resource: TerraformResource): void {
    resource.dependsOn = [...(resource.dependsOn ?? []), dependable(this.resource)];
  }

  /** Messages on other resources of the stack that bind flows of the realm. */
  problems(): string[] {
    const { realm } = this;
    const names = [realm.realmId, realm.resource.id, realm.resource.realm, realm.resource.realmInput];
    const own = names.map((name) => resolved(realm, name));
    return TerraformStack.of(realm)
      .node.findAll()
      .filter((node) => node instanceof AuthenticationBindings)
      .filter((other) => other !== this.resource && own.includes(resolved(realm, other.realmIdInput)))
      .map(
        (other): Problem => ({
          value: `a second AuthenticationBindings, ${other.node.path}`,
          why: 'the bindings of a realm are one resource, and destroying either resets both',
          instead: 'Use bindBrowserFlow or bindDirectGrantFlow of the realm',
        }),
      )
      .map(describe);
  }
}
