import type { RealmWebAuthnPasswordlessPolicy, RealmWebAuthnPolicy } from '@cdktf/provider-keycloak/lib/realm';
import type { IConstruct } from 'constructs';
import type { Duration } from '../assurance/duration';
import { wholeSeconds } from '../assurance/whole-seconds';
import { isOlderThan } from '../provider-line/keycloak-version';
import type { ProviderLine } from '../provider-line/provider-line';
import { insist } from '../support/configuration-error';

/** How security keys and passkeys are registered and checked. Source: Server Administration Guide, "Managing WebAuthn policy". */
export interface WebAuthnPolicy {
  /**
   * Name of the realm that authenticators show.
   * @default 'keycloak', Keycloak's own default
   */
  readonly relyingPartyName?: string;
  /**
   * The domain that credentials are bound to: the host of the login pages, or a parent of it. A change makes every
   * credential unusable. Source: Web Authentication Level 3, "RP ID".
   * @default the host of the login page
   */
  readonly relyingPartyId?: string;
  /**
   * Whether the authenticator must check who uses it, by a PIN or a fingerprint. What can't do that is refused by `required`.
   * @default 'preferred' for the second factor, which follows a password; 'required' for passkeys, which replace it
   */
  readonly userVerification?: 'required' | 'preferred' | 'discouraged';
  /**
   * Whether the credential is stored where it can be found without a user name.
   * @default 'discouraged' for the second factor; 'required' for passkeys
   */
  readonly discoverableCredential?: 'required' | 'preferred' | 'discouraged';
  /**
   * Built into the device (`platform`) or a separate one (`cross-platform`).
   * @default both
   */
  readonly authenticatorAttachment?: 'platform' | 'cross-platform';
  /**
   * What the authenticator says about its make at registration.
   * @default 'none', unless acceptableAaguids needs it: then 'direct'
   */
  readonly attestation?: 'none' | 'indirect' | 'direct' | 'enterprise';
  /**
   * The makes of authenticators that may be registered, by their AAGUIDs.
   * @default any
   */
  readonly acceptableAaguids?: readonly string[];
  /**
   * Signature algorithms that may be used, as COSE names them.
   * @default ES256 and RS256, Keycloak's own default
   */
  readonly signatureAlgorithms?: readonly ('ES256' | 'ES384' | 'ES512' | 'RS256' | 'RS384' | 'RS512' | 'EdDSA')[];
  /**
   * Whether an authenticator can be registered once only by each user.
   * @default false
   */
  readonly avoidSameAuthenticatorRegister?: boolean;
  /**
   * How long the user may take to use the authenticator. Whole seconds from 1.
   * @default what the browser allows
   */
  readonly timeout?: Duration;
}

/** Releases whose realms have `webAuthnPolicyResidentKey` and `webAuthnPolicyPasswordlessPasskeysEnabled`. */
const RESIDENT_KEY_SINCE = '26.7.0';
const PASSKEYS_SINCE = '26.3.0';

/** The realm's two policies: for the second factor (`webAuthn`) and for passkeys. */
export type WebAuthnUse = 'webAuthnPolicy' | 'webAuthnPasswordlessPolicy';

/**
 * A policy as the provider takes it.
 *
 * @throws ConfigurationError at `scope` on a timeout that Keycloak can't use, no algorithm, and on AAGUIDs without attestation
 */
export function webAuthnPolicyConfig(
  scope: IConstruct,
  use: WebAuthnUse,
  policy: WebAuthnPolicy,
  line: ProviderLine,
): RealmWebAuthnPolicy & RealmWebAuthnPasswordlessPolicy {
  const passwordless = use === 'webAuthnPasswordlessPolicy';
  const aaguids = policy.acceptableAaguids ?? [];
  const attestation = policy.attestation ?? (aaguids.length > 0 ? 'direct' : 'none');
  const timeout = timeoutOf(scope, `${use}.timeout`, policy);
  const algorithms = policy.signatureAlgorithms ?? ['ES256', 'RS256'];
  const discoverable = policy.discoverableCredential ?? (passwordless ? 'required' : 'discouraged');
  insist(scope, algorithms.length > 0, () => ({
    value: `${use}.signatureAlgorithms []`,
    why: 'no authenticator could be registered',
    instead: "Write ['ES256'], or leave it out",
  }));
  insist(scope, aaguids.length === 0 || attestation !== 'none', () => ({
    value: `${use}.acceptableAaguids with attestation 'none'`,
    why: 'browsers hide the AAGUID without an attestation, so every authenticator would be refused',
    instead: "Leave attestation out, or write 'direct'",
  }));
  // An older Keycloak refuses a realm with a property that it doesn't know; what requireResidentKey says is enough for it.
  const tellsResidentKey = line.source === 'keycloak/keycloak' && !isOlderThan(scope, RESIDENT_KEY_SINCE);
  insist(scope, !isOlderThan(scope, RESIDENT_KEY_SINCE) || policy.discoverableCredential !== 'preferred', () => ({
    value: `${use}.discoverableCredential 'preferred'`,
    why: `Keycloak knows it since ${RESIDENT_KEY_SINCE}; before, a discoverable credential is required or not`,
    instead: "Write 'required' or 'discouraged'",
  }));
  return {
    relyingPartyEntityName: policy.relyingPartyName ?? 'keycloak',
    relyingPartyId: policy.relyingPartyId ?? '',
    signatureAlgorithms: [...algorithms],
    attestationConveyancePreference: attestation,
    authenticatorAttachment: policy.authenticatorAttachment ?? 'not specified',
    userVerificationRequirement: policy.userVerification ?? (passwordless ? 'required' : 'preferred'),
    requireResidentKey: discoverable === 'required' ? 'Yes' : 'No',
    avoidSameAuthenticatorRegister: policy.avoidSameAuthenticatorRegister ?? false,
    createTimeout: timeout,
    acceptableAaguids: [...aaguids],
    ...(tellsResidentKey && { discoverableCredential: discoverable }),
    // On, it lets a passkey answer the form that asks for the password, and the level then says less than it did.
    ...(passwordless &&
      line.source === 'keycloak/keycloak' &&
      !isOlderThan(scope, PASSKEYS_SINCE) && { passwordlessPasskeysEnabled: false }),
  };
}

/** Keycloak takes 0 for no limit of its own. */
function timeoutOf(scope: IConstruct, prop: string, { timeout }: WebAuthnPolicy): number {
  if (timeout === undefined || timeout === null) return 0;
  return wholeSeconds(scope, prop, timeout, { least: 1, instead: 'Write Duration.seconds(60), or leave it out' });
}
