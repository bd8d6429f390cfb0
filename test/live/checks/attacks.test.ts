import { type Rule, ruleById, runRule } from '../../../checks';
import { readRealmRepresentation } from '../../../model';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { CASES } from '../../checks/cases';
import { Attacker } from '../../checks/support/attacker';
import type { RuleCase } from '../../checks/support/rule-case';
import { describeWithKeycloak, testKeycloak, uniqueRealmName } from '../support/keycloak';
import { importRealm } from './import-realm';

type Attacked = Extract<RuleCase, { attack: unknown }>;

describeWithKeycloak('an attack that a check warns of', () => {
  const cases = CASES.filter((each): each is Attacked => 'attack' in each);

  describe.each(cases)('$rule', ({ rule, vulnerable, remedied, users, attack, succeeds, fails }) => {
    test.each([
      ['succeeds where the check finds it', vulnerable, succeeds, true],
      ['fails where the remedy is in place', remedied, fails, false],
    ])('%s', async (_, model, outcome, finds) => {
      const { admin, url } = await testKeycloak();
      const realm = uniqueRealmName('checks');
      try {
        await importRealm(admin, realm, model, users);
        expect(await attack(new Attacker(`${url}/realms/${realm}`))).toBe(outcome);
        const live = readRealmRepresentation(await fetchRealm(admin, realm), 'live');
        expect(runRule(ruleById(rule) as Rule, live).some(({ verdict }) => verdict === 'found')).toBe(finds);
      } finally {
        if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
      }
    });
  });
});
