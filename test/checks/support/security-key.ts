import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { load } from 'cheerio';

/**
 * A security key that was touched and does not ask for a PIN: user present, user not verified.
 *
 * @see W3C, Web Authentication Level 2, sections 6.1 and 7.2
 */
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const CREDENTIAL_ID = Buffer.from('checks-security-key-of-bob').toString('base64url');
const USER_PRESENT = 0x01;

/** The key as Keycloak stores it (`WebAuthnCredentialModel`). */
export function keyCredential(): object {
  return {
    type: 'webauthn-passwordless',
    userLabel: 'imported',
    secretData: '{}',
    credentialData: JSON.stringify({
      aaguid: '00000000-0000-0000-0000-000000000000',
      credentialId: CREDENTIAL_ID,
      counter: 0,
      credentialPublicKey: coseKey().toString('base64url'),
      attestationStatementFormat: 'none',
    }),
  };
}

/** What the key answers to a page of Keycloak's that asks for it: the fields of its form. */
export function touch(html: string, url: URL, userId: string): Record<string, string> {
  const challenge = /challenge\s*:\s*['"]([\w-]+)['"]/.exec(html)?.[1];
  if (challenge === undefined) throw new Error('The page has no challenge');
  const clientData = Buffer.from(
    JSON.stringify({ type: 'webauthn.get', challenge, origin: url.origin, crossOrigin: false }),
  );
  const authenticatorData = Buffer.concat([sha256(url.hostname), Buffer.from([USER_PRESENT, 0, 0, 0, 1])]);
  const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
  return {
    clientDataJSON: clientData.toString('base64url'),
    authenticatorData: authenticatorData.toString('base64url'),
    signature: signature.toString('base64url'),
    credentialId: CREDENTIAL_ID,
    userHandle: Buffer.from(userId).toString('base64url'),
    error: '',
  };
}

/** Where the page's form is sent. */
export function formAction(html: string): string {
  const action = load(html)('#webauth').attr('action');
  if (action === undefined) throw new Error('The page does not ask for a security key');
  return action;
}

/** An ES256 key on P-256 (RFC 9053, section 7.1.1). */
function coseKey(): Buffer {
  const { x, y } = publicKey.export({ format: 'jwk' });
  const bytes = (value: string | undefined) =>
    Buffer.concat([Buffer.from([0x58, 32]), Buffer.from(value ?? '', 'base64url')]);
  // A map of 5: kty EC2, alg ES256, crv P-256, x, y.
  const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]);
  return Buffer.concat([head, bytes(x), Buffer.from([0x22]), bytes(y)]);
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
