import { builtInRequiredActions } from '../../../model/keycloak/built-in-realm';
import type { RequiredAction } from '../../../model/realm-model';
import { COND, client, flow, LOA, REQ, realm, stepUpFlow } from '../../model/support/realm';
import { describeWithKeycloak } from '../support/keycloak';
import { expectBoth, withPlace } from './support/place';
import { GOLD_BY_POLICY, STRONG } from './support/policy';

const clientId = 'app';
const REGISTER = { clientId, door: 'registration' } as const;
const selfService = { registration: true, resetPassword: false, organizations: false };

const actionsWith = (alias: string, change: Partial<RequiredAction>) =>
  builtInRequiredActions().map((action) => (action.alias === alias ? { ...action, ...change } : action));

describeWithKeycloak('Moves: registration', () => {
  describe('by the flow of a new realm', () => {
    const place = withPlace(
      realm(stepUpFlow(), { selfService, clients: [client('app'), client('minimum', { minimumAcr: 'gold' })] }),
    );

    test('a code comes at once, of the lowest level', async () => {
      const { result } = await expectBoth(place, { request: REGISTER }, 'registration, acr silver');
      expect(result.user.credentials).toEqual(['password']);
    });

    test('whatever is asked for', () =>
      expectBoth(
        place,
        { request: { ...REGISTER, acrClaim: { essential: true, values: ['gold'] } } },
        'registration, acr silver',
      ));

    test('and whatever the client wants at least', () =>
      expectBoth(place, { request: { ...REGISTER, clientId: 'minimum' } }, 'registration, acr silver'));

    test('kc_action comes after it', () =>
      expectBoth(
        place,
        { request: { ...REGISTER, action: 'CONFIGURE_TOTP' } },
        'registration, CONFIGURE_TOTP, acr silver',
      ));

    test('the browser of somebody else is refused', async () => {
      const { browser, result } = await expectBoth(place, { request: { clientId } }, 'username+password, acr silver');
      const request = { ...REGISTER, prompt: ['login'] } as const;
      await expectBoth(place, { request, browser, session: result.session }, 'refused 400');
    });
  });

  describe('that is off', () => {
    const place = withPlace(realm(stepUpFlow()));

    test('is refused', () => expectBoth(place, { request: REGISTER }, 'refused 400'));
    test('so is a reset that is off', () => expectBoth(place, { request: { clientId, door: 'reset' } }, 'refused 400'));
  });

  describe('with required actions', () => {
    const requiredActions = actionsWith('TERMS_AND_CONDITIONS', { enabled: true, defaultAction: true });
    const place = withPlace(
      realm(stepUpFlow(), { selfService: { ...selfService, verifyEmail: true }, requiredActions }),
    );

    test('a new account has those of new accounts, and verifies an address of its own', () =>
      expectBoth(
        place,
        { request: REGISTER },
        'registration, TERMS_AND_CONDITIONS, VERIFY_EMAIL, UPDATE_PASSWORD, acr silver',
      ));
  });

  describe('in a login whose level a client policy stamps', () => {
    const place = withPlace(realm(stepUpFlow(), { selfService, flows: [STRONG], ...GOLD_BY_POLICY }));

    test('the stamped level is had for nothing', () =>
      expectBoth(place, { request: { ...REGISTER, acrValues: ['gold'] } }, 'registration, acr gold'));
  });

  describe('with a level beside the form', () => {
    const form = realm(stepUpFlow()).flows.find(({ alias }) => alias === 'registration');
    const own = flow('own registration', [
      () => {
        const [execution] = form?.executions ?? [];
        if (execution?.kind !== 'subflow') throw new Error('Keycloak’s registration flow has no form');
        return { ...execution, flow: { ...execution.flow, alias: 'own form', builtIn: false } };
      },
      COND('level in registration', [LOA(2), REQ('allow-access-authenticator')]),
    ]);
    const made = realm(stepUpFlow(), { selfService, flows: [own] });
    const place = withPlace({ ...made, bindings: { ...made.bindings, registration: own.alias } });

    test('the flow grants it', () => expectBoth(place, { request: REGISTER }, 'registration, acr gold'));
  });
});
