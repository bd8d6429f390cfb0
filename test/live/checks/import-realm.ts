import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { RealmModel } from '../../../model';
import { ownScopes, realmRepresentation, type Users } from '../../checks/support/representation';

/** Makes the realm that a model describes, with bob and alice. */
export async function importRealm(
  admin: KeycloakAdminClient,
  realm: string,
  model: RealmModel,
  users?: Users,
): Promise<void> {
  await admin.realms.create(realmRepresentation(realm, model, users));
  const scopes = await addScopes(admin, realm, model);
  const flows = await admin.authenticationManagement.getFlows({ realm });
  for (const { clientId, flowOverrides, optionalScopes, defaultScopes } of model.clients) {
    const [client] = await admin.clients.find({ realm, clientId });
    const id = client?.id as string;
    const override = flowOverrides.browser as { alias?: string } | undefined;
    if (override?.alias !== undefined) {
      const browser = flows.find(({ alias }) => alias === override.alias)?.id as string;
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
