import { randomBytes } from 'node:crypto';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { exploreGoals, type GoalExplanation, type HeldProof, type RealmModel } from '../../../model';
import { readRealmRepresentation } from '../../../model/readers';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import type { UserSettings } from '../conformance/case';
import { compareLogin } from '../conformance/compare';
import { LiveLogin } from '../conformance/driver';
import type { Place } from '../conformance/perform';
import { realmRepresentation } from '../conformance/realm';
import { clientIdOf } from '../conformance/realm-flows';
import { otpSecret, simulatedUser, usernameOf, userRepresentation } from '../conformance/realm-users';
import { Mailbox } from '../moves/support/mailbox';
import { Attacker } from './attacker';
import { Chooser } from './choose';
import { Knowledge } from './knowledge';
import type { Move } from './move';
import { type Gain, goalText, guardedFrom, type Holding, isReached } from './oracle';
import type { Dice } from './random';
import { type AttackedRealm, accountOf } from './realms';

/** An attack that anybody can do again. */
export interface Attack {
  readonly withOtp: boolean;
  readonly proofs: readonly HeldProof[];
  /** The login by which the user began the session that the attacker holds. @default there is none */
  readonly session?: { readonly clientId: string; readonly acrValues: readonly string[] };
  readonly moves: readonly Move[];
}

/** Something was had that the explorer says is not to be had. */
export interface Surprise {
  readonly realm: AttackedRealm;
  readonly attack: Attack;
  readonly goal: string;
}

export interface Attacked {
  readonly attack: Attack;
  readonly gains: readonly Gain[];
  /** Goals that were had although the explorer says they aren't. */
  readonly surprises: readonly GoalExplanation[];
  /** How many goals were guarded from this attacker. */
  readonly guarded: number;
}

/** What the explorer is asked, so that a test can break it. */
export type Explorer = (model: RealmModel) => readonly GoalExplanation[];

/** A realm on a live server that is there to be attacked: each attack has an account of its own. */
export class AttackPlace {
  /** The first is the realm's own. */
  private accounts = 1;

  private constructor(
    private readonly place: Place,
    private readonly admin: KeycloakAdminClient,
    private readonly mailbox: Mailbox,
    private readonly realm: AttackedRealm,
    readonly explained: readonly GoalExplanation[],
  ) {}

  static async open(
    url: string,
    admin: KeycloakAdminClient,
    realm: AttackedRealm,
    explorer: Explorer = exploreGoals,
  ): Promise<AttackPlace> {
    const name = `attacked-${randomBytes(5).toString('hex')}`;
    const cases = [{ ...realm, logins: [] }];
    const mailbox = new Mailbox();
    await mailbox.open();
    const whereabouts = { url, realm: name, partner: '' };
    await admin.realms.create(realmRepresentation(name, realm.realm, cases, whereabouts, mailbox.settings));
    const model = readRealmRepresentation(await fetchRealm(admin, name), 'live');
    return new AttackPlace({ url, realm: name, model }, admin, mailbox, realm, explorer(model));
  }

  get model(): RealmModel {
    return this.place.model;
  }

  async close(): Promise<void> {
    this.mailbox.close();
    await this.admin.realms.del({ realm: this.place.realm });
  }

  /**
   * Attacks with these proofs, until a surprise or the last move.
   * @param choose the next move; undefined to stop
   */
  async attack(
    { withOtp, proofs, session }: Omit<Attack, 'moves'>,
    choose: (attacker: Attacker, made: readonly Move[]) => Move | undefined,
  ): Promise<Attacked> {
    const settings = accountOf(this.realm, withOtp);
    const account = simulatedUser(settings, 0);
    const { username, email, id, secret } = await this.newAccount(settings);
    const held = session && (await this.userSession(username, secret, settings, session));
    const holding: Holding = { proofs, ...(held && { session: { level: held.level } }) };
    const guarded = guardedFrom(this.model, this.explained, holding, account);
    const knowledge = new Knowledge(username, email, secret, proofs);
    const browsers = [new LiveLogin(username, undefined), ...(held ? [held.browser] : [])];
    const credentialId = (type: string) => this.credentialId(id, type);
    const withoutMail = this.realm.realm.reset === 'no-mail';
    const attacker = new Attacker(this.place, knowledge, this.mailbox, credentialId, browsers, held && 1, withoutMail);
    const moves: Move[] = [];
    const gains: Gain[] = [];
    let surprises: GoalExplanation[] = [];
    while (surprises.length === 0) {
      const move = choose(attacker, moves);
      if (!move) break;
      moves.push(move);
      const had = await attacker.make(move).catch((error) => {
        throw new Error(`${JSON.stringify(move)}: ${error.message}`, { cause: error });
      });
      gains.push(...had);
      surprises = guarded.filter((goal) => had.some((gain) => isReached(this.model, goal, gain)));
    }
    const attack = { withOtp, proofs, ...(session && { session }), moves };
    return { attack, gains, surprises, guarded: guarded.length };
  }

