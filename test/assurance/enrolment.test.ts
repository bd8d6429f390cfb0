import {
  AuthenticationFlow,
  condition,
  enrolAt,
  execution,
  Factor,
  ProofFlow,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpPolicy,
  StepUpRealm,
  type StepUpRealmProps,
  subflow,
  WhenRequest,
} from '../../lib';
import { level, resourcesOf, testStack } from '../support/stack';

const { otp, webAuthn, recoveryCode, passkey, password, usernameThenPasskey, x509, anyOf, allOf } = Factor;

/** A realm whose gold users enrol themselves. */
function openRealm(props: Partial<StepUpRealmProps> = {}) {
  const stack = testStack();
  const silver = level(stack, { acr: 'silver', loa: 1 });
  const gold = level(stack, { acr: 'gold', loa: 2, unenrolled: 'enrol' });
  const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver, gold], ...props });
  return { stack, silver, gold, realm };
}

describe('A level that lets users enrol', () => {
  test.each([otp(), anyOf(otp(), webAuthn()), allOf(webAuthn(), anyOf(otp(), recoveryCode())), passkey()])(
    'takes the factor $name',
    (provedBy) => {
      expect(level(testStack(), { acr: 'gold', loa: 2, provedBy, unenrolled: 'enrol' }).unenrolled).toBe('enrol');
    },
  );

  test.each([
    [password(), /cannot enrol them/],
    [x509(), /cannot enrol them/],
    [usernameThenPasskey(), /anybody who knows a name could enrol/],
    [allOf(usernameThenPasskey(), otp()), /anybody who knows a name could enrol/],
    [anyOf(x509(), otp()), /alternatives x509-or-otp/],
    [anyOf(webAuthn(), allOf(otp(), recoveryCode())), /cannot tell who owns none/],
    [allOf(otp(), anyOf(x509(), webAuthn())), /alternatives x509-or-webauthn/],
  ])('refuses the factor $name', (provedBy, message) => {
    const create = () => level(testStack(), { acr: 'gold', loa: 2, provedBy, unenrolled: 'enrol' });
    expect(create).toThrow(/^test\/level-gold-2: unenrolled for /);
    expect(create).toThrow(message);
    expect(level(testStack(), { acr: 'gold', loa: 2, provedBy }).unenrolled).toBe('deny');
  });

  test('refuses to share a required action with a level that denies', () => {
    const stack = testStack();
    const silver = level(stack, { acr: 'silver', loa: 1 });
    const gold = level(stack, { acr: 'gold', loa: 2 });
    const both = allOf(otp(), webAuthn());
    const top = level(stack, { acr: 'top', loa: 3, provedBy: both, unenrolled: enrolAt(gold) });
    expect(() => new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver, gold, top] })).toThrow(
      /level "gold" with unenrolled 'deny': level "top" opens the required action CONFIGURE_TOTP/,
    );
  });

  test('shares none with a level of other credentials', () => {
    const stack = testStack();
    const silver = level(stack, { acr: 'silver', loa: 1 });
    const gold = level(stack, { acr: 'gold', loa: 2 });
    const top = level(stack, { acr: 'top', loa: 3, provedBy: webAuthn(), unenrolled: enrolAt(gold) });
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver, gold, top] });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    const actions = Object.values(resourcesOf(stack, 'keycloak_required_action'));
    expect(Object.fromEntries(actions.map(({ alias, enabled }) => [alias, enabled]))).toEqual({
      CONFIGURE_TOTP: false,
      CONFIGURE_RECOVERY_AUTHN_CODES: false,
      'webauthn-register': true,
      'webauthn-register-passwordless': false,
      UPDATE_PASSWORD: true,
      delete_credential: false,
    });
  });
});

