import { client, realm, stepUpFlow } from '../../model/support/realm';
import { PASSWORD } from '../../support/imported-realm';
import { scope, withAnybodysRealm } from '../attacks/anybodys-realm';
import { describeUnlessMissing } from '../factors/factor-realm';
import { missingForOwnKeycloak, withOwnKeycloak } from '../factors/own-keycloak';
import { claimsOf, post } from '../support/grants';

const base = realm(stepUpFlow());
const { grants } = client('any');
const clients = [
  client('app', { grants: { ...grants, password: true }, optionalScopes: ['payments'] }),
  client('other', { grants: { ...grants, password: true } }),
];
const payments = { name: 'payments', protocol: 'openid-connect', mappers: [] };

const missing = missingForOwnKeycloak('the feature token-exchange');

describeUnlessMissing(missing, 'Move: the token exchange of a preview feature', () => {
  withOwnKeycloak(async () => ({ features: ['token-exchange'] }));

  describe('at clients that nothing lets exchange tokens', () => {
    const place = withAnybodysRealm({ ...base, clients, clientScopes: [...base.clientScopes, payments] });
    const site = { issuer: () => place.issuer() };
    const exchanged = async (fields: Record<string, string>) => {
      const token = await post(site, 'token', {
        grant_type: 'password',
        client_id: 'app',
        username: 'alice',
        password: PASSWORD,
        scope: 'openid',
      });
      return post(site, 'token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        client_id: 'app',
        subject_token: token.access_token ?? '',
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        ...fields,
      });
    };

    test('a client gets no scope that its token has not', async () => {
      const answer = await exchanged({ scope: 'openid payments' });
      const { azp, scope: scopes } = claimsOf(answer);
      expect(azp).toBe('app');
      expect(String(scopes).split(' ')).not.toContain('payments');
    });

    test.each<Record<string, string>>([{ audience: 'other' }, { requested_subject: 'bob' }])(
      '%j is refused',
      async (fields) => {
        expect(await exchanged(fields)).toMatchObject({ status: 403, error: 'access_denied' });
      },
    );

    test('permissions are not read, so every answer is open', async () => {
      const [last] = (await place.explained(scope('payments'), 'app')).slice(-1);
      expect(last).toMatch(/^cannot tell: the token exchange of the preview feature token-exchange is not followed/);
    });
  });
});
