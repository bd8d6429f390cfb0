import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { AcrLoaMap, Client } from '../../../model';
import { mapText } from '../../checks/support/representation';

/** Saves changes of a client's acr settings, as far as Keycloak takes them. */
export async function setClient(
  admin: KeycloakAdminClient,
  realm: string,
  clientId: string,
  { acrLoaMap, defaultAcrValues, minimumAcr }: Partial<Client>,
): Promise<'saved' | 'refused'> {
  const [client] = await admin.clients.find({ realm, clientId });
  const attributes = {
    ...client?.attributes,
    ...(acrLoaMap && { 'acr.loa.map': mapText(acrLoaMap as AcrLoaMap) }),
    ...(defaultAcrValues && { 'default.acr.values': (defaultAcrValues as string[]).join('##') }),
    ...(minimumAcr !== undefined && { 'minimum.acr.value': minimumAcr as string }),
  };
  try {
    await admin.clients.update({ realm, id: client?.id as string }, { ...client, attributes });
    return 'saved';
  } catch (error) {
    if ((error as { response?: Response }).response?.status === 400) return 'refused';
    throw error;
  }
}

/** Sets the max ages of the level conditions of the flow `login`, in their order. */
export async function setLevelAges(admin: KeycloakAdminClient, realm: string, ages: readonly number[]): Promise<void> {
  const management = admin.authenticationManagement;
  const executions = await management.getExecutions({ realm, flow: 'login' });
  const conditions = executions.filter(({ providerId }) => providerId === 'conditional-level-of-authentication');
  for (const [index, { authenticationConfig: id }] of conditions.entries()) {
    const config = await management.getConfig({ realm, id: id as string });
    const changed = { ...config.config, 'loa-max-age': String(ages[index]) };
    await management.updateConfig({ ...config, realm, id: id as string, config: changed });
  }
}
