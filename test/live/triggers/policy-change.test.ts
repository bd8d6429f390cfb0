import { ProofFlow, StepUpFlow, StepUpPolicy, WhenRequest } from '../../../lib';
import { Browser, type LoginResult } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, type SiteParts, withSite } from '../support/site';

/** Policies by name, all of one changeable flow. */
const site = (names: readonly string[], change: 'before' | 'after') => (parts: SiteParts) => {
  const { stack, realm, gold, client } = parts;
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, rules: [{ name: 'always', requires: gold }] }));
  const flow = new ProofFlow(stack, 'proof', { realm, level: gold, name: `proof-${change}` });
  for (const name of names) new StepUpPolicy(stack, name, { flow, when: [WhenRequest.anyClient()] });
  client('plain', { defaultLevel: gold });
};

describeWithKeycloak('A change of client policies while users log in', () => {
  const made = withSite(site(['one', 'two'], 'before'));

  const policies = async () => {
    const { admin } = await testKeycloak();
    const { policies: all = [] } = await admin.clientPolicies.listPolicies({ realm: made.realm });
    return all.map(({ name }) => String(name).replace(/-[0-9a-f]{8}$/, ''));
  };

  test.each([
    ['another flow', ['one', 'two'], 'after'],
    ['a further policy', ['one', 'two', 'three'], 'after'],
    ['a policy less in the middle, and another flow', ['one', 'three'], 'before'],
    ['the last policy renamed', ['one', 'four'], 'before'],
    ['all policies but one removed', ['four'], 'before'],
  ] as const)(
    '%s: every login asks for both proofs, and none fails unless it was under way',
    async (_what, names, change) => {
      const results: LoginResult[] = [];
      let done = false;
      const load = [1, 2].map(async () => {
        while (!done) {
          const user = await made.user();
          results.push(await made.signIn('plain', answersOf(user), {}, new Browser()));
        }
      });
      try {
        await made.apply(site(names, change));
      } finally {
        done = true;
        await Promise.all(load);
      }
      const granted = results.filter(({ outcome }) => outcome === 'granted');
      expect(granted.length).toBeGreaterThan(3);
      for (const { acr, asked } of granted) expect({ acr, last: asked.at(-1) }).toEqual({ acr: 'gold', last: 'otp' });
      expect(results.length - granted.length).toBeLessThanOrEqual(load.length);
      expect(await policies()).toEqual([...names, 'no-password-grant']);
    },
  );

  test('a login that is under way when its flow goes is not let through', async () => {
    const user = await made.user();
    const { otp, ...known } = answersOf(user);
    let reached = () => {};
    const atOtp = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let applied: Promise<unknown> = Promise.resolve();
    const login = made.signIn('plain', {
      ...known,
      otp: async (page) => {
        applied = made.apply(site(['four'], 'after'));
        reached();
        await applied;
        return typeof otp === 'function' ? otp(page) : '';
      },
    });
    await atOtp;
    const result = await login;
    expect(result).toMatchObject({ outcome: 'unknown-page', error: expect.stringContaining('status 500') });
    expect(result.tokens).toBeUndefined();
    expect(await made.signIn('plain', answersOf(user))).toMatchObject({ outcome: 'granted', acr: 'gold' });
  });
});
