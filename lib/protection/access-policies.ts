import { OpenidClientAggregatePolicy } from '@cdktf/provider-keycloak/lib/openid-client-aggregate-policy';
import { OpenidClientGroupPolicy } from '@cdktf/provider-keycloak/lib/openid-client-group-policy';
import { OpenidClientRegexPolicy } from '@cdktf/provider-keycloak/lib/openid-client-regex-policy';
import { OpenidClientRolePolicy } from '@cdktf/provider-keycloak/lib/openid-client-role-policy';
import { OpenidClientTimePolicy } from '@cdktf/provider-keycloak/lib/openid-client-time-policy';
import { Construct } from 'constructs';
import { NetworkRule } from '../../resource-server/networks';
import { AssuranceLevel } from '../assurance/assurance-level';
import type { StepUpClient } from '../client/step-up-client';
import { contentHash } from '../flow/content-hash';
import { insistOnRealmRole, insistOnRoleOf } from '../realm/own-role';
import { insist } from '../support/configuration-error';
import { resolved } from '../support/resolved';
import type { AccessRule, RuleNode } from './access-rule';
import { type TimeConfig, type TimeWindow, timeWindowConfig } from './time-window';

type Logic = 'POSITIVE' | 'NEGATIVE';

/** What a policy of the provider is made of, besides its place and name. */
interface PolicyContent {
  /** For the policy's name: readable, and known before anything exists. */
  readonly label: string;
  readonly description: string;
  make(scope: Construct, common: CommonConfig): { readonly id: string };
  /** All that the policy decides by. */
  readonly decidesBy: unknown;
}

interface CommonConfig {
  readonly realmId: string;
  readonly resourceServerId: string;
  readonly name: string;
  readonly description: string;
  readonly logic: Logic;
  readonly decisionStrategy: string;
  readonly lifecycle: { readonly createBeforeDestroy: boolean };
}

/**
 * The policies of one resource server. Equal rules share a policy. A policy's name carries a hash of what it decides by, so
 * a changed rule is a new policy beside the old one, and no permission is ever without.
 */
export class AccessPolicies extends Construct {
  private readonly ids = new Map<string, string>();

  constructor(
    private readonly owner: Construct,
    private readonly client: StepUpClient,
  ) {
    super(owner, 'Policies');
  }

  /** Ids of the policies that must all grant, for a rule to hold. */
  allOf(rules: readonly AccessRule[]): string[] {
    const separate = rules.flatMap((rule) => (isNode(rule) && rule.kind === 'all' ? rule.rules : [rule]));
    return [...new Set(separate.map((rule) => this.idOf(rule, 'POSITIVE')))];
  }

  private idOf(rule: AccessRule, logic: Logic): string {
    insistOnRule(this.owner, rule);
    if (isNode(rule) && rule.kind === 'not')
      return this.idOf(rule.rule, logic === 'POSITIVE' ? 'NEGATIVE' : 'POSITIVE');
    const { label, description, decidesBy, make } = this.contentOf(rule);
    const hash = contentHash(resolved(this, { label, decidesBy, logic }));
    const known = this.ids.get(hash);
    if (known !== undefined) return known;
    const negation = logic === 'NEGATIVE' ? 'not ' : '';
    const { id } = make(new Construct(this, hash), {
      realmId: this.client.realm.realmId,
      resourceServerId: this.client.resource.id,
      name: `${negation}${label} ${hash}`,
      description: `${negation}${description}`,
      logic,
      decisionStrategy: 'UNANIMOUS',
      lifecycle: { createBeforeDestroy: true },
    });
    this.ids.set(hash, id);
    return id;
  }

  private contentOf(rule: Exclude<AccessRule, { kind: 'not' }>): PolicyContent {
    if (!isNode(rule)) return this.level(rule);
    switch (rule.kind) {
      case 'claim':
        return this.claim(rule.claim, rule.value);
      case 'realm-role':
        insistOnRealmRole(this.owner, this.client.realm, rule.role);
        return role(rule);
      case 'client-role':
        insistOnRoleOf(this.owner, this.client.realm, rule);
        return role(rule);
      case 'group':
        return group(rule);
      case 'time':
        return time(rule.window, timeWindowConfig(this.owner, rule.window));
      case 'all':
      case 'any':
        return this.aggregate(rule.kind, rule.rules);
    }
  }

  /** The level and all above it: a token of a higher level must not be refused for having more. */
  private level(level: AssuranceLevel): PolicyContent {
    const { realm } = this.client;
    realm.insistOnOwnLevel(this.owner, 'requires', level);
    const enough = realm.levels.filter(({ loa }) => loa >= level.loa).map(({ acr }) => acr);
    const pattern = `^(${enough.map(escaped).join('|')})$`;
    return regex(`level ${level.acr}`, `acr is ${enough.join(' or ')}`, 'acr', pattern);
  }

