import { Attacker } from '../../checks/support/attacker';
import {
  ATTRIBUTES_OF_VICTIMS,
  BY_CONDITION,
  type Case,
  LEVELS,
  ROLE_OF_NOBODY,
  ROLE_OF_VICTIMS,
  RULES,
} from '../../flow/fail-closed/cases';
import {
  type Fate,
  fate,
  type Row,
  realmOfRows,
  requestOf,
  rowsOf,
  VICTIMS,
  type Victim,
} from '../../flow/fail-closed/table';
import { importRealm } from '../checks/import-realm';
import { describeWithKeycloak, testKeycloak, uniqueRealmName } from '../support/keycloak';

/** Flows of one realm: the time of its import grows with their square. */
const AT_ONCE = 4;
const TIMEOUT_MS = 900_000;

interface Attacked {
  readonly row: Row;
  readonly victim: Victim;
  readonly live: Fate;
  readonly simulated: Fate;
}

async function liveFate(attacker: Attacker, row: Row, as: Victim): Promise<Fate> {
  const { clientId, acrValues, scope } = requestOf(row);
  const { outcome, acr } = await attacker.result({
    as,
    client: clientId,
    with: row.of.stolen === 'name' ? ['name'] : ['name', 'password'],
    ...(acrValues && { acrValues }),
    ...(scope && { scope }),
  });
  if (outcome === 'granted') return row.of.asksForGold && acr !== 'gold' ? 'lower level' : 'PASSES';
  return outcome === 'unanswered' ? 'asked' : 'refused';
}

async function attackAll(rows: readonly Row[], victims: readonly Victim[]): Promise<Attacked[]> {
  const { admin, url } = await testKeycloak();
  const attacked: Attacked[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE);
    const model = realmOfRows(some);
    const realm = uniqueRealmName('closed');
    try {
      await importRealm(admin, realm, model, { roles: [ROLE_OF_VICTIMS], attributes: ATTRIBUTES_OF_VICTIMS });
      await admin.roles.create({ realm, name: ROLE_OF_NOBODY });
      const attacker = new Attacker(`${url}/realms/${realm}`);
      for (const row of some) {
        for (const victim of victims) {
          const live = await liveFate(attacker, row, victim);
          attacked.push({ row, victim, live, simulated: fate(model, row, victim) });
        }
      }
    } finally {
      await admin.realms.del({ realm });
    }
  }
  return attacked;
}

const lines = (attacked: readonly Attacked[], which: 'live' | 'simulated') =>
  attacked.map(({ row, victim, ...fates }) => [row.part, row.damage ?? 'as declared', victim, fates[which]].join(', '));

/** What docs/fail-closed.md says by the simulator; of the cases that differ only in what is declared, one is attacked. */
describeWithKeycloak('A thief, at a flow of which one part is missing,', () => {
  const whole = [...RULES.slice(0, 1), ...LEVELS.filter(({ name }) => /^a level$|passkey/.test(name))];
  const byHeader = LEVELS.filter(({ name }) => name.endsWith('Header'));
  test.each<[string, Case, RegExp, readonly Victim[]]>([
    ...BY_CONDITION.map((one): [string, Case, RegExp, Victim[]] => [one.name, one, /^conditional-|^$/, ['bob']]),
    ...byHeader.map((one): [string, Case, RegExp, Victim[]] => [one.name, one, /^auth-conditional-|^$/, ['bob']]),
    ...whole.map((one): [string, Case, RegExp, readonly Victim[]] => [one.name, one, /^/, VICTIMS]),
  ])(
    'is asked or refused as the simulator says: %s',
    async (_name, one, parts, victims) => {
      const attacked = await attackAll(
        rowsOf([one]).filter(({ part }) => parts.test(part)),
        victims,
      );
      expect(lines(attacked, 'live')).toEqual(lines(attacked, 'simulated'));
      expect(attacked.filter(({ live }) => live === 'PASSES')).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
