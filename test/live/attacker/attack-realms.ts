import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { Way } from '../../../model';
import { inParallel } from '../conformance/parallel';
import { type Attack, type Attacked, AttackPlace, type Explorer, randomBeginning, type Surprise } from './attack';
import { goalText, isReached } from './oracle';
import { Dice } from './random';
import { type AttackedRealm, attackedRealms } from './realms';

export interface AttackOptions {
  readonly realms: number;
  /** Attacks in all realms together. */
  readonly runs: number;
  readonly seed: number;
  readonly steps: number;
  /** Whether attackers hold exactly the proofs of a way that the explorer names, to see how often they find it. */
  readonly power?: boolean;
  readonly explorer?: Explorer;
  readonly onRealm?: (text: string) => void;
}

/** Realms that are attacked at once, and attacks at once in each. */
const REALMS_AT_ONCE = 2;
const ATTACKS_AT_ONCE = 4;
/** More would be the same hole again. */
const MOST_SHRUNK = 3;

/** What came of many attacks. */
export class AttackResult {
  readonly surprises: Surprise[] = [];
  moves = 0;
  attacks = 0;
  attacksWithGuard = 0;
  /** Things that were had, in all attacks together. */
  gains = 0;
  /** Realms that the explorer can't tell of, by the reason. */
  readonly untold = new Map<string, number>();
  ways = 0;
  waysFound = 0;
  /** Ways with a session that is none of those that the user's logins begin. */
  waysLeft = 0;

  toString(): string {
    return [
      `${this.attacks} attacks (${this.attacksWithGuard} with something guarded from them), ${this.moves} moves, ${this.gains} gains, ${this.surprises.length} surprises`,
      ...(this.ways > 0 ? [`${this.waysFound} of ${this.ways} ways were found, ${this.waysLeft} not tried`] : []),
      ...[...this.untold].map(([reason, times]) => `realms that can't be told of: ${times} (${reason})`),
    ].join('\n');
  }
}

/** Attacks random realms. Those that the explorer can't tell of are passed over for others. */
export async function attackRealms(
  url: string,
  admin: KeycloakAdminClient,
  options: AttackOptions,
): Promise<AttackResult> {
  const result = new AttackResult();
  const { realms: count, seed, runs, onRealm = () => {} } = options;
  // A good part of random realms has something that the explorer doesn't follow.
  const realms = attackedRealms(3 * count, seed);
  let told = 0;
  await inParallel(REALMS_AT_ONCE, realms.length, async (index) => {
    if (told >= count) return;
    const place = await AttackPlace.open(url, admin, realms[index] as AttackedRealm, options.explorer);
    try {
      const reason = place.explained.flatMap(({ cannotTell }) => cannotTell)[0];
      if (reason !== undefined) {
        const kind = reason.replace(/\S*\d\S*/g, '…');
        result.untold.set(kind, (result.untold.get(kind) ?? 0) + 1);
        return;
      }
      if (told++ >= count) return;
      const attacks = beginnings(place, options, new Dice(seed * 1_000_003 + index), Math.ceil(runs / count));
      await attackPlace(place, realms[index] as AttackedRealm, attacks, options, result);
      onRealm(`${told} of ${count} realms, ${result.attacks} attacks, ${result.surprises.length} surprises`);
    } finally {
      await place.close();
    }
  });
  return result;
}

interface Beginning {
  readonly attack: Omit<Attack, 'moves'>;
  readonly dice: Dice;
  /** What the attack is to find. */
  readonly wanted?: (attacked: Attacked) => boolean;
}

async function attackPlace(
  place: AttackPlace,
  realm: AttackedRealm,
  attacks: readonly Beginning[],
  { steps }: AttackOptions,
  result: AttackResult,
): Promise<void> {
  await inParallel(ATTACKS_AT_ONCE, attacks.length, async (index) => {
    const { attack, dice, wanted } = attacks[index] as Beginning;
    const attacked = await place.random(attack, dice, steps);
    result.attacks++;
    result.moves += attacked.attack.moves.length;
    result.gains += attacked.gains.length;
    if (attacked.guarded > 0) result.attacksWithGuard++;
    if (wanted) {
      result.ways++;
      if (wanted(attacked)) result.waysFound++;
    }
    const [first] = attacked.surprises;
    if (!first) return;
    const goal = goalText(first);
    const found = result.surprises.length < MOST_SHRUNK ? await place.shrink(attacked.attack, goal) : attacked.attack;
    result.surprises.push({ realm, attack: found, goal });
  });
}

function beginnings(place: AttackPlace, { power }: AttackOptions, dice: Dice, count: number): Beginning[] {
  const own = () => new Dice(Math.floor(dice.next() * 2 ** 32));
  if (!power) return Array.from({ length: count }, () => ({ attack: randomBeginning(place.model, dice), dice: own() }));
  const ways = place.explained.flatMap((goal) => goal.ways.map((way) => ({ goal, way })));
  const tried = ways.filter(({ way }) => isTried(way));
  return Array.from({ length: Math.min(count, tried.length) }, (): Beginning => {
    const { goal, way } = dice.pick(tried) as (typeof tried)[number];
    const withOtp = way.proofs.includes('otp') || (way.when.includes('has:otp') && !way.when.includes('not has:otp'));
    return {
      attack: { withOtp, proofs: way.proofs },
      dice: own(),
      wanted: ({ gains }) => gains.some((gain) => isReached(place.model, goal, gain)),
    };
  });
}

/** Ways that hang on nothing but what a random attacker can be given. */
function isTried({ proofs, when }: Way): boolean {
  return (
    proofs.every((proof) => !proof.startsWith('session') && !/webauthn|kerberos|certificate|provider/.test(proof)) &&
    when.every((fact) => /^(not )?has:/.test(fact))
  );
}
