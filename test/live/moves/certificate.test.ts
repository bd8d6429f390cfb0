import { type Page, type SimulatedUser, simulate } from '../../../model';
import { realm } from '../../model/support/realm';
import { endOf } from '../conformance/compare';
import { describeUnlessMissing } from '../factors/factor-realm';
import { byCertificate, NO_HTTPS, withCertificateLogins } from './support/certificates';
import { ALICE, type MovePlace, withPlace } from './support/place';

const clientId = 'app';
const GOLD = { clientId, acrValues: ['gold'] };

describeUnlessMissing(NO_HTTPS, 'Moves: a certificate of whoever edits the account', () => {
  const { authority, login } = withCertificateLogins();

  /** What the simulator says of the end of a login with these proofs. */
  function simulated(place: MovePlace, user: SimulatedUser, proofs: readonly string[]): string {
    const actor = (page: Page) => {
      if (page.kind !== 'form') return { give: 0 };
      const give = page.accepts.findIndex((set) => set.every((proof) => proofs.includes(proof)));
      return give >= 0 ? { give } : ({ stop: true } as const);
    };
    return endOf(simulate(place.model, GOLD, user, undefined, { actor }));
  }

  const selfService = { registration: false, resetPassword: false, organizations: false };
  const editable = {
    attributes: ['username', 'email', 'firstName', 'lastName'].map((name) => ({ name, userEdits: true })),
    unmanaged: 'ENABLED',
  } as const;
  const KNOWN = ['username', 'password'];

  describe('by e-mail', () => {
    const byEmail = byCertificate({ 'x509-cert-auth.mapper-selection': 'Username or Email' });
    const place = withPlace(realm(byEmail, { selfService, userProfile: editable }));

    test('a password moves the address, and the own certificate is taken', async () => {
      const mine = await authority().client('alice@thief.invalid');
      expect(await login(place, GOLD, mine)).toBe('username+password, refused 400');
      expect(simulated(place, ALICE, [...KNOWN, 'own-certificate'])).toBe('refused 400');

      const { result } = await place.compare({
        request: { clientId, action: 'UPDATE_PROFILE' },
        user: ALICE,
        username: 'alice',
        change: ({ kind }) => kind === 'email',
      });
      expect(result.user.emailMoved).toBe(true);
      expect(await login(place, GOLD, mine)).toBe('username+password, acr gold');
      expect(simulated(place, result.user, [...KNOWN, 'own-certificate'])).toBe('acr gold');
      expect(await login(place, GOLD, undefined)).toBe('username+password, refused 400');
      expect(simulated(place, result.user, KNOWN)).toBe('refused 400');
    });
  });

  describe('by e-mail that nobody logs in with', () => {
    const byEmail = byCertificate({ 'x509-cert-auth.mapper-selection': 'Username or Email' });
    const model = realm(byEmail, { selfService: { ...selfService, loginWithEmail: false }, userProfile: editable });
    const place = withPlace(model);

    test('the moved address makes no difference', async () => {
      const mine = await authority().client('alice@thief.invalid');
      const { result } = await place.compare({
        request: { clientId, action: 'UPDATE_PROFILE' },
        user: ALICE,
        username: 'alice',
        change: ({ kind }) => kind === 'email',
      });
      expect(await login(place, GOLD, mine)).toBe('username+password, refused 400');
      expect(simulated(place, result.user, [...KNOWN, 'own-certificate'])).toBe('refused 400');
    });
  });

  describe('by an attribute', () => {
    const byAttribute = byCertificate({
      'x509-cert-auth.mapper-selection': 'Custom Attribute Mapper',
      'x509-cert-auth.mapper-selection.user-attribute-name': 'badge',
    });
    const place = withPlace(realm(byAttribute, { selfService, userProfile: editable }));

    test('that the user may edit, the own certificate is taken', async () => {
      const mine = await authority().client('badge-of-the-thief');
      const { result, live } = await place.compare({
        request: { clientId, action: 'UPDATE_PROFILE' },
        user: ALICE,
        username: 'alice',
        change: (change) => change.kind === 'attribute' && change.name === 'badge',
        ownCertificate: 'badge-of-the-thief',
      });
      expect(live).toBe('username+password, UPDATE_PROFILE, acr silver');
      expect(await login(place, GOLD, mine)).toBe('username+password, acr gold');
      expect(simulated(place, result.user, [...KNOWN, 'own-certificate'])).toBe('acr gold');
      expect(simulated(place, ALICE, [...KNOWN, 'own-certificate'])).toBe('refused 400');
    });
  });
});
