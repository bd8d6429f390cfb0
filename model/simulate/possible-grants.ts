import { type Client, isUnknown, type RealmModel } from '../realm-model';
import { SECRET_GRANTS, switchOf } from './grants/switched-on';
import { mayExchange } from './grants/token-exchange';
import { CannotTell } from './signals';
import type { LoginRequest, SimulatedUser } from './types';

/** A way to tokens of a client that isn't surely shut: what is not known counts as open. */
export interface PossibleGrant {
  /** What the request says beside its client. */
  readonly request: Pick<LoginRequest, 'grant' | 'door' | 'broker' | 'initiatedByProvider'>;
  /** Whether a level that is asked for can make a difference: by acr, or by the client's default or minimum. */
  readonly asksForLevels: boolean;
  /** Whether a session in the browser makes a difference. */
  readonly usesSession: boolean;
  /** Clients a token of which is exchanged: the session must be theirs too. @default none is needed */
  readonly subjects?: readonly string[];
}

/** All ways to tokens, or assertions, of a client that {@link simulate} can follow or says that it can't. */
export function possibleGrants(model: RealmModel, client: Client): PossibleGrant[] {
  const { grants, protocol, enabled } = client;
  if (enabled === false) return [];
  const saml = protocol === 'saml';
  const possible: PossibleGrant[] = [];
  const add = (request: PossibleGrant['request'], more: Partial<PossibleGrant> = {}) =>
    possible.push({ request, asksForLevels: false, usesSession: false, ...more });
  if (grants.authorizationCode !== false || (!saml && grants.implicit !== false)) {
    add({}, { asksForLevels: true, usesSession: true });
    if (saml && isBegunByProvider(client)) add({ initiatedByProvider: true }, { usesSession: true });
    if (saml && mayAllowEcp(client)) add({ grant: 'saml-ecp' }, { asksForLevels: true });
    for (const door of doorsBesideLogin(model)) add(door, { asksForLevels: true });
  }
  if (saml) return possible;
  if (grants.device !== false) {
    add({ grant: 'device' }, { usesSession: true });
    // The page that a device is confirmed on stands behind the same login.
    for (const door of doorsBesideLogin(model)) add({ grant: 'device', ...door });
  }
  if (grants.password !== false) add({ grant: 'password' });
  if (client.accessType === 'public' || client.accessType === 'bearer-only') return possible;
  for (const grant of SECRET_GRANTS) {
    const on = switchOf(client, grant);
    if (on === undefined || on === false) continue;
    if (grant !== 'token-exchange') add({ grant });
    else add({ grant }, { usesSession: true, subjects: subjectsOf(model, client) });
  }
  return possible;
}

/** Doors by which a browser comes past the flow of the login. */
function doorsBesideLogin({ selfService, identityProviders }: RealmModel): PossibleGrant['request'][] {
  const providers = identityProviders.filter(({ enabled, linkOnly }) => enabled !== false && linkOnly !== true);
  return [
    ...(selfService.resetPassword !== false ? [{ door: 'reset' } as const] : []),
    ...(selfService.registration !== false ? [{ door: 'registration' } as const] : []),
    ...providers.map(({ alias }) => ({ door: 'broker', broker: alias }) as const),
  ];
}

/** Whether Keycloak begins logins of a SAML client by itself. */
function isBegunByProvider({ attributes }: Client): boolean {
  const name = attributes.saml_idp_initiated_sso_url_name;
  return name !== undefined && (isUnknown(name) || name !== '');
}

function mayAllowEcp({ attributes }: Client): boolean {
  const allowed = attributes['saml.allow.ecp.flow'];
  return allowed !== undefined && (isUnknown(allowed) || allowed === 'true');
}

/** The clients whose tokens a user with every role may exchange at `client`. */
function subjectsOf(model: RealmModel, client: Client): string[] {
  const ofClients = model.clients.flatMap(({ clientId, roles }) => roles.map((role) => `${clientId}.${role}`));
  const anybody: SimulatedUser = { credentials: [], roles: [...model.roles, ...ofClients] };
  return model.clients.flatMap((holder) => {
    try {
      return mayExchange(model, client, holder, anybody) ? [holder.clientId] : [];
    } catch (error) {
      if (error instanceof CannotTell) return [holder.clientId];
      throw error;
    }
  });
}
