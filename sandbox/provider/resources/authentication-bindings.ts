import type { Change } from '../engine/change';
import { at, type Fields, type ResourceTable, realmId } from '../engine/table';

const REALM = '/admin/realms/{realm}';

/** The seven flows of a realm, with the built-in flow that each is bound to when nothing else is said. */
export const BINDINGS: Record<string, { property: string; builtIn: string }> = {
  browser_flow: { property: 'browserFlow', builtIn: 'browser' },
  registration_flow: { property: 'registrationFlow', builtIn: 'registration' },
  direct_grant_flow: { property: 'directGrantFlow', builtIn: 'direct grant' },
  reset_credentials_flow: { property: 'resetCredentialsFlow', builtIn: 'reset credentials' },
  client_authentication_flow: { property: 'clientAuthenticationFlow', builtIn: 'clients' },
  docker_authentication_flow: { property: 'dockerAuthenticationFlow', builtIn: 'docker auth' },
  first_broker_login_flow: { property: 'firstBrokerLoginFlow', builtIn: 'first broker login' },
};

/** A binding that is not set, or set to "", means the built-in flow. */
export const bindingFields: Fields = Object.fromEntries(
  Object.entries(BINDINGS).map(([name, { property, builtIn }]) => [
    name,
    at(property, { codec: { encode: (value) => value || builtIn, decode: (raw) => String(raw ?? '') } }),
  ]),
);

/**
 * Which flows a realm uses. Keycloak keeps them in the realm itself: creating takes them over, destroying binds all seven
 * built-in flows again, as the official provider does.
 */
export const authenticationBindings: ResourceTable = {
  fields: { realm_id: realmId, ...bindingFields },
  create: async (change) => {
    const realm = change.text('realm_id');
    await bind(change, realm, change.representation);
    return realm;
  },
  read: ({ api, id }) => api.get(REALM, { realm: id }),
  update: (change) => bind(change, change.id, change.representation),
  delete: (change) => {
    const builtIn = Object.values(BINDINGS).map((binding) => [binding.property, binding.builtIn]);
    return bind(change, change.id, Object.fromEntries(builtIn));
  },
};

async function bind({ api }: Change, realm: string, flows: object): Promise<void> {
  await api.exclusive(`realm ${realm}`, () => api.put(REALM, { realm }, { realm, ...flows }));
}
