import { resolve } from 'node:path';
import { CouldNotRun } from '../../cli/could-not-run';
import { loadSource } from '../../cli/source/load';
import { shownSource } from '../../cli/source/shown';
import { realmRepresentation } from '../checks/support/representation';
import { realm as newRealm, stepUpFlow } from '../model/support/realm';
import { stepUpProcess, temporaryFiles } from './step-up';

const SECRET = 'hunter2';
const { file } = temporaryFiles();

const realmOf = (name: string) => realmRepresentation(name, newRealm(stepUpFlow()));
const realms = async (source: string) => (await loadSource(source)).realms.map(({ realm }) => realm);

test('a list of realms, as kc.sh export writes several', async () => {
  expect(await realms(file('list.json', [realmOf('one'), realmOf('two')]))).toEqual(['one', 'two']);
});

test('a folder of realms and their users, as kc.sh export --dir writes it', async () => {
  const path = file('export/one-realm.json', realmOf('one'));
  file('export/two-realm.json', realmOf('two'));
  file('export/one-users-0.json', { realm: 'one', users: [{ username: 'max' }] });
  expect(await realms(resolve(path, '..'))).toEqual(['one', 'two']);
});

test('a byte order mark', async () => {
  expect(await realms(file('mark.json', `\uFEFF${JSON.stringify(realmOf('marked'))}`))).toEqual(['marked']);
});

const state = { format_version: '1', values: { root_module: { resources: [SECRET] } } };

test.each([
  ['JSON that is broken', `{\n  "realm": "x",\n  "secret": "${SECRET}" oops }`, 'no valid JSON, at line 3, column 23'],
  ['JSON that ends early', `{"secret": "${SECRET}"`, 'no valid JSON, at line 1, column 21'],
  ['a broken text', `["${SECRET}`, 'no valid JSON, at line 1, column 2'],
  ['no JSON at all', `${SECRET} and more`, 'no valid JSON, at line 1, column 1'],
  ['a comma too many', `{"a": ["${SECRET}",]}`, 'no valid JSON, at line 1, column 18'],
  ['a key without quotes', `{\n${SECRET}: 1}`, 'no valid JSON, at line 2, column 1'],
  ['more after the end', `{"realm": "x"} "${SECRET}"`, 'no valid JSON, at line 1, column 16'],
  ['a realm whose clients are a text', { realm: 'x', clients: SECRET }, 'clients is a string: write a list'],
  [
    'a realm with a flow of null',
    { realm: 'x', authenticationFlows: [null] },
    'authenticationFlows[0] is null: write an object',
  ],
  ['a realm of a list that is junk', [{ realm: 'x', roles: SECRET }], 'roles is a string: write an object'],
  [
    'a plan of another shape',
    { planned_values: { root_module: SECRET } },
    'planned_values.root_module is a string: write an object',
  ],
  ['a state of another shape', state, 'values.root_module.resources[0] is a string: write an object'],
  ['users alone', { realm: 'x', users: [] }, /none of what a SOURCE can be/],
  ['resources that are a number', { resource: 5 }, 'no resource of Keycloak in it'],
])('%s is refused in one line that quotes nothing', async (name, content, message) => {
  const path = file(`${name}.json`, content);
  const error = await loadSource(path).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(CouldNotRun);
  if (typeof message === 'string') expect(error.message).toBe(`${path}: ${message}`);
  else expect(error.message).toMatch(message);
  expect(error.message).not.toContain('\n');
  expect(error.message).not.toContain(SECRET);
});

test.each([
  [`https://user:${SECRET}@host:8443/auth/realms/x`, 'https://host:8443/auth/realms/x'],
  [`HTTPS://user:${SECRET}@host/realms/x?token=${SECRET}#${SECRET}`, 'https://host/realms/x'],
  [`https://user:${SECRET}/x@[host/realms/x`, 'https://[host/realms/x'],
  [`ftp://user:${SECRET}@host/realms/x`, 'ftp://host/realms/x'],
  ['https://host/realms/a@b', 'https://host/realms/a@b'],
  ['some/folder@home', 'some/folder@home'],
])('%s is printed without what is nobody’s business', (source, shown) => {
  expect(shownSource(source)).toBe(shown);
});

test.each([
  [`http://admin:${SECRET}@127.0.0.1:9/realms/acme`, /^step-up: http:\/\/127\.0\.0\.1:9\/realms\/acme: .+$/],
  [`HTTP://admin:${SECRET}@[oops/realms/acme`, /^step-up: HTTP:\/\/\[oops\/realms\/acme: write the URL of a realm/],
])('a live realm by %s: the command prints no user info', (source, message) => {
  const env = { KEYCLOAK_CLIENT_ID: 'x', KEYCLOAK_CLIENT_SECRET: 'y' };
  const { exitCode, stderr, stdout } = stepUpProcess(['check', source], { env });
  expect(stderr).toMatch(message);
  expect(stderr + stdout).not.toContain(SECRET);
  expect(exitCode).toBe(2);
});
