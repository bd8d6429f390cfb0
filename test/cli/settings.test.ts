import { readSettings } from '../../cli/settings';
import { realmRepresentation } from '../checks/support/representation';
import { realm, stepUpFlow } from '../model/support/realm';
import { stepUp, temporaryFiles } from './step-up';

/** A realm whose client nothing guards. */
const unguarded = () => realm(stepUpFlow());

describe('settings of the command', () => {
  const { file } = temporaryFiles();

  test('tell what is guarded, which release runs and what is accepted', async () => {
    const realmFile = file('realm.json', realmRepresentation('acme', { ...unguarded(), keycloakVersion: undefined }));
    const plain = await stepUp(['check', realmFile, '--json']);
    expect(plain.stdout).not.toContain('a token of client');
    const config = file('settings.json', {
      keycloakVersion: '26.5.0',
      guards: ['client:app=gold'],
      suppressions: [{ id: 'level-by-enrolment', reason: 'a realm for tests' }],
    });
    const { stdout, exitCode } = await stepUp(['check', realmFile, '--json', '--config', config]);
    expect(stdout).toContain('a token of client \\"app\\" is had for {password}');
    expect(stdout).toContain('a realm for tests');
    expect(stdout).toContain('CVE-2026-3429');
    expect(exitCode).toBe(1);
  });

  test('--guard says the same, and one that can not be read is refused', async () => {
    const realmFile = file('realm.json', realmRepresentation('acme', unguarded()));
    expect((await stepUp(['check', realmFile, '--guard', 'client:app=gold'])).stdout).toContain(
      'a token of client "app" is had for {password}',
    );
    const { exitCode, stderr } = await stepUp(['check', realmFile, '--guard', 'payments']);
    expect(stderr).toMatch(/Guard "payments": write KIND:NAME=LEVEL/);
    expect(exitCode).toBe(2);
  });

  test.each([
    ['no JSON', '{ "guards": ', /no valid JSON, at line 1/],
    ['a list', '[]', /write an object such as/],
    ['a key of another name', '{ "guard": [] }', /"guard" is none of keycloakVersion, guards, suppressions/],
    ['guards that are no list', '{ "guards": "scope:a=b" }', /guards is a list/],
    ['a suppression without a reason', '{ "suppressions": [{ "id": "a" }] }', /suppressions is a list such as/],
    ['a version that is a number', '{ "keycloakVersion": 26 }', /keycloakVersion is a text/],
  ])('refuse %s', (_, text, message) => {
    const broken = file('broken.json', text);
    expect(() => readSettings(broken)).toThrow(message);
  });

  test('refuse a file that is named and is not there', () => {
    expect(() => readSettings('no-such-settings.json')).toThrow('no-such-settings.json: no such file');
    expect(readSettings(undefined)).toEqual({});
  });
});
