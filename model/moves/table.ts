/** Something that a person at a browser, or at the token endpoint, can do on the way to a token. */
export interface Move {
  readonly name: string;
  /** What is done. */
  readonly does: string;
  /**
   * - `simulated`: a login that goes this way is simulated and explored
   * - `adds nothing`: logins have shown that it reaches no more than the moves that are simulated, so it is left out
   * - `not followed`: where a realm has it, whatever it could change is answered with "can't tell"
   */
  readonly status: 'simulated' | 'adds nothing' | 'not followed';
  /** What is known, where the status alone doesn't say it. */
  readonly note?: string;
  /** Fields of the realm model that switch it on or change it. */
  readonly fields: readonly string[];
  /** Live tests that show it, below `test/live`. */
  readonly provedBy: readonly string[];
}

/** All moves. A field of the realm model that switches a way on, and that no move names, fails a test. */
export const MOVES: readonly Move[] = [
  {
    name: 'forward',
    does: 'Opens the login of a client, answers the pages, chooses another way to prove something, cancels what may be cancelled.',
    status: 'simulated',
    fields: [
      'grants.authorizationCode',
      'grants.implicit',
      'bindings.browser',
      'flowOverrides.browser',
      'clientPolicies',
      'clientProfiles',
      'requiredActions',
      'selfService.loginWithEmail',
      'sessions.ssoIdle',
      'sessions.ssoMax',
    ],
    provedBy: ['conformance/conformance.test.ts', 'scenarios/scenarios.test.ts'],
  },
  {
    name: 'request',
    does: 'Asks for what the client would not: acr_values, claims, scopes in any set, prompt, max_age.',
    status: 'simulated',
    note: 'prompt and max_age ask for more, never for less; scopes that make no difference to each other are tried one at a time, others up to three in one request.',
    fields: ['acrLoaMap', 'defaultAcrValues', 'minimumAcr', 'defaultScopes', 'optionalScopes'],
    provedBy: ['conformance/conformance.test.ts', 'triggers/acr.test.ts'],
  },
  {
    name: 'kc_action',
    does: 'Starts a required action: enrols, deletes or changes a credential, changes the e-mail address, the user name or an attribute, links an identity, deletes the account.',
    status: 'simulated',
    fields: ['userProfile', 'selfService.editUsername', 'selfService.emailAsUsername', 'selfService.verifyEmail'],
    provedBy: ['moves/actions.test.ts', 'attacks/a2-credential-deleted.test.ts'],
  },
  {
    name: 'restart',
    does: 'Begins the login anew: “Restart login”, the cookie of the login deleted, or the login timed out. What client policies had chosen is forgotten.',
    status: 'simulated',
    fields: ['clientPolicies'],
    provedBy: ['moves/restart.test.ts', 'attacks/a1-policy-forgotten.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'back',
    does: 'Sends the form of an earlier page again.',
    status: 'adds nothing',
    fields: [],
    provedBy: ['moves/tabs.test.ts'],
  },
  {
    name: 'tabs',
    does: 'Goes on with one login, or with two, in two tabs of a browser.',
    status: 'adds nothing',
    fields: [],
    provedBy: ['moves/tabs.test.ts'],
  },
  {
    name: 'another user',
    does: 'Logs in as somebody else in a browser that has a session or a login under way.',
    status: 'adds nothing',
    note: 'Keycloak refuses the other user, or forgets what the first one had proved.',
    fields: [],
    provedBy: ['moves/tabs.test.ts'],
  },
  {
    name: 'session',
    does: 'Uses a live session of the user, of any level that logins leave and as old as makes a difference.',
    status: 'simulated',
    fields: ['sessions.ssoMax', 'sessions.ssoIdle'],
    provedBy: ['explore/witness.test.ts', 'explore/same-second.test.ts', 'moves/session-limits.test.ts'],
  },
  {
    name: 'remember me',
    does: 'Ticks “Remember me”: the session lives as long as remembered ones do.',
    status: 'simulated',
    note: 'It counts for how old a session can be; what it holds is the same.',
    fields: ['selfService.rememberMe', 'sessions.rememberMeIdle', 'sessions.rememberMeMax'],
    provedBy: ['moves/session-limits.test.ts'],
  },
  {
    name: 'reset',
    does: 'Chooses “Forgot password?” at the beginning or in the middle of a login, and follows the link of the mail in the same browser.',
    status: 'simulated',
    note: 'In another browser the same is done to the account, and no tokens come of it: that reaches no more.',
    fields: ['selfService.resetPassword', 'bindings.resetCredentials'],
    provedBy: [
      'moves/reset.test.ts',
      'moves/midway.test.ts',
      'attacks/a3-password-reset.test.ts',
      'conformance/conformance.test.ts',
    ],
  },
  {
    name: 'registration',
    does: 'Registers an account of their own, by the link on the page or by prompt=create.',
    status: 'simulated',
    fields: ['selfService.registration', 'bindings.registration', 'defaultRoles', 'selfService.verifyEmail'],
    provedBy: ['moves/registration.test.ts', 'attacks/a4-registration.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'broker',
    does: 'Logs in by an identity provider, at the beginning or in the middle of a login, as the linked identity or as any other: first and post broker login.',
    status: 'simulated',
    note: 'Of a provider that leaves no account behind (doNotStoreUsers) what is reached can not be told.',
    fields: [
      'identityProviders.enabled',
      'identityProviders.provider',
      'identityProviders.firstLoginFlow',
      'identityProviders.postLoginFlow',
      'identityProviders.trustEmail',
      'identityProviders.linkOnly',
      'identityProviders.transientUsers',
      'bindings.firstBrokerLogin',
      'selfService.duplicateEmails',
    ],
    provedBy: [
      'moves/broker.test.ts',
      'moves/midway-broker.test.ts',
      'doors/broker.test.ts',
      'conformance/conformance.test.ts',
    ],
  },
  {
    name: 'organization',
    does: 'Logs in by the name of an organization’s member, who may be sent to the organization’s identity provider.',
    status: 'simulated',
    note: 'The account counts as a member of none, which each answer says it takes for granted; invitations are not followed.',
    fields: ['selfService.organizations'],
    provedBy: ['moves/organization.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'SAML',
    does: 'Logs in to a SAML client in a session that OpenID Connect clients share, with a requested context, begun by Keycloak, or without a browser (ECP).',
    status: 'simulated',
    fields: ['protocol', 'acrUriMap'],
    provedBy: ['moves/saml.test.ts', 'doors/saml.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'device',
    does: 'Confirms a device at its verification page.',
    status: 'simulated',
    fields: ['grants.device'],
    provedBy: ['doors/grants.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'password grant',
    does: 'Sends name and password, and an OTP if the flow takes one, to the token endpoint.',
    status: 'simulated',
    fields: ['grants.password', 'bindings.directGrant', 'flowOverrides.directGrant'],
    provedBy: ['doors/password-grant.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'client credentials',
    does: 'Gets a token of the client’s own account for the client’s secret.',
    status: 'simulated',
    fields: ['grants.serviceAccount', 'accessType'],
    provedBy: ['moves/grants.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'token exchange',
    does: 'Exchanges a token of the user for one of another client, with that client’s secret.',
    status: 'simulated',
    fields: ['grants.tokenExchange', 'fullScope', 'scopeRoles'],
    provedBy: ['moves/grants.test.ts', 'doors/grants.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'legacy token exchange',
    does: 'Exchanges a token at any client by the preview feature token-exchange: for its own, another client’s, or another user’s.',
    status: 'not followed',
    note: 'For the same client the new token has no scope that the old one has not; all else takes permissions that are not read. Off by default, and only a live server says that it is on.',
    fields: ['legacyTokenExchange'],
    provedBy: ['moves/legacy-token-exchange.test.ts'],
  },
  {
    name: 'JWT authorization grant',
    does: 'Sends a JWT of an identity provider to the token endpoint (RFC 7523), with the client’s secret.',
    status: 'simulated',
    fields: ['grants.jwtAuthorization', 'identityProviders.jwtAuthorization'],
    provedBy: ['moves/grants.test.ts', 'conformance/conformance.test.ts'],
  },
  {
    name: 'CIBA',
    does: 'Asks for a token of the user, who confirms on a device that Keycloak does not know, with the client’s secret.',
    status: 'simulated',
    note: 'What that device asks is decided outside of Keycloak, so it is a proof of its own, whatever it takes.',
    fields: ['grants.ciba'],
    provedBy: ['moves/ciba.test.ts', 'doors/grants.test.ts'],
  },
  {
    name: 'UMA',
    does: 'Exchanges a token of the user for one with permissions at a client with Authorization Services.',
    status: 'not followed',
    note: 'The new token has the lowest acr, and the default scopes of that client: where it has no others than Keycloak’s own, nothing is had by it.',
    fields: ['grants.authorizationServices'],
    provedBy: ['protection/authorization-services.test.ts'],
  },
  {
    name: 'refresh',
    does: 'Uses a refresh or an offline token.',
    status: 'adds nothing',
    note: 'It gives what the session has proved, and no scope that the login had not asked for; a level outlives its max age by it. Who steals one is not among the attackers: what is said of a session holds for them.',
    fields: [],
    provedBy: ['doors/grants.test.ts'],
  },
  {
    name: 'PAR and request objects',
    does: 'Sends the authorization request by another channel, or as a signed object.',
    status: 'adds nothing',
    note: 'The same parameters count.',
    fields: [],
    provedBy: ['doors/request-objects.test.ts'],
  },
  {
    name: 'certificate',
    does: 'Shows a client certificate: that of the user, or one of their own where the account can be made to fit it.',
    status: 'simulated',
    fields: [],
    provedBy: ['moves/certificate.test.ts', 'attacks/a6-certificate-owner.test.ts'],
  },
  {
    name: 'token',
    does: 'Takes what mappers write into the token: acr from several mappers, scopes that name roles, roles of the user.',
    status: 'simulated',
    fields: ['mappers', 'clientScopes', 'roles', 'attributes', 'consentRequired'],
    provedBy: ['moves/acr-claim.test.ts', 'moves/token-contents.test.ts'],
  },
];
