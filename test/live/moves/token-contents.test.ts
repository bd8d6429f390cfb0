import { decodeJwt } from 'jose';
import { type Client, type LoginRequest, type RealmModel, type SimulatedUser, simulate } from '../../../model';
import { tokenContents } from '../../../model/simulate/token-contents';
import { client, realm, stepUpFlow } from '../../model/support/realm';
import { PASSWORD } from '../../support/imported-realm';
import { importRealm } from '../checks/import-realm';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

const GRANTS = { ...client('any').grants, password: true };
const ROLES = ['clerk', 'admin'];
const STAFF = { name: 'staff', protocol: 'openid-connect', mappers: [], roles: ['clerk'] };
const NOBODYS = { name: 'nobodys', protocol: 'openid-connect', mappers: [], roles: ['auditor'] };

const granted = (clientId: string, more: Partial<Client> = {}) =>
  client(clientId, { grants: GRANTS, roles: ['seller'], optionalScopes: ['staff', 'nobodys'], ...more });
const hardcodedRole = { name: 'r', mapper: 'oidc-hardcoded-role-mapper', config: { role: 'auditor' } };
const renamed = { name: 'n', mapper: 'oidc-role-name-mapper', config: { role: 'clerk', 'new.role.name': 'boss' } };

const base = realm(stepUpFlow(), {
  clients: [
    granted('full'),
    granted('none', { fullScope: false }),
    granted('chosen', { fullScope: false, scopeRoles: ['admin'] }),
    granted('unmapped', { defaultScopes: ['acr', 'basic'] }),
    granted('for-everybody', { mappers: [hardcodedRole] }),
    granted('renamed', { mappers: [renamed] }),
  ],
});
const MODEL: RealmModel = {
  ...base,
  roles: [...ROLES, 'auditor'],
  clientScopes: [...base.clientScopes, STAFF, NOBODYS],
};
const ALICE: SimulatedUser = { credentials: ['password'], roles: ROLES };

describeWithKeycloak('Move: scopes and roles of a token', () => {
  const name = withRealmName('moves');
  let tokenEndpoint: string;

  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    tokenEndpoint = `${url}/realms/${name}/protocol/openid-connect/token`;
    await importRealm(admin, name, MODEL, { roles: ROLES });
    await admin.roles.create({ realm: name, name: 'auditor' });
    const roleOf = async (role: string) => {
      const { id } = (await admin.roles.findOneByName({ realm: name, name: role })) ?? {};
      return { id: id as string, name: role };
    };
    for (const scope of [STAFF, NOBODYS]) {
      const { id } = (await admin.clientScopes.findOneByName({ realm: name, name: scope.name })) ?? {};
      await admin.clientScopes.addRealmScopeMappings(
        { realm: name, id: id as string },
        await Promise.all(scope.roles.map(roleOf)),
      );
    }
    for (const { clientId, fullScope = true, scopeRoles = [], mappers } of MODEL.clients) {
      const [found] = await admin.clients.find({ realm: name, clientId });
      const id = found?.id as string;
      await admin.clients.update({ realm: name, id }, { ...found, fullScopeAllowed: fullScope as boolean });
      const chosen = await Promise.all((scopeRoles as string[]).map(roleOf));
      if (chosen.length > 0) await admin.clients.addRealmScopeMappings({ realm: name, id }, chosen);
      for (const { mapper: protocolMapper, ...rest } of mappers) {
        const config = rest.config as Record<string, string>;
        await admin.clients.addProtocolMapper(
          { realm: name, id },
          { ...rest, protocol: 'openid-connect', protocolMapper, config },
        );
      }
    }
  });

  test.each<[string, string[], string[]]>([
    ['full', [], ['clerk', 'admin']],
    ['full', ['staff', 'nobodys'], ['clerk', 'admin']],
    ['none', [], []],
    ['none', ['staff'], ['clerk']],
    ['chosen', ['staff'], ['clerk', 'admin']],
    ['unmapped', ['staff'], []],
    ['for-everybody', [], ['clerk', 'admin', 'auditor']],
    ['renamed', [], ['boss', 'admin']],
  ])('%s with scopes %j', async (clientId, scopes, roles) => {
    const request: LoginRequest = { clientId, grant: 'password', scope: ['openid', ...scopes] };
    const { user } = simulate(MODEL, request, ALICE);
    const of = MODEL.clients.find((each) => each.clientId === clientId) as Client;
    const simulated = tokenContents(MODEL, of, request, user);
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: clientId,
        username: 'alice',
        password: PASSWORD,
        scope: ['openid', ...scopes].join(' '),
      }),
    });
    const { access_token: token = '' } = (await response.json()) as { access_token?: string };
    const claims = decodeJwt<{ realm_access?: { roles?: string[] } }>(token);
    const ours = [...ROLES, 'auditor', 'boss'];
    const named = (list: readonly string[], of: readonly string[]) => list.filter((each) => of.includes(each)).sort();
    const live = named(claims.realm_access?.roles ?? [], ours);
    expect(named(simulated.roles, ours)).toEqual(live);
    expect(live).toEqual([...roles].sort());
    const optional = ['staff', 'nobodys'];
    const liveScopes = named(String(claims.scope).split(' '), optional);
    expect(named(simulated.scopes, optional)).toEqual(liveScopes);
    expect(liveScopes).toEqual(scopes.filter((scope) => scope === 'staff'));
  });
});
