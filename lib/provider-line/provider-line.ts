import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Where Terraform gets the provider from: the official one, or the one it was forked from, which ended with 4.4.0. */
export type ProviderSource = 'keycloak/keycloak' | 'mrparkers/keycloak';

/** What differs between the two lines of the Keycloak provider, as far as the constructs must know. */
export interface ProviderLine {
  readonly source: ProviderSource;
  /**
   * How executions and subflows come into order: by their attribute `priority`, or by the order in which they are created.
   */
  readonly orderedBy: 'priority' | 'creation';
  /** Whether there are client profiles and client policies. */
  readonly hasClientPolicies: boolean;
  /** Whether a policy of Authorization Services can look at a claim of the token, such as acr (the regex policy). */
  readonly hasClaimPolicies: boolean;
  /** Whether required actions can be configured. */
  readonly hasRequiredActionConfig: boolean;
  /** Whether the OTP policy says if a code works twice. Keycloak's default is that it does not. */
  readonly hasReusableCodes: boolean;
  /** Whether a client has an attribute for the standard token exchange; without one it is an extra setting. */
  readonly hasTokenExchange: boolean;
  /** Whether the flow of first logins by an identity provider is among the bindings. */
  readonly hasFirstBrokerLoginBinding: boolean;
}

export const PROVIDER_LINES: Readonly<Record<ProviderSource, ProviderLine>> = {
  'keycloak/keycloak': {
    source: 'keycloak/keycloak',
    orderedBy: 'priority',
    hasClientPolicies: true,
    hasClaimPolicies: true,
    hasRequiredActionConfig: true,
    hasReusableCodes: true,
    hasTokenExchange: true,
    hasFirstBrokerLoginBinding: true,
  },
  'mrparkers/keycloak': {
    source: 'mrparkers/keycloak',
    orderedBy: 'creation',
    hasClientPolicies: false,
    hasClaimPolicies: false,
    hasRequiredActionConfig: false,
    hasReusableCodes: false,
    hasTokenExchange: false,
    hasFirstBrokerLoginBinding: false,
  },
};

const LINE = Symbol.for('keycloak-step-up/provider-line');

/** Notes the line that a stack uses. One stack has one: Terraform knows the provider by one local name. */
export function setProviderLine(stack: TerraformStack, line: ProviderLine): void {
  Object.defineProperty(stack, LINE, { value: line, configurable: true });
}

/** The line that the stack of `scope` uses: what its `KeycloakProvider` says, else the official one. */
export function providerLineOf(scope: IConstruct): ProviderLine {
  const stack = TerraformStack.of(scope) as TerraformStack & { readonly [LINE]?: ProviderLine };
  return stack[LINE] ?? PROVIDER_LINES['keycloak/keycloak'];
}
