import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { soundRealm } from '../checks/support/realms';
import { realmRepresentation } from '../checks/support/representation';
import { stepUp, stepUpProcess, temporaryFiles } from './step-up';

describe('step-up check', () => {
  const { folder, file } = temporaryFiles();
  const run = (...args: string[]) => stepUp(['check', ...args]);

  // An export of users and flows alone: what it leaves out can't be told.
  const weak = file('weak.json', realmRepresentation('acme', soundRealm({ acrLoaMap: { levels: [], broken: '{' } })));
  const sound = file('sound.json', realmRepresentation('acme', soundRealm()));

  test('exits with 1 on an error and says what, where, the gain and the remedy', () => {
    const { exitCode, stdout, stderr } = stepUpProcess(['check', weak]);
    expect(stderr).toBe('');
    expect(stdout).toContain(
      [
        'Error: The acr map of the realm is "{", which can not be read',
        '  acr-map-broken (SU303), realm',
        '  Requests for a level are ignored: a password is enough where more was asked for.',
        '  Write a JSON object of names and whole numbers: {"silver":1,"gold":2}.',
      ].join('\n'),
    );
    expect(stdout).toMatch(
      /Realm acme: 1 error, 0 warnings, \d+ notes?; \d+ questions? that this source leaves open\.$/,
    );
    expect(exitCode).toBe(1);
  });

  test('exits with 0 without an error, and tells what the source leaves open', async () => {
    const { exitCode, stdout } = await run(sound);
    expect(stdout).toMatch(
      /Note: Can't tell\. realm: the source does not say which version of Keycloak runs\n {2}known-defect/,
    );
    expect(exitCode).toBe(0);
  });

  test('takes the version where the source does not say it', async () => {
    const { stdout } = await run(sound, '--keycloak-version', '26.5.0');
    expect(stdout).toContain('Warning: Keycloak 26.5.0 has CVE-2026-3429');
  });

  test('says of a version that nobody measured it, and refuses what is none', async () => {
    expect((await run(sound, '--keycloak-version', '26.9.9')).stdout).toContain(
      'Note: Keycloak 26.9.9 was not measured: ',
    );
    const [realm] = JSON.parse((await run(sound, '--keycloak-version', '26.9.9', '--json')).stdout);
    expect(realm.versionNote).toMatch(/^Keycloak 26\.9\.9 was not measured/);
    expect((await run(sound, '--keycloak-version', '26.7.4')).stdout).not.toContain('was not measured');
    expect(await run(sound, '--keycloak-version', 'latest')).toMatchObject({
      exitCode: 2,
      stderr: 'step-up: --keycloak-version latest: write a release of Keycloak, for example 26.7.4',
    });
  });

  test('accepts findings with a reason, and lists them', async () => {
    const accepted = file('accepted.json', [
      { id: 'acr-map-broken', reason: 'a realm without step-up' },
      { id: 'level-twice', reason: 'nothing needs this' },
    ]);
    const { exitCode, stdout } = await run(weak, '--suppressions', accepted);
    expect(stdout).toContain('Suppressed:\n  acr-map-broken (SU303), realm: a realm without step-up');
    expect(stdout).toContain('Suppressions that nothing needed:\n  level-twice');
    expect(exitCode).toBe(0);
  });

  test('prints JSON and writes SARIF', async () => {
    const sarif = join(folder, 'out.sarif');
    const { exitCode, stdout } = await run(weak, '--json', '--sarif', sarif);
    const [realm] = JSON.parse(stdout);
    expect(realm).toMatchObject({ realm: 'acme', source: { kind: 'export' }, suppressed: [], unused: [] });
    const log: Log = JSON.parse(readFileSync(sarif, 'utf8'));
    const [first] = log.runs;
    expect(first?.results).toHaveLength(realm.findings.length);
    expect(first?.results?.[0]).toMatchObject({ ruleId: 'SU303', level: 'error', kind: 'fail' });
    expect(first?.tool.driver.rules?.[first.results?.[0]?.ruleIndex ?? -1]).toMatchObject({ id: 'SU303' });
    expect(first?.results?.every(({ kind, level }) => kind === 'fail' || level === 'none')).toBe(true);
    expect(exitCode).toBe(1);
  });

  test.each([
    ['no such source', ['no-such-file.json'], /no-such-file\.json: no such file or folder/],
    [
      'a suppression without a reason',
      [weak, '--suppressions', file('a.json', [{ id: 'level-twice', reason: '' }])],
      /gives no reason/,
    ],
    [
      'a suppression of no rule',
      [weak, '--suppressions', file('b.json', [{ id: 'nothing', reason: 'x' }])],
      /there is no such rule/,
    ],
    ['suppressions of another shape', [weak, '--suppressions', file('c.json', '{}')], /write a list such as/],
    ['a file that can not be written', [weak, '--sarif', join(folder, 'none', 'x.sarif')], /can't be written/],
  ])('exits with 2 on %s', async (_, args, message) => {
    const { exitCode, stderr, stdout } = await run(...args);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
