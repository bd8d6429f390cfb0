import { explore, exploreGoals, type RealmModel } from '../../../model';
import { realm, stepUpFlow } from '../support/realm';

const providers = (...aliases: string[]): RealmModel =>
  realm(stepUpFlow(), { identityProviders: aliases.map((alias) => ({ alias, enabled: true })) });
/** One model for all tests of these two: it is explored once. */
const GOOGLE_AND_GITHUB = providers('google', 'github');
const proofs = (model: RealmModel) =>
  explore(model, { clientId: 'app', acr: 'silver' }).flatMap(({ ways }) => ways.map((way) => way.proofs.join()));

describe('explore with identity providers', () => {
  test('names each of those that are set up alike', () => {
    const found = proofs(GOOGLE_AND_GITHUB);
    for (const alias of ['google', 'github']) {
      expect(found).toContain(`identity-provider:${alias}`);
      expect(found).toContain(`identity-provider-account:${alias}`);
    }
  });

  test('says by which the witness goes', () => {
    const [silver] = explore(GOOGLE_AND_GITHUB, { clientId: 'app', acr: 'silver' });
    const way = silver?.ways.find((each) => each.proofs.join() === 'identity-provider:github');
    expect(way?.witness.at(-1)?.does).toMatch(/identity provider github/);
    expect(way?.witness.at(-1)?.pages?.join()).not.toMatch(/google/);
  });

  test('has a link to each', () => {
    const links = exploreGoals(GOOGLE_AND_GITHUB).flatMap(({ goal, ways }) =>
      goal.kind === 'action' && goal.name.startsWith('idp_link:')
        ? [
            `${goal.name} ${ways.map((way) => way.proofs.join()).includes(`identity-provider-account:${goal.name.slice(9)}`) || ways.length}`,
          ]
        : [],
    );
    expect(links.map((link) => link.split(' ')[0])).toEqual(['idp_link:google', 'idp_link:github']);
  });

  test('looks at many that are alike as at one', () => {
    const aliases = Array.from({ length: 12 }, (_, index) => `provider-${index}`);
    const model = providers(...aliases);
    const [silver] = explore(model, { clientId: 'app', acr: 'silver' });
    expect(silver?.cannotTell).toEqual([]);
    expect(proofs(model)).toContain('identity-provider:provider-11');
  });
});
