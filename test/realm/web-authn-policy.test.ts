import { Duration, StepUpRealm, type WebAuthnPolicy } from '../../lib';
import { level, realmStack, resourceOf, testStack } from '../support/stack';

function realmWith(webAuthnPasswordlessPolicy: WebAuthnPolicy) {
  const stack = testStack();
  const levels = [level(stack, { acr: 'a', loa: 1 })];
  new StepUpRealm(stack, 'realm', { name: 'acme', levels, webAuthnPasswordlessPolicy });
  return resourceOf(stack, 'keycloak_realm').web_authn_passwordless_policy;
}

describe('WebAuthn policies', () => {
  test('passkeys verify their user and are discoverable where nothing is said, and do not answer the password form', () => {
    expect(resourceOf(realmStack().stack, 'keycloak_realm').web_authn_passwordless_policy).toMatchObject({
      user_verification_requirement: 'required',
      discoverable_credential: 'required',
      require_resident_key: 'Yes',
      passwordless_passkeys_enabled: false,
    });
  });

  test('a second factor is any authenticator where nothing is said', () => {
    const policy = resourceOf(realmStack().stack, 'keycloak_realm').web_authn_policy;
    expect(policy).toMatchObject({
      user_verification_requirement: 'preferred',
      discoverable_credential: 'discouraged',
      require_resident_key: 'No',
      authenticator_attachment: 'not specified',
      signature_algorithms: ['ES256', 'RS256'],
      create_timeout: 0,
    });
    expect(policy).not.toHaveProperty('passwordless_passkeys_enabled');
  });

  test('asks for an attestation when it lists makes of authenticators', () => {
    const aaguid = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
    expect(realmWith({ acceptableAaguids: [aaguid] })).toMatchObject({
      acceptable_aaguids: [aaguid],
      attestation_conveyance_preference: 'direct',
    });
  });

  test.each([
    [{ timeout: Duration.seconds(0) }, /webAuthnPasswordlessPolicy\.timeout of 0 seconds/],
    [{ timeout: 60 as never }, /^test\/realm: webAuthnPasswordlessPolicy\.timeout 60: it is no Duration/],
    [{ timeout: 0 as never }, /^test\/realm: webAuthnPasswordlessPolicy\.timeout 0: it is no Duration/],
    [{ signatureAlgorithms: [] }, /webAuthnPasswordlessPolicy\.signatureAlgorithms \[\]/],
    [{ acceptableAaguids: ['x'], attestation: 'none' }, /acceptableAaguids with attestation 'none'/],
  ] satisfies [WebAuthnPolicy, RegExp][])('refuses %j', (policy, message) => {
    expect(() => realmWith(policy)).toThrow(message);
  });
});
