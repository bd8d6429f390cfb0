import { setTimeout as sleep } from 'node:timers/promises';
import { StepUpFlow } from '../../../lib';
import { Browser, type LoginRequest } from '../../../sandbox/login';
import { describeWithKeycloak } from '../support/keycloak';
import { answersOf, provesByOtp, withSite } from '../support/site';

const claims = (essential: boolean, ...values: string[]) => ({ id_token: { acr: { essential, values } } });

describeWithKeycloak('Triggers: what a request and its client say', () => {
  const site = withSite(({ stack, realm, silver, gold, client }) => {
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    client('plain');
    client('default-gold', { defaultLevel: gold });
    client('minimum-gold', { minimumLevel: gold });
    client('own-names', { acrMap: { 'urn:basic': silver, 'urn:strong': gold } });
  });

  /** Signs in with a password first, then makes the request in that session. */
  const inSession = async (clientId: string, otp: 'right' | 'wrong' | 'expired', request: Partial<LoginRequest>) => {
    const browser = new Browser();
    const answers = answersOf(await site.user(), otp);
    expect(await site.signIn('plain', answers, {}, browser)).toMatchObject({ outcome: 'granted', acr: 'silver' });
    return site.signIn(clientId, answers, request, browser);
  };
  const atOnce = async (clientId: string, otp: 'right' | 'wrong' | 'expired', request: Partial<LoginRequest>) =>
    site.signIn(clientId, answersOf(await site.user(), otp), request);

  provesByOtp('acr_values', { acr: 'gold', login: (otp) => inSession('plain', otp, { acrValues: ['gold'] }) });
  provesByOtp('acr_values with a LoA number', {
    acr: '2',
    login: (otp) => atOnce('plain', otp, { acrValues: ['2'] }),
  });
  provesByOtp('claims parameter, essential', {
    acr: 'gold',
    login: (otp) => inSession('plain', otp, { claims: claims(true, 'gold') }),
  });
  provesByOtp('claims parameter, not essential', {
    acr: 'gold',
    login: (otp) => inSession('plain', otp, { claims: claims(false, 'gold') }),
  });
  provesByOtp("client's default acr", { acr: 'gold', login: (otp) => inSession('default-gold', otp, {}) });
  provesByOtp("client's minimum acr", {
    acr: 'gold',
    login: (otp) => inSession('minimum-gold', otp, { acrValues: ['silver'] }),
  });
  provesByOtp("client's acr map", {
    acr: 'urn:strong',
    login: (otp) => inSession('own-names', otp, { acrValues: ['urn:strong'] }),
  });

  describe('what is known not to hold', () => {
    test('of several acr_values the lowest is taken', async () => {
      const result = await atOnce('plain', 'right', { acrValues: ['gold', 'silver'] });
      expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
    });

    test("a request for less defeats a client's default acr, and only the minimum holds", async () => {
      const request = { acrValues: ['silver'] };
      expect(await atOnce('default-gold', 'right', request)).toMatchObject({ outcome: 'granted', acr: 'silver' });
      expect(await atOnce('minimum-gold', 'right', request)).toMatchObject({ outcome: 'granted', acr: 'gold' });
    });

    test("the realm's acr names are unknown to a client with names of its own", async () => {
      const result = await atOnce('own-names', 'right', { acrValues: ['gold'] });
      expect(result).toMatchObject({ outcome: 'granted', acr: 'urn:basic', asked: ['username', 'password'] });
    });

    test('an unknown essential acr is refused', async () => {
      const result = await atOnce('plain', 'right', { claims: claims(true, 'platinum') });
      expect(result).toMatchObject({ outcome: 'refused', asked: [], error: 'Invalid parameter: claims' });
    });
  });

  test('max_age: a session that is older is asked for the password again, and gold for both proofs', async () => {
    const browser = new Browser();
    const answers = answersOf(await site.user());
    await site.signIn('plain', answers, { acrValues: ['gold'] }, browser);
    expect(await site.signIn('plain', {}, { maxAge: 60 }, browser)).toMatchObject({ outcome: 'granted', asked: [] });
    await sleep(2000);
    const again = { acrValues: ['gold'], maxAge: 1 };
    const wrong = await site.signIn('plain', { ...answers, password: 'wrong' }, again, browser);
    expect(wrong).toMatchObject({ outcome: 'refused', asked: ['password'] });
    const right = await site.signIn('plain', answers, again, browser);
    expect(right).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['password', 'otp'] });
  });

  test('prompt: login asks again in a session, none never asks', async () => {
    const browser = new Browser();
    const answers = answersOf(await site.user());
    await site.signIn('plain', answers, {}, browser);
    const silent = await site.signIn('plain', answers, { prompt: 'none', claims: claims(true, 'gold') }, browser);
    expect(silent).toMatchObject({ outcome: 'refused', asked: [], error: expect.stringContaining('login_required') });
    const wrong = await site.signIn('plain', { ...answers, password: 'wrong' }, { prompt: 'login' }, browser);
    expect(wrong).toMatchObject({ outcome: 'refused', asked: ['password'] });
    const right = await site.signIn('plain', answers, { prompt: 'login', acrValues: ['gold'] }, browser);
    expect(right).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['password', 'otp'] });
  });
});
