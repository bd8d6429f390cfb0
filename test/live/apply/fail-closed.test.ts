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
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

/** Flows of one realm: its import grows with them. */
const AT_ONCE = 60;

async function liveFate(attacker: Attacker, row: Row, as: Victim): Promise<Fate> {
  const { clientId, acrValues, scope } = requestOf(row);
  const held = row.of.stolen === 'name' ? (['name'] as const) : (['name', 'password'] as const);
  const { outcome, acr } = await attacker.result({
    as,
    client: clientId,
    with: held,
    ...(acrValues && { acrValues }),
    ...(scope && { scope }),
  });
  if (outcome === 'granted') return row.of.asksForGold && acr !== 'gold' ? 'lower level' : 'PASSES';
  return outcome === 'unanswered' ? 'asked' : 'refused';
}

function attacked(title: string, cases: readonly Case[]): void {
  const rows = rowsOf(cases);
  const batches = Array.from({ length: Math.ceil(rows.length / AT_ONCE) }, (_, index) =>
    rows.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  describe.each(batches.map((batch, index) => [`${title}, part ${index + 1}`, batch] as const))(
    '%s',
    (_title, batch) => {
      const realm = withRealmName('closed');
      const model = realmOfRows(batch);
      beforeAll(async () => {
        const { admin } = await testKeycloak();
        await importRealm(admin, realm, model, { roles: [ROLE_OF_VICTIMS], attributes: ATTRIBUTES_OF_VICTIMS });
        await admin.roles.create({ realm, name: ROLE_OF_NOBODY });
      });

      test('are what the simulator says of the thief', async () => {
        const attacker = new Attacker(`${(await testKeycloak()).url}/realms/${realm}`);
        const lines: Record<'live' | 'simulated', string[]> = { live: [], simulated: [] };
        for (const row of batch) {
          for (const victim of VICTIMS) {
            const line = (what: Fate) =>
              `${row.of.name}, ${row.part}, ${row.damage ?? 'as declared'}, ${victim}: ${what}`;
            lines.simulated.push(line(fate(model, row, victim)));
            lines.live.push(line(await liveFate(attacker, row, victim)));
          }
        }
        expect(lines.live).toEqual(lines.simulated);
        expect(lines.live.filter((line) => line.endsWith('PASSES'))).toEqual([]);
      });
    },
  );
}

describeWithKeycloak('What is left of a flow', () => {
  attacked('rules by their conditions', BY_CONDITION);
  attacked('whole rules', RULES.slice(0, 1));
  attacked('levels', LEVELS);
});
