import { TerraformStack, Testing } from 'cdktf';
import { AssuranceLevel, type AssuranceLevelProps, Duration, Factor, KeycloakProvider, StepUpRealm } from '../../lib';

/** A resource in the synthesized JSON. */
// biome-ignore lint/suspicious/noExplicitAny: attributes differ by resource type
export type Resource = Record<string, any>;

/** A stack named "test" in an app of its own, with a provider. */
export function testStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'test');
  new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com' });
  return stack;
}

/** What a plan would write for the time that names of flows carry. */
export const PLANNED = '20260102030405';
const PLANNED_REFERENCE = /\$\{terraform_data\.[A-Za-z0-9_-]+\.input\.planned\}/g;

/** The resources of one type in the synthesized JSON, after all validations, by their ids. */
export function resourcesOf(stack: TerraformStack, type: string): Record<string, Resource> {
  return JSON.parse(Testing.synth(stack, true).replaceAll(PLANNED_REFERENCE, PLANNED)).resource?.[type] ?? {};
}

/** The only resource of a type. */
export function resourceOf(stack: TerraformStack, type: string): Resource {
  const all = Object.values(resourcesOf(stack, type));
  if (all.length !== 1) throw new Error(`${all.length} resources of type ${type}, not one`);
  return all[0] as Resource;
}

export function level(stack: TerraformStack, props: Partial<AssuranceLevelProps> & { acr: string; loa: number }) {
  return new AssuranceLevel(stack, `level-${props.acr}-${props.loa}`, {
    provedBy: props.loa === 1 ? Factor.password() : Factor.otp(),
    ...props,
  });
}

/** A stack with a realm of two levels, silver (password) and gold (one-time password, five minutes). */
export function realmStack() {
  const stack = testStack();
  const silver = level(stack, { acr: 'silver', loa: 1 });
  const gold = level(stack, { acr: 'gold', loa: 2, maxAge: Duration.minutes(5) });
  const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver, gold] });
  return { stack, silver, gold, realm };
}
