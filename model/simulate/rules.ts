/** A rule of Keycloak's that a login can run into: what it says and where that is found. */
export interface Rule {
  readonly says: string;
  /** Class and method of Keycloak 26.7.4, or a section of its documentation. */
  readonly source: string;
}

/** The rules that a trace names. */
export const RULES = {
  'flow-of-policy': {
    says: 'A client policy with auth-flow-enforcer chooses the flow; the last match wins, over overrides and bindings',
    source:
      'AuthenticationFlowSelectorExecutor.executeOnAuthorizationRequest, AuthenticationFlowResolver.resolveBrowserFlow',
  },
  'flow-of-override': {
    says: 'A client may override the browser or direct grant flow of the realm',
    source: 'AuthenticationFlowResolver.resolveBindingOverrideFlowForClient',
  },
  'dangling-override': {
    says: 'An override of a flow that does not exist falls back to the flow of the realm',
    source: 'AuthenticationFlowResolver.resolveBindingOverrideFlowForClient',
  },
  'flow-of-realm': { says: 'The realm binds the flow', source: 'AuthenticationFlowResolver.resolveBrowserFlow' },
  'alternatives-ignored': {
    says: 'ALTERNATIVE executions beside REQUIRED or CONDITIONAL ones of the same flow are ignored',
    source: 'DefaultAuthenticationFlow.fillListsOfExecutions',
  },
  'no-condition': {
    says: 'A CONDITIONAL subflow without an enabled condition is skipped',
    source: 'DefaultAuthenticationFlow.isConditionalSubflowDisabled',
  },
  'condition-not-met': {
    says: 'A CONDITIONAL subflow is skipped when one of its conditions is not met',
    source: 'DefaultAuthenticationFlow.isConditionalSubflowDisabled',
  },
  'condition-met': {
    says: 'A CONDITIONAL subflow is entered when all its conditions are met',
    source: 'DefaultAuthenticationFlow.isConditionalSubflowDisabled',
  },
  'needs-user': {
    says: 'An authenticator that needs to know the user fails where no step before it has identified one',
    source: 'DefaultAuthenticationFlow.processSingleFlowExecutionModel',
  },
  'credential-missing': {
    says: 'A step whose credential the user lacks fails, unless it is REQUIRED and its enrolment is enabled',
    source: 'DefaultAuthenticationFlow.processSingleFlowExecutionModel',
  },
  'enrolment-offered': {
    says: 'A REQUIRED step whose credential the user lacks counts as passed, and the user enrols afterwards',
    source: 'DefaultAuthenticationFlow.processSingleFlowExecutionModel, Authenticator.setRequiredActions',
  },
  'enrolment-waived': {
    says: 'auth-conditional-otp-form asks a user without OTP to enrol only if some of its configs in the realm demands OTP',
    source: 'ConditionalOtpFormAuthenticator.isOTPRequired',
  },
  'other-way-first': {
    says: 'Among alternatives the one comes first whose credential the user prefers',
    source: 'AuthenticationSelectionResolver.createAuthenticationSelectionList',
  },
  'no-session': { says: 'Without a session the cookie passes on', source: 'CookieAuthenticator.authenticate' },
  'cookie-suffices': {
    says: 'The cookie suffices when its session holds the requested level',
    source: 'CookieAuthenticator.authenticate',
  },
  'cookie-too-low': {
    says: 'The session identifies the user, but the requested level must still be proven',
    source: 'CookieAuthenticator.authenticate',
  },
  reauthentication: {
    says: 'prompt=login, an expired max_age and a stale kc_action ask for everything again',
    source: 'OIDCLoginProtocol.requireReauthentication, CookieAuthenticator.authenticate',
  },
  'level-first': {
    says: 'As long as no level is reached, every level condition is met',
    source: 'ConditionalLoaAuthenticator.matchCondition',
  },
  'level-not-requested': {
    says: 'A level above the requested one is skipped',
    source: 'ConditionalLoaAuthenticator.matchCondition',
  },
  'level-in-session': {
    says: 'A level that the session proved within its max age is not asked again',
    source: 'ConditionalLoaAuthenticator.matchCondition, AcrStore.isLevelAuthenticatedInPreviousAuth',
  },
  'level-asked': {
    says: 'A requested level that the session does not hold is asked',
    source: 'ConditionalLoaAuthenticator.matchCondition',
  },
  'level-reached': {
    says: 'A level is reached when its subflow succeeds, whatever its steps were',
    source: 'ConditionalLoaAuthenticator.onParentFlowSuccess',
  },
  'essential-not-reached': {
    says: 'An essential level that was not reached is refused, if a level condition was met in this login',
    source: 'ConditionalLoaAuthenticator.onTopFlowSuccess',
  },
  'level-stamped': {
    says: 'auth-flow-loa of a client policy becomes the level, if it is higher, without any proof of its own',
    source: 'AcrStore.setAuthFlowLevelAuthenticatedToCurrentRequest',
  },
  'unknown-acr': {
    says: 'An unknown acr that is not essential counts as level 0',
    source: 'AuthorizationEndpoint.updateAuthenticationSession',
  },
  'lowest-acr': {
    says: 'Of several requested acr values the lowest level is asked for',
    source: 'AuthorizationEndpoint.updateAuthenticationSession',
  },
  'default-acr': {
    says: 'default.acr.values counts when the request names no acr',
    source: 'AcrUtils.getAcrValues',
  },
  'minimum-acr': {
    says: 'minimum.acr.value raises a lower or unknown request',
    source: 'AcrUtils.enforceMinimumAcr',
  },
  'level-for-action': {
    says: 'kc_action for a credential asks for the level of that credential, as far as the user can reach it',
    source: 'AcrStore.getRequestedLevelOfAuthenticationByKcAction',
  },
  'saml-ecp': {
    says: 'A SAML client that allows ECP takes a name and a password without a browser, by the flow "saml ecp" alone',
    source: 'SamlEcpProfileService.getAuthenticationFlow, HttpBasicAuthenticator',
  },
  'service-account': {
    says: "client_credentials gives a token of the client's own account, for its secret; its acr is that of level 1",
    source: 'ClientCredentialsGrantType.process, AcrProtocolMapper.getAcr',
  },
  'token-exchange': {
    says: "A token that has the client in its audience is exchanged for one with any of the client's scopes, without a level",
    source: 'StandardTokenExchangeProvider.tokenExchange, TokenManager.attachAuthenticationSession',
  },
  'jwt-grant': {
    says: "An identity provider's JWT gives a token of the account that is linked, with any scope; no flow runs",
    source: 'JWTAuthorizationGrantType.process',
  },
  ciba: {
    says: "The authentication channel's word gives a token of the user with any scope, without a level; no flow runs",
    source: 'BackchannelAuthenticationCallbackEndpoint.processAuthenticationChannelResult, CibaGrantType.process',
  },
  'saml-context': {
    says: 'A SAML login must reach the first requested class that suits, else the minimum of the client',
    source: 'SamlService.loginRequest, SamlProtocolUtils.getSelectedLoA',
  },
  'saml-without-classes': {
    says: 'Without a map of classes, what a SAML client asks for and its minimum count for nothing',
    source: 'SamlService.loginRequest, AcrUtils.getUriLoaMap',
  },
  'saml-minimum-unknown': {
    says: 'A minimum of a SAML client that the map of classes lacks counts for nothing',
    source: 'SamlService.loginRequest, SamlProtocolUtils.getSelectedLoA',
  },
  'saml-without-request': {
    says: 'A SAML login that Keycloak begins asks for no level, whatever the minimum of the client is',
    source: 'SamlService.getOrCreateLoginSessionForIdpInitiatedSso',
  },
  'first-broker-login': {
    says: 'An identity that is linked to nobody runs the first broker login flow, which begins from nothing',
    source: 'IdentityBrokerService.authenticated, AuthenticationProcessor.resetFlow',
  },
  'account-found': {
    says: "The identity has an account's e-mail address, unless addresses may be used twice, or its user name",
    source: 'IdpCreateUserIfUniqueAuthenticator.checkExistingUser',
  },
  'account-created': {
    says: 'An identity whose name and address no account has gets an account of its own',
    source: 'IdpCreateUserIfUniqueAuthenticator.authenticateImpl',
  },
  'linked-without-proof': {
    says: 'idp-auto-link links the account that was found without a proof of it',
    source: 'IdpAutoLinkAuthenticator.authenticateImpl',
  },
  'post-broker-login': {
    says: 'After the login at the identity provider the post login flow runs, with the account known',
    source: 'IdentityBrokerService.finishOrRedirectToPostBrokerLogin',
  },
  'no-post-login-flow': {
    says: 'Without a post login flow the login at the identity provider ends in a code, whatever level is asked for',
    source: 'IdentityBrokerService.finishBrokerAuthentication',
  },
  denied: { says: 'deny-access-authenticator ends the login', source: 'DenyAccessAuthenticator.authenticate' },
  allowed: {
    says: 'allow-access-authenticator succeeds without a proof',
    source: 'AllowAccessAuthenticator.authenticate',
  },
  'otp-skipped': {
    says: 'auth-conditional-otp-form succeeds without an OTP when its config says skip',
    source: 'ConditionalOtpFormAuthenticator.authenticate',
  },
  'invalid-scope': {
    says: 'A request for a scope that is neither a default nor an optional one of the client is refused',
    source: 'TokenManager.isValidScope, AuthorizationEndpointChecker.checkValidScope',
  },
  restarted: {
    says: 'A login begun anew keeps what was asked for, and forgets the flow and the level that client policies chose',
    source: 'LoginActionsService.restartSession, AuthenticationProcessor.resetFlow, RestartLoginCookie.restartSession',
  },
  'flow-of-reset': {
    says: 'A forgotten password runs the reset credentials flow of the realm in place of the login, and ends as a login does',
    source: 'LoginActionsService.processResetCredentials, ResetCredentialsActionTokenHandler.handleToken',
  },
  'door-midway': {
    says: 'A reset or a provider in the middle of a login keeps the levels proved until then; later rules of the login are not asked',
    source: 'SessionCodeChecks.initialVerify, LoginActionsService.resetCredentials, IdentityBrokerService.performLogin',
  },
  'ends-without-tokens': {
    says: 'With force-login the reset ends on a page that says so, and the user logs in anew',
    source: 'ResetCredentialEmail.forceLogin, AuthenticationManager.finishedRequiredActions',
  },
  'flow-of-registration': {
    says: 'A registration runs the registration flow of the realm in place of the login, and ends as a login does',
    source: 'LoginActionsService.registerRequest, RegistrationUserCreation.success',
  },
  'credential-deleted': {
    says: 'A credential may be deleted at the level at which it stands in the flow of the client or the realm, or at none',
    source:
      'DeleteCredentialAction.processAction, CredentialDeleteHelper.checkAuthenticatedLoASufficientForCredentialRemove',
  },
  'profile-changed': {
    says: 'Actions that are about no credential ask for no level: the profile, the address, a linked identity, the account',
    source:
      'UpdateProfile, UpdateEmail, IdpLinkAction, DeleteAccount, AcrStore.getRequestedLevelOfAuthenticationByKcAction',
  },
  'own-certificate': {
    says: 'A certificate belongs to the account whose address, name or attribute it has, and users may edit those',
    source: 'X509ClientCertificateAuthenticator.authenticate, UserIdentityToModelMapper',
  },
  'grant-ignores-acr': {
    says: 'The password and device grants ignore acr_values, defaults and minimum',
    source: 'ResourceOwnerPasswordCredentialsGrantType.process, DeviceEndpoint',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;
