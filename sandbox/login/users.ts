import { randomBytes } from 'node:crypto';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type CredentialRepresentation from '@keycloak/keycloak-admin-client/lib/defs/credentialRepresentation';
import { TotpDevice, type TotpOptions } from './totp';

/** A user of a test or of the quickstart. */
export interface TestUser {
  readonly id: string;
  readonly username: string;
  /** Random; known here and, hashed, to Keycloak. */
  readonly password: string;
  /** The user's authenticator app, if they have one. */
  readonly totp?: TotpDevice;
}

export interface TestUserOptions {
  readonly username: string;
  /** Gives the user a one-time password credential. @default none */
  readonly totp?: true | TotpOptions;
  /** Further credentials, as Keycloak stores them. @default none */
  readonly credentials?: readonly CredentialRepresentation[];
  /** User attributes; a realm with the default user profile keeps unmanaged ones only if it says so. */
  readonly attributes?: Readonly<Record<string, string[]>>;
}

/**
 * Creates a user with a random password and, if asked, an authenticator app. The profile is complete, so that the first login
 * isn't interrupted by the required action "Verify profile". What a user of that name was before is replaced.
 *
 * @param admin client of the Admin REST API that may manage the realm's users
 */
export async function createUser(
  admin: KeycloakAdminClient,
  realm: string,
  { username, totp, credentials = [], attributes }: TestUserOptions,
): Promise<TestUser> {
  const password = randomBytes(18).toString('base64url');
  const device = totp && new TotpDevice(randomBytes(15).toString('base64url'), totp === true ? {} : totp);
  for (const old of await admin.users.find({ realm, username, exact: true })) {
    await admin.users.del({ realm, id: old.id as string });
  }
  const { id } = await admin.users.create({
    realm,
    username,
    enabled: true,
    firstName: username,
    lastName: 'Sandbox',
    email: `${username}@sandbox.invalid`,
    emailVerified: true,
    ...(attributes && { attributes }),
    credentials: [
      { type: 'password', value: password, temporary: false },
      ...(device ? [otpCredential(device)] : []),
      ...credentials,
    ],
  });
  return { id, username, password, ...(device && { totp: device }) };
}

/** An OTP credential as Keycloak stores it (OTPCredentialModel). */
function otpCredential({ secret, options }: TotpDevice) {
  const { digits, period, algorithm } = options;
  return {
    type: 'otp',
    userLabel: 'authenticator app',
    secretData: JSON.stringify({ value: secret }),
    credentialData: JSON.stringify({
      subType: 'totp',
      digits,
      period,
      counter: 0,
      algorithm: `Hmac${algorithm}`,
    }),
  };
}
