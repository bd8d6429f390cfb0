import { Testing } from 'cdktf';
import { bindings, Factor, StepUpFlow, StepUpRealm, type StepUpRealmProps, type X509Options } from '../../lib';
import { level, resourceOf, testStack } from '../support/stack';

type Attribute = bindings.realmUserProfile.RealmUserProfileAttribute;

function certificateStack(options: X509Options, props: Partial<StepUpRealmProps> = {}) {
  const stack = testStack();
  const levels = [
    level(stack, { acr: 'silver', loa: 1 }),
    level(stack, { acr: 'gold', loa: 2, provedBy: Factor.anyOf(Factor.otp(), Factor.x509(options)) }),
  ];
  const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels, ...props });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
  return { stack, realm };
}

describe('Owners of certificates by user name', () => {
  test('the realm has no login by e-mail address, and no user name that users can edit', () => {
    expect(resourceOf(certificateStack({}).stack, 'keycloak_realm')).toMatchObject({
      login_with_email_allowed: false,
      edit_username_allowed: false,
    });
  });

  test('a realm without certificates has it, unless told otherwise', () => {
    const made = (props: Partial<StepUpRealmProps>) => {
      const stack = testStack();
      new StepUpRealm(stack, 'realm', { name: 'acme', levels: [level(stack, { acr: 'low', loa: 1 })], ...props });
      return resourceOf(stack, 'keycloak_realm').login_with_email_allowed;
    };
    expect(made({})).toBe(true);
    expect(made({ loginWithEmail: false })).toBe(false);
  });

  test('the login by e-mail address is refused', () => {
    const { stack } = certificateStack({}, { loginWithEmail: true });
    expect(() => Testing.synth(stack, true)).toThrow(
      /\[test\/realm\] level "gold", whose certificates .*userAttribute/,
    );
  });

  test('a user name that users can edit is refused', () => {
    const { stack, realm } = certificateStack({});
    realm.resource.editUsernameAllowed = true;
    expect(() => Testing.synth(stack, true)).toThrow(/level "gold", .* edit their user name .*editUsernameAllowed/);
  });
});

describe('Owners of certificates by a user attribute', () => {
  const employee = (...edit: string[]): Attribute => ({ name: 'employee', permissions: { view: ['admin'], edit } });
  const profiled = (attribute: Attribute[], unmanagedAttributePolicy?: string) => {
    const { stack, realm } = certificateStack({ userAttribute: 'employee' });
    new bindings.realmUserProfile.RealmUserProfile(stack, 'profile', {
      realmId: realm.realmId,
      attribute: [{ name: 'username' }, ...attribute],
      unmanagedAttributePolicy,
    });
    return () => Testing.synth(stack, true);
  };

  test('is taken where administrators alone can edit it', () => {
    expect(profiled([employee('admin')])).not.toThrow();
    expect(profiled([], 'ADMIN_EDIT')).not.toThrow();
    const { stack } = certificateStack({ userAttribute: 'employee' }, { loginWithEmail: true });
    expect(() => Testing.synth(stack, true)).toThrow(/no user profile of test\/realm/);
  });

  test.each([
    [[employee('admin', 'user')], undefined, /attribute "employee": users may edit it/],
    [[], undefined, /the user profile lacks it, so no user can have it/],
    [[], 'ENABLED', /lets users have any attribute that it lacks/],
  ] satisfies [Attribute[], string | undefined, RegExp][])(
    'is refused elsewhere: %j, %s',
    (attribute, unmanaged, message) => {
      expect(profiled(attribute, unmanaged)).toThrow(message);
    },
  );
});
