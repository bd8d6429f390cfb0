import { AuthenticationFlow, execution, fromNetworks, otpUnlessFrom, StepUpFlow, StepUpRealm } from '../../lib';
import { level, resourcesOf, testStack } from '../support/stack';

const OFFICE = fromNetworks(['192.0.2.0/24']);
const HEADER = { header: 'X-Client-Address' };

describe('otpUnlessFrom', () => {
  test("asks for the one-time password unless the proxy's header names an address of the networks", () => {
    const stack = testStack();
    const levels = [
      level(stack, { acr: 'silver', loa: 1 }),
      level(stack, { acr: 'gold', loa: 2, provedBy: otpUnlessFrom(OFFICE, HEADER) }),
    ];
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels });
    new StepUpFlow(stack, 'browser', { realm });
    const configs = Object.values(resourcesOf(stack, 'keycloak_authentication_execution_config'));
    const config = configs.map((each) => each.config).find((each) => 'defaultOtpOutcome' in each);
    expect(config).toMatchObject({ defaultOtpOutcome: 'force', 'default.reference.value': 'otp-or-network' });
    const pattern = new RegExp(`^(?:${config.noOtpRequiredForHeaderPattern})$`);
    expect(pattern.test('X-Client-Address: 192.0.2.17')).toBe(true);
    expect(pattern.test('X-Client-Address: 192.0.3.17')).toBe(false);
    expect(pattern.test('X-Forwarded-For: 192.0.2.17')).toBe(false);
    expect(pattern.test('X-Client-Address: 203.0.113.5, 192.0.2.17')).toBe(false);
  });

  test('is an execution of any flow, too', () => {
    const stack = testStack();
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [level(stack, { acr: 'silver', loa: 1 })] });
    const [step] = otpUnlessFrom(OFFICE, HEADER).steps;
    new AuthenticationFlow(stack, 'flow', {
      realm,
      name: 'own',
      nodes: [
        execution('auth-username-password-form'),
        execution(step?.authenticator as string, { config: step?.config }),
      ],
    });
    const authenticators = Object.values(resourcesOf(stack, 'keycloak_authentication_execution')).map(
      ({ authenticator }) => authenticator,
    );
    expect(authenticators).toContain('auth-conditional-otp-form');
  });

  test.each(['', 'X-Client-Address:', 'X Client', 'X-Client.*', 'x|y', 'X-Client\n'])(
    'refuses the header %j',
    (header) => {
      const provedBy = otpUnlessFrom(OFFICE, { header });
      expect(() => level(testStack(), { acr: 'gold', loa: 2, provedBy })).toThrow(
        /^test\/level-gold-2: header ".*X-Client-Address"\.$/s,
      );
      expect(() => provedBy.steps).toThrow(/^otpUnlessFrom: header ".*X-Client-Address"\.$/s);
    },
  );

  test('refuses the header Forwarded, whose value is no address', () => {
    const provedBy = otpUnlessFrom(OFFICE, { header: 'forwarded' });
    expect(() => level(testStack(), { acr: 'gold', loa: 2, provedBy })).toThrow(
      /^test\/level-gold-2: header "forwarded": .*RFC 7239/,
    );
  });
});
