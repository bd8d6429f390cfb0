import { createHash, randomBytes } from 'node:crypto';
import type CredentialRepresentation from '@keycloak/keycloak-admin-client/lib/defs/credentialRepresentation';

const QUANTITY = 12;

/**
 * The sheet of recovery codes that a user wrote down. Keycloak asks for them in their order, each once.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_recovery-codes
 */
export class RecoveryCodes {
  readonly codes: readonly string[] = Array.from({ length: QUANTITY }, () =>
    randomBytes(6).toString('hex').toUpperCase(),
  );

  /** The credential as Keycloak stores it (RecoveryAuthnCodesCredentialModel): hashes, with their numbers from 1. */
  credential(): CredentialRepresentation {
    const codes = this.codes.map((code, index) => ({
      number: index + 1,
      encodedHashedValue: createHash('sha512').update(code).digest('base64'),
    }));
    return {
      type: 'recovery-authn-codes',
      userLabel: 'recovery codes',
      createdDate: Date.now(),
      secretData: JSON.stringify({ codes }),
      credentialData: JSON.stringify({ algorithm: 'SHA-512', totalCodes: QUANTITY, remainingCodes: QUANTITY }),
    };
  }
}
