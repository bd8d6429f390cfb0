import { exploreGoals, type GoalExplanation, type RealmModel } from '../../../model';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { AttackPlace } from './attack';
import { attackRealms } from './attack-realms';
import { goalText } from './oracle';
import { surprises } from './surprises';

const SEED = 2;
/** Its realms have things that a password is enough for. */
const SEED_OF_OPEN_REALMS = 4;
const SMALL = { realms: 2, runs: 16, seed: SEED, steps: 20 };

/** An explorer that forgets whatever needs no more than a password. */
function forgetsPasswords(model: RealmModel): GoalExplanation[] {
  return exploreGoals(model).map((goal) => ({
    ...goal,
    ways: goal.ways.filter(({ proofs }) => proofs.some((proof) => proof !== 'password')),
  }));
}

describeWithKeycloak('what the explorer says is not to be had', () => {
  test(`is not had by random attackers (npm run attacker -- --seed ${SEED} tries more)`, async () => {
    const { url, admin } = await testKeycloak();
    const result = await attackRealms(url, admin, SMALL);
    console.log(`${result}`);
    expect(result.surprises).toEqual([]);
    expect(result.attacksWithGuard).toBeGreaterThan(0);
    expect(result.gains).toBeGreaterThan(0);
  }, 240_000);

  test('is had where the explorer is broken, so that attackers would tell', async () => {
    const { url, admin } = await testKeycloak();
    const broken = { ...SMALL, seed: SEED_OF_OPEN_REALMS, explorer: forgetsPasswords };
    const result = await attackRealms(url, admin, broken);
    expect(result.surprises.length).toBeGreaterThan(0);
  }, 240_000);

  const kept = surprises();
  if (kept.length === 0) return;
  test.each(kept)(
    'is no longer had in $name, where it once was',
    async ({ surprise }) => {
      const { url, admin } = await testKeycloak();
      const place = await AttackPlace.open(url, admin, surprise.realm);
      try {
        const attacked = await place.again(surprise.attack);
        expect(attacked.surprises.map(goalText)).not.toContain(surprise.goal);
      } finally {
        await place.close();
      }
    },
    240_000,
  );
});
