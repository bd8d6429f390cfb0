import { realm } from '../../model/support/realm';
import { describeUnlessMissing } from '../factors/factor-realm';
import { byCertificate, NO_HTTPS, withCertificateLogins } from '../moves/support/certificates';
import { acr, bypassed, withAnybodysRealm } from './anybodys-realm';

const GOLD = { clientId: 'app', acrValues: ['gold'] };
const BY_EMAIL = byCertificate({ 'x509-cert-auth.mapper-selection': 'Username or Email' });

describeUnlessMissing(NO_HTTPS, 'B8: a certificate that names its owner by the address', () => {
  const { authority, login } = withCertificateLogins();

  describe('where the address is a name to log in with', () => {
    const place = withAnybodysRealm(realm(BY_EMAIL));

    test('gives gold for a password and any trusted certificate', async () => {
      const mine = await authority().client('alice@thief.invalid');
      expect(await login(place.place, GOLD, mine)).toBe('username+password, refused 400');
      await place.place.compare({
        request: { clientId: 'app', action: 'UPDATE_PROFILE' },
        user: { credentials: ['password'] },
        username: 'alice',
        change: ({ kind }) => kind === 'email',
      });
      expect(await login(place.place, GOLD, mine)).toBe('username+password, acr gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password certificate', 'password own-certificate']);
      expect(await place.errors()).toEqual([bypassed('acr "gold"', 'password, own-certificate')]);
    });
  });

  describe('where it is none', () => {
    const model = realm(BY_EMAIL);
    const place = withAnybodysRealm({ ...model, selfService: { ...model.selfService, loginWithEmail: false } });

    test('gives no gold for it', async () => {
      const mine = await authority().client('alice@thief.invalid');
      await place.place.compare({
        request: { clientId: 'app', action: 'UPDATE_PROFILE' },
        user: { credentials: ['password'] },
        username: 'alice',
        change: ({ kind }) => kind === 'email',
      });
      expect(await login(place.place, GOLD, mine)).toBe('username+password, refused 400');
    });

    test('is explained, and nothing is reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password certificate']);
      expect(await place.errors()).toEqual([]);
    });
  });
});
