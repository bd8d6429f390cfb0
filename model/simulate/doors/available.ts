import { type CredentialType, ENROLMENTS } from '../../keycloak/authenticators';
import { type Client, isUnknown, type Known, type RealmModel } from '../../realm-model';
import { canBeStarted } from '../required-actions';
import type { LoginRequest } from '../types';

/** A way to tokens, or to a change of the account, that a request begins. */
export interface AvailableDoor {
  /** For example `reset`, `broker:partner`, `grant:device`, `action:UPDATE_PROFILE`. */
  readonly name: string;
  /** What of a request goes this way; all else may be added. */
  readonly request: Pick<LoginRequest, 'grant' | 'door' | 'midway' | 'broker' | 'restarted' | 'action'>;
}

/**
 * The ways that a realm leaves open for a client. What isn't known counts as open: the login then says what can't be told.
 *
 * Left out is what never differs from a way that is listed: an action that shows no page, a restart where no client policy chooses
 * flows.
 */
export function availableDoors(model: RealmModel, client: Client): AvailableDoor[] {
  if (client.enabled === false) return [];
  return [...browserDoors(model, client), ...grantDoors(client)];
}

/** Ways by the pages of a login. */
function browserDoors(model: RealmModel, { grants }: Client): AvailableDoor[] {
  const viaCode = mayBe(grants.authorizationCode) || mayBe(grants.implicit);
  const flows: AvailableDoor['request'][] = [
    ...(viaCode ? [{}] : []),
    ...(mayBe(grants.device) ? [{ grant: 'device' } as const] : []),
  ];
  const actions = viaCode ? startableActions(model) : [];
  return flows.flatMap((flow) => {
    const named = (name: string, request: AvailableDoor['request']): AvailableDoor => ({
      name: flow.grant === undefined ? name : `grant:${flow.grant}${name === 'login' ? '' : `+${name}`}`,
      request: { ...flow, ...request },
    });
    const ofFlow = flow.grant === undefined ? actions : [];
    const startedBy = (name: string, request: AvailableDoor['request']) => [
      named(name, request),
      // An action that follows another door is asked for no level there.
      ...ofFlow.map((action) => named(`${name}+action:${action}`, { ...request, action })),
    ];
    return [
      named('login', {}),
      ...ofFlow.map((action) => named(`action:${action}`, { action })),
      ...(choosesFlows(model) && flow.grant === undefined ? [named('restart', { restarted: true })] : []),
      ...(mayBe(model.selfService.resetPassword)
        ? [...startedBy('reset', { door: 'reset' }), named('reset-midway', { door: 'reset', midway: true })]
        : []),
      ...(mayBe(model.selfService.registration) ? [named('registration', { door: 'registration' })] : []),
      ...openProviders(model).flatMap((broker) => [
        ...startedBy(`broker:${broker}`, { door: 'broker', broker }),
        named(`broker-midway:${broker}`, { door: 'broker', broker, midway: true }),
      ]),
    ];
  });
}

function grantDoors({ grants }: Client): AvailableDoor[] {
  const byGrant = [
    ['password', grants.password],
    ['ciba', grants.ciba],
    ['client-credentials', grants.serviceAccount],
    ['token-exchange', grants.tokenExchange],
    ['jwt-authorization', grants.jwtAuthorization],
  ] as const;
  return byGrant.flatMap(([grant, enabled]) =>
    mayBe(enabled) ? [{ name: `grant:${grant}`, request: { grant } }] : [],
  );
}

/** Whether it is on as far as is known; what a source leaves out is off. */
function mayBe(setting: Known<boolean> | undefined): boolean {
  return setting !== undefined && setting !== false;
}

/** Whether some client policy can choose flows. */
function choosesFlows({ clientProfiles, complete }: RealmModel): boolean {
  const executors = clientProfiles.flatMap((profile) => profile.executors);
  return !complete || executors.some(({ provider }) => isUnknown(provider) || provider === 'auth-flow-enforcer');
}

/** Providers that log users in. */
function openProviders({ identityProviders }: RealmModel): string[] {
  return identityProviders
    .filter(({ enabled, linkOnly }) => mayBe(enabled) && (linkOnly === undefined || linkOnly !== true))
    .map(({ alias }) => alias);
}

/** Credentials that the action `delete_credential` may be about; a password never is. */
const DELETABLE: readonly CredentialType[] = [...new Set(Object.values(ENROLMENTS))];

/** What `kc_action` may say where the realm has the action enabled. */
function startableActions(model: RealmModel): string[] {
  const linkable = model.identityProviders.filter(({ enabled }) => mayBe(enabled)).map(({ alias }) => alias);
  return model.requiredActions
    .filter(({ alias, enabled }) => mayBe(enabled) && canBeStarted(alias) && alias !== 'VERIFY_EMAIL')
    .flatMap(({ alias }) => {
      if (alias === 'delete_credential') return DELETABLE.map((type) => `${alias}:${type}`);
      if (alias === 'idp_link') return linkable.map((provider) => `${alias}:${provider}`);
      return [alias];
    });
}
