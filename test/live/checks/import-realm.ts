import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { AcrLoaMap, RealmModel } from '../../../model';
import { mapText, ownScopes, realmRepresentation, type Users } from '../../checks/support/representation';

/**
 * Makes the realm that a model describes, with bob and alice. What Keycloak refuses to save because a name in it does not
 * exist is made as it comes about in life: with the name, which is then removed.
 */
export async function importRealm(
  admin: KeycloakAdminClient,
  realm: string,
  model: RealmModel,
  users?: Users,
): Promise<void> {
  const { clientPolicies, clientProfiles, ...rest } = realmRepresentation(realm, withNamedAcrs(model), users);
  const representation: object = rest;
  await admin.realms.create(representation);
  const scopes = await addScopes(admin, realm, ownScopes(model));
  await setOverrides(admin, realm, model);
  await setScopes(admin, realm, model, scopes);
  const forgotten = await addScopes(admin, realm, forgottenScopes(model));
  await admin.clientPolicies.createProfiles({ realm, ...clientProfiles });
  await admin.clientPolicies.updatePolicy({ realm, ...clientPolicies });
  for (const [, id] of forgotten) await admin.clientScopes.del({ realm, id });
  await setAcrMap(admin, realm, model);
}

/** The model with an acr map in which each client's default and minimum has an entry. */
function withNamedAcrs(model: RealmModel): RealmModel {
  const map = model.acrLoaMap as AcrLoaMap;
  const named = model.clients.flatMap(({ minimumAcr }) => (minimumAcr === undefined ? [] : [minimumAcr as string]));
  const missing = named.filter((acr) => !map.levels.some((level) => level.acr === acr));
  if (missing.length === 0) return model;
  return { ...model, acrLoaMap: { levels: [...map.levels, ...missing.map((acr) => ({ acr, loa: 2 }))] } };
}

async function setAcrMap(admin: KeycloakAdminClient, realm: string, model: RealmModel): Promise<void> {
  if (withNamedAcrs(model) === model) return;
  const { attributes } = (await admin.realms.findOne({ realm })) ?? {};
  const map = mapText(model.acrLoaMap as AcrLoaMap);
  await admin.realms.update({ realm }, { attributes: { ...attributes, 'acr.loa.map': map } });
}

/** Those that client policies name and the model doesn't have. */
function forgottenScopes({ clientPolicies, clientScopes }: RealmModel): string[] {
  const named = clientPolicies.flatMap(({ conditions }) =>
    conditions.flatMap(({ config }) => ((config as { scopes?: string[] }).scopes ?? []) as string[]),
  );
  return [...new Set(named)].filter((name) => !clientScopes.some((scope) => scope.name === name));
}

async function setOverrides(admin: KeycloakAdminClient, realm: string, model: RealmModel): Promise<void> {
  const flows = await admin.authenticationManagement.getFlows({ realm });
  for (const { clientId, flowOverrides } of model.clients) {
    const override = flowOverrides.browser as { alias?: string; dangling?: string } | undefined;
    if (!override) continue;
    const browser = override.dangling ?? (flows.find(({ alias }) => alias === override.alias)?.id as string);
    const [client] = await admin.clients.find({ realm, clientId });
    const id = client?.id as string;
    await admin.clients.update({ realm, id }, { ...client, authenticationFlowBindingOverrides: { browser } });
  }
}

async function setScopes(
  admin: KeycloakAdminClient,
  realm: string,
  model: RealmModel,
  scopes: readonly (readonly [string, string])[],
): Promise<void> {
  for (const { clientId, optionalScopes, defaultScopes } of model.clients) {
    const [client] = await admin.clients.find({ realm, clientId });
    const id = client?.id as string;
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

async function addScopes(
  admin: KeycloakAdminClient,
  realm: string,
  names: readonly string[],
): Promise<[string, string][]> {
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => {
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
