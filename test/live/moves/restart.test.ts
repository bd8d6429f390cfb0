import { flow, OTP, PASSWORD, REQ, realm, stepUpFlow } from '../../model/support/realm';
import { describeWithKeycloak } from '../support/keycloak';
import { type Opening, withPlace } from './support/place';

const STRONG = flow('strong', [REQ('strong forms', [PASSWORD, OTP])]);

describeWithKeycloak('Moves: a login begun anew', () => {
  const place = withPlace(
    realm(stepUpFlow(), {
      flows: [STRONG],
      clientPolicies: [
        {
          name: 'all',
          enabled: true,
          strict: false,
          conditions: [{ provider: 'any-client', config: {} }],
          profiles: ['strong'],
        },
      ],
      clientProfiles: [
        {
          name: 'strong',
          executors: [{ provider: 'auth-flow-enforcer', config: { 'auth-flow-alias': 'strong', 'auth-flow-loa': 2 } }],
        },
      ],
    }),
  );
  const clientId = 'app';

  test('the policy holds as long as nobody does', async () => {
    const { simulated, live } = await place.compare({ request: { clientId } });
    expect([simulated, live]).toEqual(Array(2).fill('username+password, otp, acr gold'));
  });

  test.each<Opening>(['restart', 'lost-cookie'])(
    '%s: the flow and the level of the policy are forgotten',
    async (opening) => {
      const { simulated, live } = await place.compare({ request: { clientId, restarted: true }, opening });
      expect([simulated, live]).toEqual(Array(2).fill('username+password, acr silver'));
    },
  );

  test.each<Opening>(['restart', 'lost-cookie'])('%s: what was asked for stays', async (opening) => {
    const essential = { acrClaim: { essential: true, values: ['gold'] } };
    const { simulated, live } = await place.compare({ request: { clientId, restarted: true, ...essential }, opening });
    expect([simulated, live]).toEqual(Array(2).fill('username+password, otp, acr gold'));
  });

  test.each<Opening>(['restart', 'lost-cookie'])('%s: a session and prompt stay', async (opening) => {
    const { browser, result: first } = await place.compare({ request: { clientId } });
    const request = { clientId, restarted: true } as const;
    const again = { ...request, prompt: ['login'] } as const;
    const asked = await place.compare({ request: again, browser, opening, session: first.session });
    expect([asked.simulated, asked.live]).toEqual(Array(2).fill('password, acr silver'));
    const bySession = await place.compare({ request, browser, opening, session: asked.result.session });
    expect([bySession.simulated, bySession.live]).toEqual(Array(2).fill('acr silver'));
  });

  test.each<Opening>(['restart', 'lost-cookie'])('%s: kc_action stays', async (opening) => {
    const request = { clientId, restarted: true, action: 'UPDATE_PASSWORD' } as const;
    const { simulated, live } = await place.compare({ request, opening });
    expect([simulated, live]).toEqual(Array(2).fill('username+password, UPDATE_PASSWORD, acr silver'));
  });
});
