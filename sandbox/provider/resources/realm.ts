import { compareVersions } from '../../../model/keycloak/versions';
import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { sameDuration, seconds } from '../engine/codecs';
import { requireProvider, requireTheme } from '../engine/server-info';
import { at, block, type Field, held, type ResourceTable } from '../engine/table';
import { UserError } from '../protocol/diagnostics';
import { bindingFields } from './authentication-bindings';
import { securityDefenses } from './realm-security';
import { smtpServer } from './realm-smtp';

const REALM = '/admin/realms/{realm}';

const lifespan = (property: string): Field => at(property, { codec: seconds, same: sameDuration });

const themes = { login_theme: 'login', account_theme: 'account', admin_theme: 'admin', email_theme: 'email' };

const otpPolicy = block(
  {
    type: at('otpPolicyType', { default: 'totp', oneOf: ['totp', 'hotp'] }),
    algorithm: at('otpPolicyAlgorithm', { default: 'HmacSHA1', oneOf: ['HmacSHA1', 'HmacSHA256', 'HmacSHA512'] }),
    digits: at('otpPolicyDigits', { default: 6, omitZero: true }),
    initial_counter: at('otpPolicyInitialCounter', { default: 2, omitZero: true }),
    look_ahead_window: at('otpPolicyLookAheadWindow', { default: 1, omitZero: true }),
    period: at('otpPolicyPeriod', { default: 30, omitZero: true }),
    code_reusable: at('otpPolicyCodeReusable', { default: false }),
  },
  { computed: true },
);

const UNSET = 'not specified';

function webAuthnPolicy(prefix: string, more: Record<string, Field> = {}): Field {
  const choice = (property: string, ...values: string[]) =>
    at(prefix + property, { default: UNSET, oneOf: [UNSET, ...values] });
  return block(
    {
      acceptable_aaguids: at(`${prefix}AcceptableAaguids`),
      extra_origins: at(`${prefix}ExtraOrigins`, { omitZero: true }),
      attestation_conveyance_preference: choice(
        'AttestationConveyancePreference',
        'none',
        'indirect',
        'direct',
        'enterprise',
      ),
      authenticator_attachment: choice('AuthenticatorAttachment', 'platform', 'cross-platform'),
      avoid_same_authenticator_register: at(`${prefix}AvoidSameAuthenticatorRegister`, { default: false }),
      create_timeout: at(`${prefix}CreateTimeout`, { default: 0 }),
      require_resident_key: choice('RequireResidentKey', 'Yes', 'No'),
      discoverable_credential: at(`${prefix}ResidentKey`, {
        default: UNSET,
        oneOf: [UNSET, 'required', 'preferred', 'discouraged'],
        omitZero: true,
        codec: { encode: (value) => value, decode: (raw) => String(raw || UNSET) },
      }),
      relying_party_entity_name: at(`${prefix}RpEntityName`, { default: 'keycloak' }),
      relying_party_id: at(`${prefix}RpId`, { default: '' }),
      signature_algorithms: at(`${prefix}SignatureAlgorithms`),
      user_verification_requirement: choice('UserVerificationRequirement', 'required', 'preferred', 'discouraged'),
      ...more,
    },
    { computed: true },
  );
}

const internationalization: Field = {
  block: { supported_locales: held(), default_locale: held() },
  write: (_value, realm, change) => {
    const settings = change.block('internationalization');
    realm.internationalizationEnabled = settings !== undefined;
    realm.supportedLocales = settings?.supported_locales ?? [];
    realm.defaultLocale = settings?.default_locale ?? '';
  },
  read: (realm) =>
    realm.internationalizationEnabled === true
      ? [
          {
            supported_locales: (realm.supportedLocales ?? []) as string[],
            default_locale: (realm.defaultLocale ?? '') as string,
          },
        ]
      : [],
};

