import { type CredentialType, traitsOf } from '../../model/keycloak/authenticators';
import { type Client, isUnknown, type Known, type Located, type RealmModel } from '../../model/realm-model';
import type { Guard } from '../guard';
import type { Finding, Level, Location, Rule } from '../rule';
import { type FlowUse, flowLocation, flowUses } from './flow-uses';
import { Place, placesOf } from './places';

/** What a rule says at one place. */
export interface Statement {
  readonly what: string;
  readonly gain: string;
  readonly instead: string;
  /** @default the rule's */
  readonly level?: Level;
}

/** One rule looking at one realm: reads values, remembers which of them are unknown, takes the findings. */
export class Inspection {
  readonly findings: Finding[] = [];
  /** The flows that logins use and the realm's own ones that none uses; Keycloak's unused ones are left out. */
  readonly flows: readonly FlowUse[];

  constructor(
    readonly model: RealmModel,
    private readonly rule: Rule,
    /** What somebody says is guarded, beside what the realm itself shows. */
    readonly guards: readonly Guard[] = [],
  ) {
    this.flows = flowUses(model);
  }

  /** Flows that a login in a browser can go through. */
  get loginFlows(): readonly FlowUse[] {
    return this.flows.filter(({ kind }) => kind === 'browser');
  }

  /** Every execution of {@link flows} that is enabled, its subflows' too. */
  *places(flows: readonly FlowUse[] = this.flows): Generator<Place> {
    for (const use of flows) yield* placesOf(use, this);
  }

  /** Clients of users' logins that the realm's owner has made and that are enabled, or may be. */
  get clients(): readonly Client[] {
    return this.clientsOf('openid-connect');
  }

  /** The same of SAML. */
  get samlClients(): readonly Client[] {
    return this.clientsOf('saml').filter(({ protocol }) => protocol === 'saml');
  }

  private clientsOf(wanted: string): readonly Client[] {
    return this.model.clients.filter((client) => {
      if (client.builtIn) return false;
      const at = clientLocation(client);
      const enabled = this.known(client.enabled, 'whether it is enabled', at);
      const protocol = this.known(client.protocol, 'the protocol', at);
      return enabled !== false && (protocol === undefined || protocol === wanted);
    });
  }

  /** The value; undefined if the source doesn't say it, which is then told. */
  known<T>(value: Known<T>, what: string, at: Location): T | undefined {
    if (!isUnknown(value)) return value as T;
    this.cannotTell(at, `${what}: ${value.unknown}`);
    return undefined;
  }

  found(at: Location | Place | FlowUse, { level = this.rule.level, ...statement }: Statement): void {
    const use = at instanceof Place ? at.flow : 'inUse' in at ? at : undefined;
    const unused = use?.inUse === false;
    this.add({
      verdict: 'found',
      level: unused && level === 'error' ? 'warning' : level,
      location: at instanceof Place ? at.location : 'inUse' in at ? flowLocation(at.flow) : at,
      ...statement,
      ...(unused && { gain: `${statement.gain} No login uses this flow yet.` }),
    });
  }

  cannotTell(at: Location, why: string): void {
    this.add({
      verdict: 'cannot-tell',
      level: 'note',
      location: at,
      what: `Can't tell whether: ${this.rule.summary.replace(/\.$/, '')}`,
      gain: why,
      instead: 'Check what the apply made with "step-up check", which reads a state, an export or a live realm too',
    });
  }

  private add(finding: Omit<Finding, 'rule' | 'code'>): void {
    const { id, code } = this.rule;
    const same = (other: Finding) =>
      other.location.path === finding.location.path && other.what === finding.what && other.gain === finding.gain;
    if (!this.findings.some(same)) this.findings.push({ rule: id, code, ...finding });
  }
}

export function clientLocation(client: Client): Location {
  return locate(`client ${client.clientId}`, client);
}

export function locate(path: string, { address }: Located): Location {
  return { path, ...(address !== undefined && { address }) };
}

/** The types of credentials that steps of a flow look for. */
export function credentialTypesOf(inspection: Inspection, use: FlowUse): CredentialType[] {
  const types = [...inspection.places([use])].flatMap(
    ({ authenticator }) => traitsOf(authenticator ?? '')?.category ?? [],
  );
  return [...new Set(types)];
}
