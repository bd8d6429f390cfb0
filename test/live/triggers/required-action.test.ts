import { setTimeout as sleep } from 'node:timers/promises';
import { AssuranceLevel, Duration, Factor, StepUpClient, StepUpFlow, StepUpRealm } from '../../../lib';
import { readRealmRepresentation } from '../../../model';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { type Answers, Browser, createUser, type LoginRequest, signIn, TotpDevice } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { answersOf } from '../support/site';

const MAX_AGE = 2;
const ACTION = { parameters: { kc_action: 'CONFIGURE_TOTP' } };

describeWithKeycloak('Triggers: required actions', () => {
  const realm = withRealmName('action');
  const folder = withStackFolder();

  beforeAll(() =>
    folder.apply((stack) => {
      const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
      const gold = new AssuranceLevel(stack, 'gold', {
        acr: 'gold',
        loa: 2,
        provedBy: Factor.otp(),
        unenrolled: 'enrol',
        enrolmentMaxAge: Duration.seconds(MAX_AGE),
      });
      const made = new StepUpRealm(stack, 'realm', { name: realm, levels: [silver, gold] });
      made.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm: made }));
      const validRedirectUris = [REDIRECT_URI];
      new StepUpClient(stack, 'plain', { realm: made, clientId: 'plain', accessType: 'PUBLIC', validRedirectUris });
    }),
  );

  /** A user in a session of a password, and the same user's next request. */
  const session = async (username: string, totp?: true) => {
    const { admin, url } = await testKeycloak();
    const user = await createUser(admin, realm, { username, totp });
    const browser = new Browser();
    const client = { issuer: `${url}/realms/${realm}`, clientId: 'plain' };
    const request = (more: Partial<LoginRequest> = {}) => ({ client, redirectUri: REDIRECT_URI, ...more });
    await signIn(browser, request(), answersOf(user));
    const enrol = {
      'enrol-otp': (page: { fields: Readonly<Record<string, string>> }) =>
        new TotpDevice(page.fields.totpSecret as string).next(),
    };
    const act = (answers: Answers, action = ACTION) => signIn(browser, request(action), { ...enrol, ...answers });
    return { user, act };
  };

  test('required action: a session older than its max age is asked for the password first', async () => {
    const { user, act } = await session('late');
    await sleep((MAX_AGE + 1) * 1000);
    const wrong = await act({ password: 'wrong' });
    expect(wrong).toMatchObject({ outcome: 'refused', asked: ['password'] });
    const right = await act(answersOf(user));
    expect(right).toMatchObject({ outcome: 'granted', asked: ['password', 'enrol-otp'] });
  });

  test('required action: a password policy says how long a login counts for a new password', async () => {
    const { admin } = await testKeycloak();
    const action = { parameters: { kc_action: 'UPDATE_PASSWORD' } };
    const { act } = await session('policy');
    await sleep((MAX_AGE + 1) * 1000);
    expect((await act({}, action)).asked).not.toContain('password');
    await admin.realms.update({ realm }, { passwordPolicy: `length(3) and maxAuthAge(${MAX_AGE})` });
    try {
      expect(await act({ password: 'wrong' }, action)).toMatchObject({ outcome: 'refused', asked: ['password'] });
      const { requiredActions } = readRealmRepresentation(await fetchRealm(admin, realm), 'live');
      expect(requiredActions.find(({ alias }) => alias === 'UPDATE_PASSWORD')?.config.max_auth_age).toBe(`${MAX_AGE}`);
    } finally {
      await admin.realms.update({ realm }, { passwordPolicy: '' });
    }
  });

  test('required action: a younger session enrols at once', async () => {
    const { act } = await session('early');
    expect(await act({})).toMatchObject({ outcome: 'granted', asked: ['enrol-otp'] });
  });

  test('required action: who has an authenticator app must use it before enrolling another', async () => {
    const { user, act } = await session('owner', true);
    await sleep((MAX_AGE + 1) * 1000);
    expect(await act(answersOf(user, 'wrong'))).toMatchObject({ outcome: 'refused', asked: ['password', 'otp'] });
    const right = await act({ ...answersOf(user), 'enrol-otp': undefined });
    expect(right).toMatchObject({ outcome: 'unanswered', asked: ['password', 'otp', 'enrol-otp'] });
  });
});
