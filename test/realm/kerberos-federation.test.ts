import { KerberosFederation, type KerberosFederationProps } from '../../lib';
import { realmStack, resourceOf } from '../support/stack';

function synthesized(props: Partial<KerberosFederationProps> = {}) {
  const { stack, realm } = realmStack();
  new KerberosFederation(stack, 'users', {
    realm,
    kerberosRealm: 'EXAMPLE.COM',
    serverPrincipal: 'HTTP/login.example.com@EXAMPLE.COM',
    keyTab: '/etc/keycloak.keytab',
    ...props,
  });
  return resourceOf(stack, 'keycloak_custom_user_federation');
}

describe('KerberosFederation', () => {
  test('is a federation by the provider kerberos, by ticket alone and read only', () => {
    expect(synthesized()).toMatchObject({
      name: 'kerberos',
      provider_id: 'kerberos',
      enabled: true,
      config: {
        kerberosRealm: 'EXAMPLE.COM',
        serverPrincipal: 'HTTP/login.example.com@EXAMPLE.COM',
        keyTab: '/etc/keycloak.keytab',
        editMode: 'READ_ONLY',
        allowPasswordAuthentication: 'false',
        updateProfileFirstLogin: 'false',
      },
    });
  });

  test('lets users type their Kerberos password, and complete their profile, if it says so', () => {
    expect(synthesized({ allowPasswordAuthentication: true, updateProfileFirstLogin: true })).toMatchObject({
      config: { allowPasswordAuthentication: 'true', updateProfileFirstLogin: 'true' },
    });
  });

  test.each(['login.example.com', 'HTTP/login.example.com', 'HTTP/login.example.com@OTHER.COM', 'host/x@EXAMPLE.COM'])(
    'refuses the principal %p',
    (serverPrincipal) => {
      expect(() => synthesized({ serverPrincipal })).toThrow(
        /^test\/users: serverPrincipal .*HTTP\/<host name>@EXAMPLE.COM/,
      );
    },
  );

  test('refuses a keytab whose path is not absolute', () => {
    expect(() => synthesized({ keyTab: 'keycloak.keytab' })).toThrow(/^test\/users: keyTab .*absolute path/);
  });
});
