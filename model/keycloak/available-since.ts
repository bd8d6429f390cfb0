import { type Execution, isUnknown, type Known, type Located, type PolicyPart, type RealmModel } from '../realm-model';
import { compareVersions } from './versions';

/** Something of Keycloak that younger releases have only. */
export interface Availability {
  /** As Keycloak's configuration calls it. */
  readonly id: string;
  /** What it is for. */
  readonly what: string;
  /** First release that has it, switched on by default. */
  readonly since: string;
  /** First release that has it if its feature is switched on, and the name of the feature. */
  readonly preview?: { readonly since: string; readonly feature: string };
  /** What an older release does where it is configured. */
  readonly before: string;
  /** Class of Keycloak in which this is seen. */
  readonly source: string;
  /** Where a realm uses it; each an empty path if it is the realm itself. */
  readonly uses: (model: RealmModel) => readonly Use[];
}

/** Where a realm uses something. */
export interface Use extends Located {
  readonly path: string;
}

const UNKNOWN_AUTHENTICATOR = 'The import or the save is refused, or every login that comes to it ends with an error';
const IGNORED = 'It is saved and does nothing';

/** Found by comparing the sources of the releases from 24.0.5 to 26.7.4; newest first. */
export const AVAILABLE_SINCE: readonly Availability[] = [
  {
    id: 'acr.uri.map',
    what: 'levels for the authentication contexts that SAML clients ask for',
    since: '26.7.0',
    preview: { since: '26.6.0', feature: 'step-up-authentication-saml' },
    before: IGNORED,
    source: 'Profile.Feature.STEP_UP_AUTHENTICATION_SAML',
    uses: ({ acrUriMap }) => (acrUriMap === undefined ? [] : [{ path: 'realm' }]),
  },
  {
    id: 'webAuthnPolicyResidentKey',
    what: 'discoverable credentials that are preferred, not required (`discoverable_credential` of the provider)',
    since: '26.7.0',
    before: 'The realm is refused with status 400; a `StepUpRealm` that was told the version leaves it out',
    source: 'RealmRepresentation, WebAuthnPolicy.getResidentKey',
    // The model has no place for it, and the constructs leave it out.
    uses: () => [],
  },
  {
    id: 'oauth2.jwt.authorization.grant.enabled',
    what: "tokens for an identity provider's JWT (RFC 7523)",
    since: '26.6.0',
    preview: { since: '26.5.0', feature: 'jwt-authorization-grant' },
    before: IGNORED,
    source: 'Profile.Feature.JWT_AUTHORIZATION_GRANT',
    uses: (model) => clientsWith(model, ({ grants }) => grants.jwtAuthorization === true),
  },
  {
    id: 'conditional-credential',
    what: 'a condition on the credential that was used',
    since: '26.4.0',
    before: UNKNOWN_AUTHENTICATOR,
    source: 'ConditionalCredentialAuthenticatorFactory',
    uses: authenticator('conditional-credential'),
  },
  {
    id: 'webAuthnPolicyPasswordlessPasskeysEnabled',
    what: 'passkeys in the forms for user name and password',
    since: '26.4.0',
    preview: { since: '26.3.0', feature: 'passkeys' },
    before: IGNORED,
    source: 'Profile.Feature.PASSKEYS, WebAuthnPolicy.isPasskeysEnabled',
    uses: ({ webAuthnPasswordlessPolicy }) =>
      webAuthnPasswordlessPolicy?.passkeys === true ? [{ path: 'realm' }] : [],
  },
  {
    id: 'dpop.bound.access.tokens',
    what: 'tokens that are bound to a key (DPoP)',
    since: '26.4.0',
    preview: { since: '24.0.0', feature: 'dpop' },
    before: 'It is saved, and tokens are bound to nothing',
    source: 'Profile.Feature.DPOP',
    uses: (model) => clientsWith(model, ({ attributes }) => attributes['dpop.bound.access.tokens'] === 'true'),
  },
  {
    id: 'auth-recovery-authn-code-form',
    what: 'recovery codes',
    since: '26.3.0',
    preview: { since: '24.0.0', feature: 'recovery-codes' },
    before: UNKNOWN_AUTHENTICATOR,
    source: 'Profile.Feature.RECOVERY_CODES',
    uses: authenticator('auth-recovery-authn-code-form'),
  },
  {
    id: 'max_auth_age',
    what: 'the age of a login for starting a required action other than UPDATE_PASSWORD',
    since: '26.3.0',
    before: 'It is saved, and a login counts for 300 seconds',
    source: 'RequiredActionProvider.getMaxAuthAge',
    uses: ({ requiredActions }) =>
      requiredActions
        .filter(({ alias, enabled }) => alias !== 'UPDATE_PASSWORD' && enabled !== false)
        .filter(({ config: { max_auth_age: age } }) => age !== undefined && age !== '300')
        .map(({ alias, address }) => at(`required action ${alias}`, address)),
  },
  {
    id: 'auth-flow-enforcer',
    what: 'a client policy that chooses the flow',
    since: '26.2.0',
    before: IGNORED,
    source: 'AuthenticationFlowSelectorExecutorFactory',
    uses: ({ clientProfiles }) =>
      clientProfiles.flatMap(({ name, executors, address }) =>
        partsNamed(executors, 'auth-flow-enforcer').map(() => at(`client profile ${name}`, address)),
      ),
  },
  {
    id: 'acr-condition',
    what: 'a client policy for requests of an acr',
    since: '26.2.0',
    before: IGNORED,
    source: 'AcrConditionFactory',
    uses: ({ clientPolicies }) =>
      clientPolicies.flatMap(({ name, conditions, address }) =>
        partsNamed(conditions, 'acr-condition').map(() => at(`client policy ${name}`, address)),
      ),
  },
  {
    id: 'standard.token.exchange.enabled',
    what: 'the standard token exchange (RFC 8693)',
    since: '26.2.0',
    before: IGNORED,
    source: 'Profile.Feature.TOKEN_EXCHANGE_STANDARD_V2',
    uses: (model) => clientsWith(model, ({ grants }) => grants.tokenExchange === true),
  },
  {
    id: 'force-login',
    what: 'a password reset that ends in a login',
    since: '26.1.1',
    before: 'It is saved, and the reset ends in tokens at once',
    source: 'ResetCredentialEmail.authenticate',
    uses: configured('reset-credential-email', 'force-login'),
  },
  {
    id: 'conditional-client-scope',
    what: 'a condition on the requested client scope',
    since: '26.1.0',
    before: UNKNOWN_AUTHENTICATOR,
    source: 'ConditionalClientScopeAuthenticatorFactory',
    uses: authenticator('conditional-client-scope'),
  },
  {
    id: 'conditional-sub-flow-executed',
    what: 'a condition on a subflow that was executed',
    since: '26.1.0',
    before: UNKNOWN_AUTHENTICATOR,
    source: 'ConditionalSubFlowExecutedAuthenticatorFactory',
    uses: authenticator('conditional-sub-flow-executed'),
  },
  {
    id: 'minimum.acr.value',
    what: 'the minimum acr of a client',
    since: '26.1.0',
    before: 'It is saved, and lower levels are granted',
    source: 'AcrUtils.enforceMinimumAcr',
    uses: (model) => clientsWith(model, ({ minimumAcr }) => minimumAcr !== undefined && minimumAcr !== ''),
  },
  {
    id: 'organizations',
    what: 'organizations',
    since: '26.0.0',
    preview: { since: '25.0.0', feature: 'organization' },
    before: IGNORED,
    source: 'Profile.Feature.ORGANIZATION',
    uses: ({ selfService }) => (selfService.organizations === true ? [{ path: 'realm' }] : []),
  },
];