  private claim(claim: string, value: string | RegExp): PolicyContent {
    insist(this.owner, typeof claim === 'string' && claim !== '', () => ({
      value: `claim ${JSON.stringify(claim)}`,
      why: 'it is no name of a claim',
      instead: 'Name a claim of the access token',
    }));
    insist(this.owner, !/^kc\./.test(claim), () => ({
      value: `claim "${claim}"`,
      why: "it is an attribute of the request, which a policy on claims never finds, so the rule refuses everybody and its opposite lets everybody in; the client's address can't be had by any policy",
      instead:
        'Check addresses in the resource server (protect(…, { from: fromNetworks([…]) })), or in the login (otpUnlessFrom)',
    }));
    insist(this.owner, claim !== 'acr', () => ({
      value: 'claim "acr"',
      why: 'a pattern on level names refuses higher levels, or those that are added later',
      instead: 'Write the AssuranceLevel itself',
    }));
    insist(this.owner, typeof value === 'string' || value.flags === '', () => ({
      value: `claim "${claim}" of ${value}`,
      why: 'flags of JavaScript are lost in Keycloak, which takes Java regular expressions',
      instead: 'Write the pattern without flags, with (?i) in a RegExp made from a string if need be',
    }));
    const pattern = typeof value === 'string' ? escaped(value) : value.source;
    return regex(`claim ${claim}`, `claim ${claim} matches ${pattern}`, claim, pattern);
  }

  private aggregate(kind: 'all' | 'any', rules: readonly AccessRule[]): PolicyContent {
    insist(this.owner, rules.length > 0, () => ({
      value: `Allow.${kind}()`,
      why: 'it has no rules',
      instead: 'Give at least one',
    }));
    const policies = [...new Set(rules.map((one) => this.idOf(one, 'POSITIVE')))];
    const decisionStrategy = kind === 'all' ? 'UNANIMOUS' : 'AFFIRMATIVE';
    return {
      label: kind,
      description: `${kind} of ${policies.length} policies`,
      decidesBy: policies,
      make: (scope, common) =>
        new OpenidClientAggregatePolicy(scope, 'Resource', { ...common, decisionStrategy, policies }),
    };
  }
}

function regex(label: string, description: string, targetClaim: string, pattern: string): PolicyContent {
  return {
    label,
    description,
    decidesBy: { targetClaim, pattern },
    make: (scope, common) =>
      // Attributes of the request are what the caller pushes.
      new OpenidClientRegexPolicy(scope, 'Resource', {
        ...common,
        targetClaim,
        pattern,
        targetContextAttributes: false,
      }),
  };
}

/** Roles are looked up: those of a token are narrowed by the scope of the client that it was issued to. */
function role({ role: { id, node } }: Extract<RuleNode, { kind: 'realm-role' | 'client-role' }>): PolicyContent {
  return {
    label: `role ${node.id}`,
    description: `user has the role ${node.path}`,
    decidesBy: { id },
    make: (scope, common) =>
      new OpenidClientRolePolicy(scope, 'Resource', {
        ...common,
        type: 'role',
        fetchRoles: true,
        role: [{ id, required: true }],
      }),
  };
}

function group({ group: { id, path, node }, subgroups }: Extract<RuleNode, { kind: 'group' }>): PolicyContent {
  return {
    label: `group ${node.id}`,
    description: `user is in the group ${node.path}${subgroups ? ' or below' : ''}`,
    decidesBy: { id, subgroups },
    make: (scope, common) =>
      new OpenidClientGroupPolicy(scope, 'Resource', { ...common, groups: [{ id, path, extendChildren: subgroups }] }),
  };
}

function time(window: TimeWindow, config: TimeConfig): PolicyContent {
  return {
    label: 'time',
    description: JSON.stringify(window),
    decidesBy: config,
    make: (scope, common) => new OpenidClientTimePolicy(scope, 'Resource', { ...common, ...config }),
  };
}

function insistOnRule(scope: Construct, rule: AccessRule): void {
  insist(scope, !((rule as unknown) instanceof NetworkRule), () => ({
    value: `network rule ${(rule as unknown as NetworkRule).networks.map(({ cidr }) => cidr).join(', ')}`,
    why: "no policy of Authorization Services can tell the client's address",
    instead: 'Check it in the resource server (protect(…, { from: … })), or in the login (otpUnlessFrom)',
  }));
  insist(scope, rule instanceof AssuranceLevel || isNode(rule), () => ({
    value: `rule ${JSON.stringify(rule)}`,
    why: 'it is neither a level nor a rule',
    instead: 'Write an AssuranceLevel or one of Allow, for example Allow.all(gold, Allow.realmRole(auditor))',
  }));
}

function isNode(rule: AccessRule): rule is RuleNode {
  return rule !== null && typeof rule === 'object' && 'kind' in rule;
}

/** Quotes what means something in a Java regular expression. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
