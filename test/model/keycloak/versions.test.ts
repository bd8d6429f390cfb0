import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AVAILABLE_SINCE, lackingIn } from '../../../model/keycloak/available-since';
import { BEHAVIOURS, type Behaviour, type BehaviourId, behaves } from '../../../model/keycloak/behaviours';
import {
  compareVersions,
  isMeasured,
  isVersion,
  MEASURED_VERSIONS,
  PINNED_VERSION,
  versionNote,
} from '../../../model/keycloak/versions';
import { versionsPage } from '../../../model/keycloak/versions-page';
import { ALT, COND, COOKIE, flow, LOA, OTP, PASSWORD, realm } from '../support/realm';

describe('Releases', () => {
  test('are ordered by their numbers, not as texts', () => {
    const sorted = ['26.10.0', '26.7.4', '26.7.4.redhat-00001', '9.0.0', '26.7.10'].sort(compareVersions);
    expect(sorted).toEqual(['9.0.0', '26.7.4', '26.7.4.redhat-00001', '26.7.10', '26.10.0']);
    expect(compareVersions('26.0', '26.0.0')).toBe(0);
  });

  test('are three numbers', () => {
    expect(['26.7.4', '26.7.4.redhat-00001', '27.0.0-SNAPSHOT'].every(isVersion)).toBe(true);
    expect(['26.7', 'nightly', '', '26.7.4 ', 26, undefined].some(isVersion)).toBe(false);
  });

  test('that were not measured are said to be so', () => {
    expect(MEASURED_VERSIONS).toContain(PINNED_VERSION);
    expect([...MEASURED_VERSIONS].sort(compareVersions)).toEqual(MEASURED_VERSIONS);
    for (const version of MEASURED_VERSIONS)
      expect([isMeasured(version), versionNote(version)]).toEqual([true, undefined]);
    expect(versionNote(undefined)).toBeUndefined();
    expect(versionNote('26.0.8')).toMatch(/^Keycloak 26\.0\.8 was measured in part: /);
    expect(versionNote('26.9.9')).toMatch(/^Keycloak 26\.9\.9 was not measured: .*26\.7\.4$/);
  });

  test('have a page that says what the tables say (npx tsx model/keycloak/write-versions.ts)', () => {
    expect(readFileSync(join(__dirname, '../../../docs/versions.md'), 'utf8')).toBe(versionsPage());
  });
});

const sound = realm(flow('browser-2', [COOKIE, ALT('forms', [COND('silver', [LOA(1), PASSWORD])])]));

describe('What a release lacks', () => {
  test('is listed from the newest on', () => {
    const since = AVAILABLE_SINCE.map((each) => each.since);
    expect([...since].sort(compareVersions).reverse()).toEqual(since);
  });

  test('is nothing for a realm that uses nothing of it', () => {
    expect(lackingIn(sound, '24.0.0')).toEqual([]);
  });

  test('is found where it is used, and not where the release has it', () => {
    const used = {
      ...sound,
      flows: [
        ...sound.flows,
        flow('own', [
          COND('rule', [
            (parent, index) => ({ ...OTP(parent, index), authenticator: 'conditional-credential' }) as never,
          ]),
        ]),
      ],
    };
    expect(lackingIn(used, '26.3.5')).toMatchObject([
      { availability: { id: 'conditional-credential' }, use: { path: 'flow own > rule > conditional-credential' } },
    ]);
    expect(lackingIn(used, '26.4.0')).toEqual([]);
  });

  test('names the feature where it is a preview', () => {
    const organizations = { ...sound, selfService: { ...sound.selfService, organizations: true } };
    expect(lackingIn(organizations, '25.0.6')).toMatchObject([{ feature: 'organization' }]);
    expect(lackingIn(organizations, '24.0.5')[0]).not.toHaveProperty('feature');
    expect(lackingIn(organizations, '26.0.0')).toEqual([]);
  });

  test('is not an age of a required action that is the usual one', () => {
    const aged = (max_auth_age: string, enabled = true) => ({
      ...sound,
      requiredActions: [
        { alias: 'CONFIGURE_TOTP', enabled, defaultAction: false, priority: 1, config: { max_auth_age } },
      ],
    });
    expect(lackingIn(aged('60'), '26.2.5')).toMatchObject([{ availability: { id: 'max_auth_age' } }]);
    expect(lackingIn(aged('300'), '26.2.5')).toEqual([]);
    expect(lackingIn(aged('60', false), '26.2.5')).toEqual([]);
  });
});

describe('A behaviour', () => {
  const behaviours = Object.entries<Behaviour>(BEHAVIOURS);

  test.each(behaviours)('%s holds since its release, and on the pinned one', (id, { since, beforeSince }) => {
    const of = (keycloakVersion?: string) => behaves({ ...sound, keycloakVersion }, id as BehaviourId);
    expect([of(beforeSince ?? '24.0.0'), of(since), of(undefined)]).toEqual([false, true, true]);
    if (beforeSince !== undefined) expect(of('24.0.0')).toBe(true);
  });
});
