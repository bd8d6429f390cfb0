import { generateKeyPairSync } from 'node:crypto';

/** Where logins of the tests' clients return to. Nothing listens there: a login that leads to it has left Keycloak. */
export const REDIRECT_URI = 'http://127.0.0.1:9/callback';

/** Of all imported users. Kept by nobody: the realms live for one test. */
export const PASSWORD = 'right';

/** Of the realms that this process imports. Keycloak takes seconds to make keys of its own, for each realm. */
const signingKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

const keyProvider = (providerId: string, config: Readonly<Record<string, readonly string[]>> = {}) => ({
  name: providerId,
  providerId,
  config: { priority: ['100'], ...config },
});

/** What the import of a realm that lives for one test has beside what is tested. */
export const IMPORTED_REALM = {
  enabled: true,
  sslRequired: 'none',
  // Hashing would take most of the time.
  passwordPolicy: 'hashAlgorithm(pbkdf2-sha256) and hashIterations(1)',
  // Keycloak reads an OTP policy only if it has a type.
  otpPolicyType: 'totp',
  otpPolicyAlgorithm: 'HmacSHA1',
  otpPolicyDigits: 6,
  otpPolicyPeriod: 30,
  otpPolicyLookAheadWindow: 1,
  otpPolicyCodeReusable: true,
  components: {
    'org.keycloak.keys.KeyProvider': [
      keyProvider('rsa', { privateKey: [signingKey] }),
      keyProvider('hmac-generated', { algorithm: ['HS512'] }),
      keyProvider('aes-generated'),
    ],
    'org.keycloak.userprofile.UserProfileProvider': [
      {
        providerId: 'declarative-user-profile',
        config: {
          'kc.user.profile.config': [
            JSON.stringify({
              attributes: [{ name: 'username' }, { name: 'email' }, { name: 'firstName' }, { name: 'lastName' }],
              // Lets users have the attributes that conditions look at.
              unmanagedAttributePolicy: 'ENABLED',
            }),
          ],
        },
      },
    ],
  },
};

/** An OTP of a user of such a realm; the characters of `secret` are the bytes of its key. */
export function importedOtp(secret: string) {
  return {
    type: 'otp',
    userLabel: 'imported',
    secretData: JSON.stringify({ value: secret }),
    credentialData: JSON.stringify({ subType: 'totp', digits: 6, period: 30, counter: 0, algorithm: 'HmacSHA1' }),
  };
}
