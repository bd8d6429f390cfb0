import { versionOf } from '../../../sandbox/keycloak/version';
import { inParallel } from '../conformance/parallel';
import { describeWithKeycloak, testKeycloak, uniqueRealmName } from '../support/keycloak';
import { isThere, play, type Seen } from './scenario';
import { SCENARIOS } from './scenarios';

/** Most of them mostly wait. */
const AT_ONCE = 8;
const VERSION = versionOf({});
const PLAYED = SCENARIOS.filter((scenario) => isThere(scenario, VERSION));

describeWithKeycloak('what Keycloak tests of step-up', () => {
  const seen = new Map<string, Seen | Error>();

  beforeAll(async () => {
    const { url, admin } = await testKeycloak();
    await inParallel(AT_ONCE, PLAYED.length, async (index) => {
      const scenario = PLAYED[index] as (typeof PLAYED)[number];
      const realm = uniqueRealmName('scenario');
      try {
        seen.set(scenario.name, await play(url, admin, realm, scenario, VERSION));
      } catch (error) {
        seen.set(scenario.name, error as Error);
      } finally {
        if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
      }
    });
  }, 300_000);

  // Another release has not all that they are about.
  const left = SCENARIOS.filter((scenario) => !PLAYED.includes(scenario));
  if (left.length > 0) test.skip.each(left)(`$name [not in ${VERSION}]`, () => {});

  test.each(PLAYED)('$name', ({ name }) => {
    const result = seen.get(name);
    if (!result || result instanceof Error) throw result;
    const { expected, simulated, live } = result;
    expect({ simulated, live }).toEqual({ simulated: expected, live: expected });
  });
});
