import type { ConformanceCase, PolicySettings } from './case';
import { aliasOf, GUIDE_SUBFLOW, STRONG_FLOW } from './realm-flows';

/** Each client has a role of its own, so that a policy can be for it alone. */
export const policyRoleOf = (index: number) => `client-${index}`;

/** The client policies of cases and their profiles, as Keycloak imports them. */
export function policyRepresentations(cases: readonly ConformanceCase[]) {
  const all = cases.flatMap(({ policies = [] }, index) =>
    policies.map((policy, order) => ({ policy, index, name: `${index}-${order}` })),
  );
  return {
    clientPolicies: { policies: all.map(({ policy, index, name }) => policyOf(policy, index, name)) },
    clientProfiles: { profiles: all.map(({ policy, index, name }) => profileOf(policy, index, name)) },
  };
}

function policyOf({ when }: PolicySettings, index: number, name: string) {
  const own = { condition: 'client-roles', configuration: { roles: [policyRoleOf(index)] } };
  return { name: `policy ${name}`, enabled: true, conditions: [own, ...when], profiles: [`profile ${name}`] };
}

function profileOf({ flow, loa, rejectsPassword }: PolicySettings, index: number, name: string) {
  const alias = { own: aliasOf(index), strong: STRONG_FLOW, subflow: GUIDE_SUBFLOW, missing: 'no such flow' }[flow];
  const configuration = { 'auth-flow-alias': alias, ...(loa !== undefined && { 'auth-flow-loa': loa }) };
  const rejects = { executor: 'reject-ropc-grant', configuration: { 'auto-configure': true } };
  return {
    name: `profile ${name}`,
    executors: [{ executor: 'auth-flow-enforcer', configuration }, ...(rejectsPassword ? [rejects] : [])],
  };
}
