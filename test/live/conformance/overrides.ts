import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { ConformanceCase, SecondClientSettings } from './case';
import { inParallel } from './parallel';
import { samlClientIdOf, secondClientIdOf } from './realm';
import { aliasOf, clientIdOf, directGrantAliasOf, GUIDE_FLOW, GUIDE_SUBFLOW, STRONG_FLOW } from './realm-flows';

const CONCURRENCY = 6;

/**
 * Lets the clients of cases use their flows, which have ids by now.
 * @returns why Keycloak doesn't take a case, by its index
 */
export async function overrideFlows(
  admin: KeycloakAdminClient,
  realm: string,
  cases: readonly ConformanceCase[],
): Promise<Map<number, string>> {
  const flows = await admin.authenticationManagement.getFlows({ realm });
  const ids = new Map(flows.map(({ alias, id }) => [alias, id]));
  const clients = new Map((await admin.clients.find({ realm })).map((client) => [client.clientId, client]));
  const guide = await admin.authenticationManagement.getExecutions({ realm, flow: GUIDE_FLOW });
  const subflow = guide.find(({ displayName }) => displayName === GUIDE_SUBFLOW)?.flowId;
  const rejected = new Map<number, string>();
  const override = async (clientId: string, overrides: Record<string, string | undefined>) => {
    const client = clients.get(clientId);
    if (!client?.id) throw new Error(`The client ${clientId} was not imported`);
    const given = Object.fromEntries(Object.entries(overrides).filter(([, flow]) => flow !== undefined));
    if (Object.keys(given).length === 0) return;
    const authenticationFlowBindingOverrides = given as Record<string, string>;
    await admin.clients.update({ realm, id: client.id }, { ...client, authenticationFlowBindingOverrides });
  };
  await inParallel(CONCURRENCY, cases.length, async (index) => {
    const { second, directGrant, saml } = cases[index] as ConformanceCase;
    const direct_grant = directGrant && ids.get(directGrantAliasOf(index));
    const own = ids.get(aliasOf(index));
    const ofSecond: Record<SecondClientSettings['flow'], string | undefined> = {
      own,
      realm: undefined,
      strong: ids.get(STRONG_FLOW),
      subflow,
    };
    try {
      await override(clientIdOf(index), { browser: own, direct_grant });
      if (second) await override(secondClientIdOf(index), { browser: ofSecond[second.flow] });
      if (saml) await override(samlClientIdOf(index), { browser: ofSecond[saml.flow] });
    } catch (error) {
      rejected.set(index, (error as Error).message);
    }
  });
  return rejected;
}
