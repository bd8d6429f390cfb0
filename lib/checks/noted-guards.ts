import type { TerraformStack } from 'cdktf';
import type { Guard } from '../../checks';
import { StepUpClient } from '../client/step-up-client';
import { StepUpClientScope } from '../client/step-up-client-scope';
import { StepUpFlow } from '../flow/step-up-flow';
import type { StepUpRule } from '../flow/step-up-rule';
import type { StepUpRealm } from '../realm/step-up-realm';
import { resolved } from '../support/resolved';

/** What a construct guards, and in which realm. */
export interface NotedGuard {
  readonly realm: StepUpRealm;
  readonly guard: Guard;
}

/**
 * What the constructs of a stack guard: scopes that require a level, clients with a minimum, and roles for which the rules of the realm's
 * browser flow ask for one.
 */
export function notedGuards(stack: TerraformStack): NotedGuard[] {
  return stack.node.findAll().flatMap((node): NotedGuard[] => {
    if (node instanceof StepUpClientScope) {
      const { realm, name, requires } = node;
      return requires ? [{ realm, guard: { goal: { kind: 'scope', name }, level: requires.acr } }] : [];
    }
    if (node instanceof StepUpClient) {
      const { realm, clientId, minimumLevel } = node;
      return minimumLevel ? [{ realm, guard: { goal: { kind: 'token' }, clientId, level: minimumLevel.acr } }] : [];
    }
    if (!(node instanceof StepUpFlow) || node.realm.browserFlow !== node) return [];
    return node.rules.flatMap((rule) => roleGuard(node, rule) ?? []);
  });
}

/** Of a rule that looks at nothing but whether the user has a role. */
function roleGuard(flow: StepUpFlow, { when = [], requires }: StepUpRule): NotedGuard | undefined {
  const [only, ...more] = when;
  const { authenticator, config = {} } = only?.execution ?? {};
  if (more.length > 0 || authenticator !== 'conditional-user-role' || config.negate === 'true') return undefined;
  const name: unknown = resolved(flow, config.condUserRole);
  if (typeof name !== 'string' || name.includes('${')) return undefined;
  return { realm: flow.realm, guard: { goal: { kind: 'role', name }, level: requires.acr } };
}
