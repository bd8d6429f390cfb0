import { flow, PASSWORD, REQ, realm } from '../../model/support/realm';
import { describeWithKeycloak } from '../support/keycloak';
import { ALICE, expectBoth, type MovePlace, withPlace } from './support/place';

const request = { clientId: 'app' } as const;
const alice = { request, user: ALICE, username: 'alice' };

function limited(config?: Record<string, string>) {
  return realm(flow('limited', [PASSWORD, config ? REQ('user-session-limits', config) : REQ('user-session-limits')]));
}

/** What the live login of alice comes to in a browser of its own. */
const liveAgain = async (place: MovePlace) => (await place.compare(alice)).live;

describeWithKeycloak('Moves: a limit to sessions', () => {
  const denying = withPlace(limited({ behavior: 'Deny new session', userRealmLimit: '1' }));
  const ending = withPlace(limited({ behavior: 'Terminate oldest session', userRealmLimit: '1' }));
  const bare = withPlace(limited());
  const broken = withPlace(limited({ behavior: 'Deny new session', userRealmLimit: 'one' }));

  test('that denies gives nothing more than a login below it', async () => {
    const { result } = await expectBoth(denying, alice, 'username+password, acr silver');
    expect(result.assumptions).toHaveLength(1);
    expect(await liveAgain(denying)).toBe('username+password, refused 403');
  });

  test('that ends the oldest session lets the new one in', async () => {
    const { result } = await expectBoth(ending, alice, 'username+password, acr silver');
    expect(result.assumptions).toEqual([]);
    expect(await liveAgain(ending)).toBe('username+password, acr silver');
  });

  test('without a config, or with one that is no number, ends every login', async () => {
    await expectBoth(bare, alice, 'username+password, refused 400');
    await expectBoth(broken, alice, 'username+password, refused 400');
  });
});
