import { Construct } from 'constructs';
import { ProofFlow } from '../flow/proof-flow';
import { describe, insist } from '../support/configuration-error';
import type { RequestCondition } from './request-condition';

export interface StepUpPolicyProps {
  /** The flow that matching requests go through; its level is stamped on their tokens. The policy is of its realm. */
  readonly flow: ProofFlow;
  /** What a request must be; all of it. */
  readonly when: readonly [RequestCondition, ...RequestCondition[]];
  /**
   * Name of the client policy and of its profile; both carry a hash besides.
   * @default the construct's id
   */
  readonly name?: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/;

/**
 * Sends authorization requests to a flow of their own: those for a level, for a scope, of marked clients, or all.
 *
 * It is a route, never a guard: whoever begins the login anew (by the page's own link, without its cookie, after it timed
 * out) goes on in the ordinary flow, and Keycloak has forgotten the policy. So what it matches must prove the level there
 * too: the scope `requires` it, the client has it as `minimumLevel` or a flow of its own that always proves it, or the
 * level is what the request itself asks for. What is left to a policy is to ask for every proof anew, whatever the
 * session has, and to stamp the level where a scope or client alone asked for it.
 *
 * Makes in Keycloak a client profile with the executor `auth-flow-enforcer` and a client policy that applies it. It is
 * stronger than the client's own flow override. Where several policies match a request, the one of the highest level
 * wins, and of two of the same level the one that was declared last: Keycloak takes the last of its list, so they are
 * listed by level. The token's acr is the highest that was asked for, by the request or the client's default or minimum, up
 * to the flow's level; a client that is to get tokens of that level has it as `defaultLevel`. The session keeps nothing of
 * it: a later request asks again. A login that is under way when its
 * flow is replaced ends with an error, and the user has to begin again. Client policies don't apply to the password grant nor to the device flow.
 *
 * Source: Server Administration Guide, "Client policies" and "Using client policies to select an authentication flow".
 *
 * @throws ConfigurationError on a flow that is no `ProofFlow`, on conditions that are none or look at another realm's
 * levels, scopes or roles, on a name that is taken, and with the provider mrparkers/keycloak, which has no client policies; at
 * validation, where requests that it matches would prove less than its level once it is forgotten.
 */
export class StepUpPolicy extends Construct {
  readonly flow: ProofFlow;
  readonly when: readonly RequestCondition[];

  constructor(scope: Construct, id: string, props: StepUpPolicyProps) {
    super(scope, id);
    const { flow, when, name = id } = props;
    insist(this, flow instanceof ProofFlow, () => ({
      value: `flow ${(flow as Construct)?.node?.path}`,
      why: 'Keycloak stamps the level on whatever comes out of an enforced flow, so an ordinary step-up flow gives it for a password',
      instead: 'Enforce a ProofFlow of the level',
    }));
    insist(this, when?.length > 0, () => ({
      value: 'when []',
      why: 'a policy without a condition applies to nothing',
      instead: 'Give at least one, for example WhenRequest.anyClient()',
    }));
    insist(this, NAME.test(name), () => ({
      value: `name ${JSON.stringify(name)}`,
      why: "it becomes part of the provider's id of the policy",
      instead: 'Begin with a letter or digit and use letters, digits, spaces and . _ - only',
    }));
    for (const condition of when) condition.insistOnRealm(this, flow.realm);
    this.flow = flow;
    this.when = when;
    flow.realm.addPolicy(this, {
      name,
      description: `Proof of ${flow.level.acr}`,
      enabled: true,
      rank: flow.level.loa,
      executor: {
        name: 'auth-flow-enforcer',
        configuration: { 'auth-flow-alias': flow.handle.alias, 'auth-flow-loa': String(flow.level.loa) },
      },
      conditions: when.map(({ condition }) => condition),
      dependsOn: [...flow.handle.dependsOn, ...when.flatMap(({ dependsOn }) => dependsOn)],
    });
    this.node.addValidation({ validate: () => this.validateRoute() });
  }

  private validateRoute(): string[] {
    const { level, realm } = this.flow;
    const lacking = this.when.map((condition) => condition.lacking(realm, level));
    const [instead] = lacking;
    if (level === realm.lowestLevel || instead === undefined || lacking.includes(undefined)) return [];
    return [
      describe({
        value: `a route to the proof of "${level.acr}" for requests that prove less without it`,
        why: 'Keycloak forgets a client policy when a login is begun anew (by the link to restart it, without a cookie, after it timed out), so it keeps nobody out',
        instead,
      }),
    ];
  }
}
