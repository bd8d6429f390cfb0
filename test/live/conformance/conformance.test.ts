import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { regressions } from './regressions';
import { sampleCases } from './samples';
import { runCases, type SuiteResult } from './suite';

const CASES = 300;
const SEED = 1;

describeWithKeycloak('the simulator and Keycloak', () => {
  const kept = regressions();
  const random = sampleCases(CASES, SEED).map(({ value_ }) => value_);
  let result: SuiteResult;

  beforeAll(async () => {
    const { url, admin } = await testKeycloak();
    result = await runCases(url, admin, [...kept.map((each) => each.case), ...random]);
    console.log(`${result.cases} cases, ${result.logins} logins\n${result.coverage}`);
  }, 900_000);

  const disagreementsOf = (cases: readonly unknown[]) =>
    result.disagreements.filter((each) => cases.includes(each.case)).map((each) => JSON.stringify(each));

  test(`agree in ${CASES} random cases (npm run conformance -- --cases ${CASES} --seed ${SEED} shrinks them)`, () => {
    expect(result.logins).toBeGreaterThan(CASES);
    expect(disagreementsOf(random)).toEqual([]);
  });

  test.each(kept)('agree in $name, where they once did not', (each) => {
    expect(disagreementsOf([each.case])).toEqual([]);
  });
});
