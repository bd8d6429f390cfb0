import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeHistory } from '../../cli/levels/file';
import { realmRepresentation } from '../checks/support/representation';
import { realm, stepUpFlow } from '../model/support/realm';
import { stepUp, temporaryFiles } from './step-up';

const PROJECT = join(__dirname, '../..');

/** An app whose realm acme has these levels; the first is proved by a password. */
function app(file: string, ...levels: string[]): string {
  const lib = join(PROJECT, 'lib');
  return `
    import { App, TerraformStack } from ${JSON.stringify(join(PROJECT, 'node_modules/cdktf'))};
    import { AssuranceLevel, Factor, KeycloakProvider, StepUpRealm } from ${JSON.stringify(lib)};
    const app = new App();
    const stack = new TerraformStack(app, 'stack');
    new KeycloakProvider(stack, 'keycloak', { url: 'https://id.example.com' });
    const levels = ${JSON.stringify(levels)}.map((text, index) => {
      const [acr, loa] = text.split(':');
      const provedBy = index === 0 ? Factor.password() : Factor.otp();
      return new AssuranceLevel(stack, acr, { acr, provedBy, ...(loa && { loa: Number(loa) }) });
    });
    new StepUpRealm(stack, 'realm', { name: 'acme', levels, levelHistory: { file: ${JSON.stringify(file)} } });
    app.synth();
  `;
}

describe('step-up levels', () => {
  const { folder, file } = temporaryFiles();
  const levels = join(folder, 'step-up.levels.json');
  const run = (names: readonly string[], ...args: string[]) => {
    const program = file('app.ts', app(levels, ...names));
    return stepUp(['levels', ...args, '--app', `"${process.execPath}" --import tsx "${program}"`]);
  };
  const written = () => readFileSync(levels, 'utf8');

  test('records the levels of an app, checks them, and shows them', () => {
    const names = ['silver', 'gold'];
    const unchecked = run(names, '--check');
    expect(unchecked).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('Not recorded yet') });
    expect(existsSync(levels)).toBe(false);

    const first = run(names, 'record');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(/acme: silver \(10\) is new.*\nacme: gold \(20\) is new.*\nWritten: .*Commit it/);
    const text = written();
    expect(run(names, 'record').stdout).toMatch(/nothing to record/);
    expect(written()).toBe(text);
    expect(run(names, '--check')).toEqual({ exitCode: 0, stdout: 'All levels are recorded.', stderr: '' });
    expect(run(names)).toEqual({ exitCode: 0, stdout: 'Realm acme\n  10  silver\n  20  gold', stderr: '' });
  });

  test('says what becomes of sessions, and refuses what is not meant', () => {
    const between = run(['silver', 'mid', 'gold'], 'record');
    expect(between.stdout).toMatch(/mid \(15\) is new, below others: .*of "gold" from before count for "mid"/);
    const text = written();
    expect(run(['silver', 'gold:15'], '--check')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^Refused: .*it has 20/),
    });
    expect(run(['silver', 'gold:15'], 'record')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('it has 20'),
    });
    expect(written()).toBe(text);

    const renamed = run(['silver', 'mid', 'aurum'], 'record', '--json', '--rename', 'gold=aurum', '--settled', 'mid');
    expect(renamed.exitCode).toBe(0);
    expect(JSON.parse(renamed.stdout).changes).toMatchObject([
      { realm: 'acme', kind: 'renamed', acr: 'aurum', loa: 20 },
      { kind: 'settled', acr: 'mid' },
    ]);
    expect(run(['silver', 'mid', 'aurum']).stdout).toBe(
      'Realm acme\n  10  silver\n  15  mid\n  20  aurum\n  20  gold, retired',
    );
  });

  test('could not run: exit code 2, and the file is as it was', () => {
    const text = written();
    expect(run(['silver'], 'record', '--rename', 'gold')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('write old=new'),
    });
    expect(run(['silver'], '--check', '--realm', 'none').stderr).toMatch(/--realm none: the app has acme/);
    const broken = stepUp(['levels', 'record', '--app', 'echo "it is broken" >&2; exit 3']);
    expect(broken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it is broken') });
    expect(stepUp(['levels', '--app', 'true'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no StepUpRealm'),
    });
    expect(written()).toBe(text);
    file('step-up.levels.json', '{');
    expect(run(['silver', 'gold'], 'record')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no valid JSON'),
    });
    expect(written()).toBe('{');
  });

  test('reads the levels of any realm, wherever it is described', () => {
    const source = file('realm.json', realmRepresentation('acme', realm(stepUpFlow())));
    const shown = stepUp(['levels', '--check', '--json', '--from', source]);
    expect(shown.exitCode).toBe(1);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      changes: [
        { realm: 'acme', acr: 'silver', loa: 1 },
        { realm: 'acme', acr: 'gold', loa: 2 },
      ],
    });
    const named = stepUp(['levels', '--check', '--json', '--from', source, '--realm', 'shop']);
    expect(JSON.parse(named.stdout).changes).toMatchObject([{ realm: 'shop' }, { realm: 'shop' }]);
  });
});

test('a history that can not be written leaves the one that is there', () => {
  const missing = join(__dirname, 'no-such-folder', 'step-up.levels.json');
  expect(() => writeHistory(missing, { acme: [{ acr: 'gold', loa: 20 }] })).toThrow(/can't be written: ENOENT/);
});
