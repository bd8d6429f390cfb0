import { explore } from '../../../model/explore';
import { ALT, COOKIE, client, flow, OTP, PASSWORD, realm, stepUpFlow } from '../support/realm';

describe('explore finds', () => {
  // Shown live in test/live/explore/same-second.test.ts.
  test('that a flow without levels takes over those proven elsewhere in the same second', () => {
    const strong = flow('strong', [COOKIE, ALT('strong forms', [PASSWORD, OTP])]);
    const clients = [client('app', { flowOverrides: { browser: { alias: 'strong' } } }), client('other')];
    const [silver] = explore(realm(stepUpFlow(), { flows: [strong], clients }), { clientId: 'app', acr: 'silver' });
    expect(silver?.ways.map(({ proofs }) => proofs)).toContainEqual(['password']);
  });

  test('how old a session may be to start an action whose max_auth_age is set', () => {
    const elsewhere = client('elsewhere', { flowOverrides: { browser: { alias: 'browser' } } });
    const model = realm(stepUpFlow(), { clients: [client('app'), elsewhere] });
    const [silver] = explore(
      {
        ...model,
        requiredActions: model.requiredActions.map((each) =>
          each.alias === 'UPDATE_PASSWORD' ? { ...each, config: { max_auth_age: '3600' } } : each,
        ),
      },
      { clientId: 'app', acr: 'silver' },
    );
    const way = silver?.ways.find(({ proofs }) => proofs.join() === 'session,enrol:password');
    expect(way?.sessionAge).toBe(3600);
  });
});
