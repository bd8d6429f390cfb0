import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { type Rule, ruleById, runRule } from '../../../checks';
import { type RealmModel, readRealmRepresentation } from '../../../model';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { CASES } from '../../checks/cases';
import { Attacker } from '../../checks/support/attacker';
import { ownScopes, realmRepresentation, type Users } from '../../checks/support/representation';
import type { RuleCase } from '../../checks/support/rule-case';
import { describeWithKeycloak, testKeycloak, uniqueRealmName } from '../support/keycloak';

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

async function importRealm(admin: KeycloakAdminClient, realm: string, model: RealmModel, users?: Users): Promise<void> {
  await admin.realms.create(realmRepresentation(realm, model, users));
  const scopes = await addScopes(admin, realm, model);
  const flows = await admin.authenticationManagement.getFlows({ realm });
  for (const { clientId, flowOverrides, optionalScopes, defaultScopes } of model.clients) {
    const [client] = await admin.clients.find({ realm, clientId });
    const id = client?.id as string;
    const override = flowOverrides.browser as { alias?: string; dangling?: string } | undefined;
    if (override) {
      const browser = override.dangling ?? (flows.find(({ alias }) => alias === override.alias)?.id as string);
      await admin.clients.update({ realm, id }, { ...client, authenticationFlowBindingOverrides: { browser } });
    }
    for (const [name, clientScopeId] of scopes) {
      if ((optionalScopes as string[]).includes(name))
        await admin.clients.addOptionalClientScope({ realm, id, clientScopeId });
    }
    for (const scope of await admin.clients.listDefaultClientScopes({ realm, id })) {
      if ((defaultScopes as string[]).includes(scope.name as string)) continue;
      await admin.clients.delDefaultClientScope({ realm, id, clientScopeId: scope.id as string });
    }
  }
}

async function addScopes(admin: KeycloakAdminClient, realm: string, model: RealmModel): Promise<[string, string][]> {
  return Promise.all(
    ownScopes(model).map(async (name): Promise<[string, string]> => {
      const { id } = await admin.clientScopes.create({
        realm,
        name,
        protocol: 'openid-connect',
        attributes: { 'include.in.token.scope': 'true' },
      });
      return [name, id];
    }),
  );
}
