import { inParallel } from '../conformance/parallel';
import { describeWithKeycloak, testKeycloak, uniqueRealmName } from '../support/keycloak';
import { play, type Seen } from './scenario';
import { SCENARIOS } from './scenarios';

/** Most of them mostly wait. */
const AT_ONCE = 8;

describeWithKeycloak('what Keycloak tests of step-up', () => {
  const seen = new Map<string, Seen | Error>();

  beforeAll(async () => {
    const { url, admin } = await testKeycloak();
    await inParallel(AT_ONCE, SCENARIOS.length, async (index) => {
      const scenario = SCENARIOS[index] as (typeof SCENARIOS)[number];
      const realm = uniqueRealmName('scenario');
      try {
        seen.set(scenario.name, await play(url, admin, realm, scenario));
      } catch (error) {
        seen.set(scenario.name, error as Error);
      } finally {
        if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
      }
    });
  }, 300_000);

  test.each(SCENARIOS)('$name', ({ name }) => {
    const result = seen.get(name);
    if (!result || result instanceof Error) throw result;
    const { expected, simulated, live } = result;
    expect({ simulated, live }).toEqual({ simulated: expected, live: expected });
  });
});