/** Something that a realm uses and a release lacks. */
export interface Lacking {
  readonly availability: Availability;
  readonly use: Use;
  /** The feature that has to be switched on for it; undefined if the release lacks it altogether. */
  readonly feature?: string;
}

/** What the realm uses and the release doesn't have, or not by default. */
export function lackingIn(model: RealmModel, version: string): Lacking[] {
  return AVAILABLE_SINCE.filter(({ since }) => compareVersions(version, since) < 0).flatMap((availability) => {
    const { preview, uses } = availability;
    const feature = preview && compareVersions(version, preview.since) >= 0 ? preview.feature : undefined;
    return uses(model).map((use) => ({ availability, use, ...(feature !== undefined && { feature }) }));
  });
}

type Uses = Availability['uses'];

/** Whether the release lacks the required action that enrols a credential, with the authenticator that takes it. */
export function lacksEnrolment(action: string, version: string): boolean {
  const authenticator = AUTHENTICATOR_OF[action];
  return AVAILABLE_SINCE.some(({ id, since }) => id === authenticator && compareVersions(version, since) < 0);
}

/** Of actions that came with a release, the authenticator that came with them. */
const AUTHENTICATOR_OF: Readonly<Record<string, string>> = {
  CONFIGURE_RECOVERY_AUTHN_CODES: 'auth-recovery-authn-code-form',
};

/** In flows of the realm's owner: Keycloak's own flows have what their release has. */
function steps(model: RealmModel): { path: string; execution: Extract<Execution, { kind: 'authenticator' }> }[] {
  const below = (executions: readonly Execution[], path: string): ReturnType<typeof steps> =>
    executions.flatMap((execution) => {
      if (execution.requirement === 'DISABLED') return [];
      if (execution.kind === 'authenticator') return [{ path, execution }];
      return below(execution.flow.executions, `${path} > ${execution.flow.alias}`);
    });
  return model.flows.flatMap((flow) => (flow.builtIn ? [] : below(flow.executions, `flow ${flow.alias}`)));
}

function authenticator(id: string): Uses {
  return (model) =>
    steps(model).flatMap(({ path, execution }) =>
      same(execution.authenticator, id) ? [at(`${path} > ${id}`, execution.address)] : [],
    );
}

function configured(id: string, key: string): Uses {
  return (model) =>
    steps(model).flatMap(({ path, execution }) =>
      same(execution.authenticator, id) && execution.config?.values[key] !== undefined
        ? [at(`${path} > ${id}`, execution.address)]
        : [],
    );
}

function clientsWith(model: RealmModel, condition: (client: RealmModel['clients'][number]) => boolean): Use[] {
  return model.clients
    .filter((client) => !client.builtIn && condition(client))
    .map(({ clientId, address }) => at(`client ${clientId}`, address));
}

function partsNamed(parts: readonly PolicyPart[], id: string): PolicyPart[] {
  return parts.filter(({ provider }) => same(provider, id));
}

function same(value: Known<string>, expected: string): boolean {
  return !isUnknown(value) && value === expected;
}

function at(path: string, address: string | undefined): Use {
  return { path, ...(address !== undefined && { address }) };
}
