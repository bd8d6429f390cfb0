import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { check, type Guard } from '../../../checks';
import { exploreGoals, type Goal, type RealmModel, readRealmRepresentation } from '../../../model';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { Attacker } from '../../checks/support/attacker';
import { withPlace } from '../moves/support/place';
import { testKeycloak } from '../support/keycloak';

/** Changes an imported realm by the Admin API, where an import of the model doesn't say all. */
export type Preparation = (admin: KeycloakAdminClient, realm: string) => Promise<unknown>;

/** A realm as anybody may have it, with bob (password and OTP) and alice (password): attacked live, and explained from what the server says. */
export class AnybodysRealm {
  constructor(
    readonly place: ReturnType<typeof withPlace>,
    readonly name = place.realm,
  ) {}

  async issuer(): Promise<string> {
    return `${(await testKeycloak()).url}/realms/${this.name}`;
  }

  async attacker(): Promise<Attacker> {
    return new Attacker(await this.issuer());
  }

  /** What the live realm is read as. */
  async model(): Promise<RealmModel> {
    return readRealmRepresentation(await fetchRealm((await testKeycloak()).admin, this.name), 'live');
  }

  /**
   * The sets of proofs that have something, without those that begin with somebody's session: `password otp`, with what must be true of the
   * account after it; and why there may be more.
   *
   * @param model @default as the live realm is read
   */
  async explained(goal: Goal, clientId?: string, model?: RealmModel): Promise<readonly string[]> {
    const [explanation] = exploreGoals(model ?? (await this.model()), {
      goals: [goal],
      ...(clientId !== undefined && { clientId }),
    });
    if (!explanation) throw new Error(`Nothing is said about ${JSON.stringify(goal)}`);
    const ways = explanation.ways
      .filter(({ proofs }) => !proofs.some((proof) => proof.startsWith('session')))
      .map(({ proofs, when, own }) =>
        [
          proofs.join(' ') || 'nothing',
          ...(own ? ['for an own account'] : []),
          ...when.map((fact) => `if ${fact}`),
        ].join(', '),
      );
    return [...ways, ...explanation.cannotTell.map((because) => `cannot tell: ${because}`)];
  }

  /** What the explanation takes for granted. */
  async assumed(goal: Goal, clientId: string): Promise<readonly string[]> {
    return exploreGoals(await this.model(), { goals: [goal], clientId }).flatMap(({ assumes }) => assumes);
  }

  /** The errors of all rules: `guard-bypassed: acr "gold" is had for …`. */
  async errors(guards: readonly Guard[] = []): Promise<readonly string[]> {
    const { findings } = check(await this.model(), [], undefined, guards);
    return findings.filter(({ level }) => level === 'error').map(({ rule, what }) => `${rule}: ${what}`);
  }
}

export function withAnybodysRealm(model: RealmModel, prepare?: Preparation): AnybodysRealm {
  const place = withPlace(model);
  if (prepare) beforeAll(async () => prepare((await testKeycloak()).admin, place.realm));
  return new AnybodysRealm(place);
}

export const acr = (name: string): Goal => ({ kind: 'acr', name });
export const scope = (name: string): Goal => ({ kind: 'scope', name });

/** One error: that something guarded is had for these sets of proofs, as {@link AnybodysRealm.errors} has it. */
export const bypassed = (what: string, ...sets: readonly string[]) =>
  expect.stringContaining(`guard-bypassed: ${what} is had for ${sets.map((set) => `{${set}}`).join(' or ')}`);
export const TOKEN: Goal = { kind: 'token' };