describe('The realm of a level that lets users enrol', () => {
  test('takes flows in which owners of its credential are asked for it', () => {
    const { stack, realm, gold } = openRealm();
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    new ProofFlow(stack, 'proof', { realm, level: gold });
    new AuthenticationFlow(stack, 'nobody', { realm, name: 'nobody', nodes: [execution('deny-access-authenticator')] });
    expect(resourcesOf(stack, 'keycloak_realm')).not.toEqual({});
  });

  test("refuses Keycloak's own browser flow", () => {
    const { stack } = openRealm();
    expect(() => resourcesOf(stack, 'keycloak_realm')).toThrow(
      /\[test\/realm\] level "gold", which lets users enrol: Keycloak's own browser flow is bound/,
    );
  });

  test.each<[string, (parts: ReturnType<typeof openRealm>) => void]>([
    [
      'a rule asks for the level',
      ({ stack, realm, gold }) => {
        const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
        new StepUpFlow(stack, 'weak', { realm, name: 'weak', scopes: [payments] });
      },
    ],
    [
      'the level is missing',
      ({ stack, realm, silver }) => new StepUpFlow(stack, 'weak', { realm, name: 'weak', levels: [silver] }),
    ],
    [
      'a lower level is proved each time',
      ({ stack, realm, silver }) => new ProofFlow(stack, 'weak', { realm, level: silver }),
    ],
    [
      'the credential is asked for at a lower level',
      ({ stack, realm }) =>
        new AuthenticationFlow(stack, 'weak', {
          realm,
          name: 'weak',
          nodes: [
            subflow('low', 'CONDITIONAL', [
              condition('conditional-level-of-authentication', { 'loa-condition-level': '1' }),
              execution('auth-username-password-form'),
              execution('auth-otp-form'),
            ]),
          ],
        }),
    ],
  ])('refuses a flow in which %s', (_what, build) => {
    const parts = openRealm();
    const { stack, realm } = parts;
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    build(parts);
    expect(() => resourcesOf(stack, 'keycloak_realm')).toThrow(/in test\/weak users who own its credential can add/);
  });

  test('does not look at the flow of the direct grant, in which nobody enrols', () => {
    const { stack, realm, silver } = openRealm();
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    realm.bindDirectGrantFlow(new StepUpFlow(stack, 'grant', { realm, name: 'grant', levels: [silver] }));
    expect(resourcesOf(stack, 'keycloak_realm')).not.toEqual({});
  });

  /** A client whose password grant has a flow that asks for a password alone. */
  function clientWithGrant() {
    const parts = openRealm({ passwordGrant: 'allow' });
    const { stack, realm } = parts;
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    const grant = new AuthenticationFlow(stack, 'grant', {
      realm,
      name: 'grant',
      nodes: [execution('direct-grant-validate-username'), execution('direct-grant-validate-password')],
    });
    const props = { realm, validRedirectUris: ['https://shop.example.com/callback'] };
    new StepUpClient(stack, 'shop', { ...props, clientId: 'shop', directGrantFlow: grant });
    return { ...parts, grant, props };
  }

  test("does not look at a client's own flow of the direct grant either", () => {
    const { stack } = clientWithGrant();
    expect(resourcesOf(stack, 'keycloak_realm')).not.toEqual({});
  });

  test.each<[string, (parts: ReturnType<typeof clientWithGrant>) => void]>([
    [
      'the browser flow of another client',
      ({ stack, grant, props }) =>
        new StepUpClient(stack, 'other', { ...props, clientId: 'other', browserFlow: grant }),
    ],
    [
      'a flow of nothing that the realm knows of',
      ({ stack, realm }) =>
        new AuthenticationFlow(stack, 'unused', { realm, name: 'unused', nodes: [execution('auth-otp-form')] }),
    ],
  ])('looks at %s', (_what, build) => {
    const parts = clientWithGrant();
    build(parts);
    expect(() => resourcesOf(parts.stack, 'keycloak_realm')).toThrow(
      /in test\/(grant|unused) users who own its credential can add/,
    );
  });

  test('looks at a flow of the direct grant that a client policy enforces on browsers', () => {
    const { stack, realm, silver, props } = clientWithGrant();
    const flow = new ProofFlow(stack, 'proof', { realm, level: silver });
    new StepUpClient(stack, 'other', { ...props, clientId: 'other', directGrantFlow: flow });
    expect(resourcesOf(stack, 'keycloak_realm')).not.toEqual({});
    new StepUpPolicy(stack, 'policy', { flow, when: [WhenRequest.anyClient()] });
    expect(() => resourcesOf(stack, 'keycloak_realm')).toThrow(/in test\/proof users who own its credential can add/);
  });
});
