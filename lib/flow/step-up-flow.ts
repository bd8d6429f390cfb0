import type { Construct } from 'constructs';
import { insistOnAscendingLevels } from '../assurance/ascending-levels';
import type { AssuranceLevel } from '../assurance/assurance-level';
import type { StepUpClientScope } from '../client/step-up-client-scope';
import type { StepUpRealm } from '../realm/step-up-realm';
import { insist } from '../support/configuration-error';
import { AuthenticationFlow } from './authentication-flow';
import { unguardedBrokers } from './brokered-logins';
import { inAlias } from './level-name';
import { type StepUpRule, When } from './step-up-rule';
import { stepUpNodes } from './step-up-tree';

export interface StepUpFlowProps {
  /** The realm that the flow belongs to. */
  readonly realm: StepUpRealm;
  /**
   * The levels that the flow can grant, in ascending order.
   * @default all levels of the realm
   */
  readonly levels?: readonly AssuranceLevel[];
  /**
   * The sensitive client scopes whose request the flow answers with the proof of their level.
   * @default none
   */
  readonly scopes?: readonly StepUpClientScope[];
  /**
   * More reasons to ask for the proof of a level: roles, attributes.
   * @default none
   */
  readonly rules?: readonly StepUpRule[];
  /**
   * Name of the flow; its alias is `<name>-<content hash>`.
   * @default 'step-up'
   */
  readonly name?: string;
}

/**
 * A browser flow that steps up: single sign-on by cookie, else one CONDITIONAL subflow per level with Keycloak's
 * condition on the Level of Authentication, lowest first. A user who lacks the credential of a level is refused,
 * unless the level says otherwise.
 *
 * Bind it with `StepUpRealm.bindBrowserFlow`, or give it to a `StepUpClient` as override.
 *
 * Source: Server Administration Guide, "Creating a browser login flow with step-up mechanism".
 *
 * @throws ConfigurationError on levels that are not ascending or not the realm's, scopes and roles of another realm, and
 * rules for a level that the flow does not have above its lowest; at validation, on rules that a request could come past
 * and, as the realm's browser flow, on identity providers of the realm whose logins it would not reach.
 */
export class StepUpFlow extends AuthenticationFlow {
  readonly levels: readonly AssuranceLevel[];
  readonly scopes: readonly StepUpClientScope[];
  /** The rules, those of the scopes first. */
  readonly rules: readonly StepUpRule[];

  constructor(scope: Construct, id: string, props: StepUpFlowProps) {
    const levels = props.levels ?? props.realm.levels;
    const scopes = props.scopes ?? [];
    const rules = [...scopes.flatMap(scopeRules), ...(props.rules ?? [])];
    super(scope, id, {
      realm: props.realm,
      name: props.name ?? 'step-up',
      description: `Login with step-up: ${levels.map((level) => level.acr).join(' < ')}`,
      nodes: stepUpNodes(levels, rules),
      dependsOn: rules.flatMap(({ when = [] }) => when.flatMap(({ dependsOn }) => dependsOn)),
    });
    this.levels = levels;
    this.scopes = scopes;
    this.rules = rules;
    this.node.addValidation({
      validate: () => [
        ...(props.realm.browserFlow === this ? unguardedBrokers(props.realm) : []),
        ...rules.flatMap(({ when = [] }) => when.flatMap((condition) => condition.validate?.() ?? [])),
      ],
    });
    insistOnAscendingLevels(this, levels);
    for (const level of levels) props.realm.insistOnOwnLevel(this, 'levels', level);
    for (const wanted of scopes) {
      insist(this, wanted.realm === props.realm, () => ({
        value: `scope "${wanted.name}" of ${wanted.realm.node.path}`,
        why: `the flow is of ${props.realm.node.path}, where a condition on an unknown scope never holds, so that the proof would be asked of everybody`,
        instead: 'Use a StepUpClientScope of the same realm',
      }));
    }
    for (const rule of rules) {
      for (const condition of rule.when ?? []) condition.insistOnSense?.(this, props.realm);
      insist(this, levels.includes(rule.requires) && rule.requires !== levels[0], () => ({
        value: `rule "${rule.name}", which requires "${rule.requires?.acr}"`,
        why: 'a rule asks for the proof of a level of the flow, above the lowest, which every login reaches',
        instead: `Require one of: ${levels
          .slice(1)
          .map(({ acr }) => acr)
          .join(', ')}`,
      }));
    }
  }

  override alwaysProves(level: AssuranceLevel): boolean {
    const always = this.rules.filter(({ when = [] }) => when.length === 0).map(({ requires }) => requires);
    return level === this.levels[0] || always.includes(level);
  }
}

function scopeRules(scope: StepUpClientScope, index: number): StepUpRule[] {
  if (scope.requires === undefined) return [];
  return [
    { name: `scope-${index + 1}.${inAlias(scope.name)}`, when: [When.clientScope(scope)], requires: scope.requires },
  ];
}