/** A realm. Its id in Terraform is its name. An update sends every attribute, so what the console changed is undone. */
export const realm: ResourceTable = {
  fields: {
    realm: at('realm', { forceNew: true }),
    internal_id: at('id', {
      forceNew: true,
      write: (value, representation, change) => {
        representation.id = value || change.text('realm');
      },
    }),
    enabled: at('enabled', { default: true }),
    display_name: at('displayName', { keepUnset: true }),
    display_name_html: at('displayNameHtml', { keepUnset: true }),
    user_managed_access: at('userManagedAccessAllowed', { default: false }),
    organizations_enabled: at('organizationsEnabled', { default: false, omitZero: true }),
    admin_permissions_enabled: at('adminPermissionsEnabled', { omitZero: true }),
    terraform_deletion_protection: held({ default: false }),

    registration_allowed: at('registrationAllowed'),
    registration_email_as_username: at('registrationEmailAsUsername'),
    edit_username_allowed: at('editUsernameAllowed'),
    reset_password_allowed: at('resetPasswordAllowed'),
    remember_me: at('rememberMe'),
    verify_email: at('verifyEmail'),
    login_with_email_allowed: at('loginWithEmailAllowed'),
    duplicate_emails_allowed: at('duplicateEmailsAllowed'),
    ssl_required: at('sslRequired', { default: 'external', oneOf: ['none', 'external', 'all'] }),

    login_theme: at('loginTheme', { omitZero: true }),
    account_theme: at('accountTheme', { omitZero: true }),
    admin_theme: at('adminTheme', { omitZero: true }),
    email_theme: at('emailTheme', { omitZero: true }),

    default_signature_algorithm: at('defaultSignatureAlgorithm'),
    revoke_refresh_token: at('revokeRefreshToken', { default: false }),
    refresh_token_max_reuse: at('refreshTokenMaxReuse', { default: 0 }),
    sso_session_idle_timeout: lifespan('ssoSessionIdleTimeout'),
    sso_session_max_lifespan: lifespan('ssoSessionMaxLifespan'),
    sso_session_idle_timeout_remember_me: lifespan('ssoSessionIdleTimeoutRememberMe'),
    sso_session_max_lifespan_remember_me: lifespan('ssoSessionMaxLifespanRememberMe'),
    offline_session_idle_timeout: lifespan('offlineSessionIdleTimeout'),
    offline_session_max_lifespan: lifespan('offlineSessionMaxLifespan'),
    offline_session_max_lifespan_enabled: at('offlineSessionMaxLifespanEnabled', { default: false, omitZero: true }),
    client_session_idle_timeout: lifespan('clientSessionIdleTimeout'),
    client_session_max_lifespan: lifespan('clientSessionMaxLifespan'),
    access_token_lifespan: lifespan('accessTokenLifespan'),
    access_token_lifespan_for_implicit_flow: lifespan('accessTokenLifespanForImplicitFlow'),
    access_code_lifespan: lifespan('accessCodeLifespan'),
    access_code_lifespan_login: lifespan('accessCodeLifespanLogin'),
    access_code_lifespan_user_action: lifespan('accessCodeLifespanUserAction'),
    action_token_generated_by_user_lifespan: lifespan('actionTokenGeneratedByUserLifespan'),
    action_token_generated_by_admin_lifespan: lifespan('actionTokenGeneratedByAdminLifespan'),
    oauth2_device_code_lifespan: lifespan('oauth2DeviceCodeLifespan'),
    oauth2_device_polling_interval: at('oauth2DevicePollingInterval', { omitZero: true }),

    password_policy: at('passwordPolicy'),
    attributes: at('attributes', { managedKeys: true }),
    default_default_client_scopes: at('defaultDefaultClientScopes', { omitZero: true }),
    default_optional_client_scopes: at('defaultOptionalClientScopes', { omitZero: true }),
    ...bindingFields,

    internationalization,
    smtp_server: smtpServer,
    security_defenses: securityDefenses,
    otp_policy: otpPolicy,
    web_authn_policy: webAuthnPolicy('webAuthnPolicy'),
    web_authn_passwordless_policy: webAuthnPolicy('webAuthnPolicyPasswordless', {
      passwordless_passkeys_enabled: at('webAuthnPolicyPasswordlessPasskeysEnabled'),
    }),
  },
  imports: ['{id}'],
  check: checkRealm,
  create: async (change) => {
    await change.api.post('/admin/realms', {}, await knownToServer(change));
    change.created(change.text('realm'));
    change.api.forgetToken();
    return change.id;
  },
  read: ({ api, id }) => api.get(REALM, { realm: id }),
  update: async (change) => {
    const { api, id } = change;
    const representation = await knownToServer(change);
    return api.exclusive(`realm ${id}`, () => api.put(REALM, { realm: id }, representation));
  },
  delete: async (change) => {
    const { api, id } = change;
    if (change.flag('terraform_deletion_protection')) {
      throw new UserError(
        `realm ${id} is protected: set terraform_deletion_protection to false and apply before deleting it`,
      );
    }
    await api.deleteTwice(REALM, { realm: id });
  },
};

/** What the provider's own defaults are, and the release whose realms have the property: an older one refuses what it doesn't know. */
const DEFAULTS_SINCE: readonly (readonly [property: string, value: unknown, since: string])[] = [
  ['webAuthnPolicyResidentKey', UNSET, '26.7.0'],
  ['webAuthnPolicyPasswordlessResidentKey', UNSET, '26.7.0'],
  ['webAuthnPolicyPasswordlessPasskeysEnabled', false, '26.3.0'],
  ['bruteForceStrategy', 'MULTIPLE', '26.0.0'],
];

async function knownToServer({ api, representation }: Change): Promise<Representation> {
  const { systemInfo } = (await api.serverInfo()) as { systemInfo?: { version?: string } };
  const version = systemInfo?.version;
  if (version === undefined) return representation;
  const unknown = DEFAULTS_SINCE.filter(
    ([property, value, since]) => compareVersions(version, since) < 0 && representation[property] === value,
  ).map(([property]) => property);
  return Object.fromEntries(Object.entries(representation).filter(([property]) => !unknown.includes(property)));
}

async function checkRealm(change: Change): Promise<void> {
  if (change.flag('duplicate_emails_allowed') && change.flag('registration_email_as_username')) {
    throw new UserError('duplicate_emails_allowed and registration_email_as_username cannot both be true');
  }
  if (change.flag('duplicate_emails_allowed') && change.flag('login_with_email_allowed')) {
    throw new UserError('duplicate_emails_allowed and login_with_email_allowed cannot both be true');
  }
  const locales = change.block('internationalization');
  if (locales && !(locales.supported_locales as string[]).includes(String(locales.default_locale))) {
    throw new UserError('default_locale must be one of supported_locales');
  }
  for (const [name, kind] of Object.entries(themes)) await requireTheme(change.api, kind, change.text(name));
  const policies = change.text('password_policy').split(' and ').filter(Boolean);
  for (const policy of policies) await requireProvider(change.api, 'password-policy', policy.split('(')[0] as string);
}