  /** Random moves. */
  random(beginning: Omit<Attack, 'moves'>, dice: Dice, steps: number): Promise<Attacked> {
    const chooser = new Chooser(this.model, dice, beginning.proofs.includes('header'));
    return this.attack(beginning, (attacker, { length }) => (length < steps ? chooser.next(attacker) : undefined));
  }

  /** The moves of an attack once more; those that can't be made are passed over. */
  again({ moves, ...beginning }: Attack): Promise<Attacked> {
    return this.attack(beginning, (_, { length }) => moves[length]);
  }

  /** Leaves moves out as long as the goal is still had. */
  async shrink(attack: Attack, goal: string): Promise<Attack> {
    let smallest = attack;
    for (let at = attack.moves.length - 2; at >= 0; at--) {
      const fewer = { ...smallest, moves: smallest.moves.filter((_, index) => index !== at) };
      const { surprises } = await this.again(fewer);
      if (surprises.some((surprise) => goalText(surprise) === goal)) smallest = fewer;
    }
    return smallest;
  }

  private async newAccount(settings: UserSettings) {
    const { realm } = this.place;
    const index = this.accounts++;
    const { clientRoles, realmRoles, ...user } = userRepresentation(settings, index, 'user', '');
    const { id } = await this.admin.users.create({ realm, ...user, requiredActions: [] });
    await this.giveRoles(id, realmRoles, clientRoles?.[clientIdOf(index)] ?? []);
    return { username: usernameOf(index), email: user.email, id, secret: otpSecret(index) };
  }

  private async giveRoles(id: string, ofRealm: readonly string[], ofClient: readonly string[]): Promise<void> {
    const { admin } = this;
    const { realm } = this.place;
    if (ofRealm.length > 0) {
      const roles = (await admin.roles.find({ realm })).filter(({ name = '' }) => ofRealm.includes(name));
      await admin.users.addRealmRoleMappings({ realm, id, roles: roles as { id: string; name: string }[] });
    }
    for (const roleName of ofClient) {
      const [client] = await admin.clients.find({ realm, clientId: clientIdOf(0) });
      const clientUniqueId = client?.id as string;
      const role = (await admin.clients.findRole({ realm, id: clientUniqueId, roleName })) as {
        id: string;
        name: string;
      };
      await admin.users.addClientRoleMappings({ realm, id, clientUniqueId, roles: [role] });
    }
  }

  /** The user logs in, and leaves the browser to the attacker; undefined if that comes to nothing. */
  private async userSession(
    username: string,
    secret: string,
    settings: UserSettings,
    { clientId, acrValues }: NonNullable<Attack['session']>,
  ): Promise<{ readonly browser: LiveLogin; readonly level?: number } | undefined> {
    const browser = new LiveLogin(username, settings.credentials.includes('otp') ? secret : undefined);
    const attempt = {
      request: { clientId, acrValues },
      moves: [],
      user: simulatedUser(settings, 0),
      session: undefined,
      now: 1_000_000,
      browser,
    };
    const { result, simulated, live } = await compareLogin(this.place, attempt);
    if (simulated !== live || result.outcome.kind !== 'granted' || !result.session) return undefined;
    const levels = Object.keys(result.session.levels ?? {}).map(Number);
    return { browser, ...(levels.length > 0 && { level: Math.max(...levels) }) };
  }

  private async credentialId(id: string, type: string): Promise<string | undefined> {
    const credentials = await this.admin.users.getCredentials({ realm: this.place.realm, id });
    return credentials.find((credential) => credential.type === type)?.id;
  }
}

const PROOFS: readonly (readonly [HeldProof, percent: number])[] = [
  ['password', 70],
  ['otp', 40],
  ['email', 30],
  ['header', 30],
  ['enrol:otp', 60],
  ['enrol:password', 60],
  ['enrol:recovery-authn-codes', 60],
];

/** What a random attacker begins with. */
export function randomBeginning(model: RealmModel, dice: Dice): Omit<Attack, 'moves'> {
  const withOtp = dice.chance(65);
  const proofs = PROOFS.flatMap(([proof, percent]) => (dice.chance(percent) ? [proof] : []));
  const clientId = dice.pick(model.clients.filter(({ builtIn }) => !builtIn))?.clientId ?? '';
  const acr = dice.pick(['silver', 'gold', 'platinum', '0']) ?? '0';
  return {
    withOtp,
    proofs: withOtp ? proofs : proofs.filter((proof) => proof !== 'otp'),
    ...(dice.chance(40) && { session: { clientId, acrValues: [acr] } }),
  };
}
