import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTerraformPlan, readTerraformState, type TerraformPlan } from '../../../model/readers';
import type { RealmModel } from '../../../model/realm-model';
import { GOLD, loginOnce, SimulatedBrowser } from '../support/browser';

/**
 * Printed by `terraform show -json` (Terraform 1.11.4, keycloak/keycloak 5.9.0): a realm whose flow is in a module and whose levels
 * are repeated by `for_each`; before it exists, when the max age of gold changes to 0, and as a state.
 */
function fixture(name: string) {
  return JSON.parse(readFileSync(join(__dirname, 'fixtures', `${name}.json`), 'utf8'));
}

const create = readTerraformPlan(fixture('plan-create'));
const change = readTerraformPlan(fixture('plan-change'));
const state = readTerraformState(fixture('state'));

test('a plan that creates a realm has none before', () => {
  expect(create.before).toEqual([]);
});

describe.each([
  ['a realm that is only planned', create.after],
  ['a realm before a change', change.before],
  ['a realm after a change', change.after],
  ['a state', state],
])('%s', (_, models) => {
  const [model, ...others] = models as [RealmModel];

  test('is one realm, read as a whole', () => {
    expect(others).toEqual([]);
    expect(model).toMatchObject({
      realm: 'acme',
      complete: true,
      unknowns: [],
      source: { provider: 'keycloak/keycloak' },
      bindings: { browser: 'step-up', directGrant: 'direct grant' },
      acrLoaMap: {
        levels: [
          { acr: 'gold', loa: 2 },
          { acr: 'silver', loa: 1 },
        ],
      },
      sessions: { ssoIdle: 1800, ssoMax: 36000 },
    });
  });

  test('has the client with its override, role and Keycloak’s defaults', () => {
    expect(model.clients.find(({ clientId }) => clientId === 'app')).toMatchObject({
      accessType: 'public',
      consentRequired: false,
      flowOverrides: { browser: { alias: 'step-up' } },
      grants: { authorizationCode: true, password: false },
      roles: ['sensitive'],
    });
    expect(model.roles).toContain('app.sensitive');
  });

  test('logs in as its flow says', () => {
    expect(loginOnce(model)).toBe('username+password → silver');
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → gold');
  });
});

test('a plan shows what a change does to logins', () => {
  const second = (model: RealmModel) => {
    const browser = new SimulatedBrowser(model);
    browser.login(GOLD);
    return browser.wait(1).login(GOLD);
  };
  expect(second(change.before[0] as RealmModel)).toBe('→ gold');
  expect(second(change.after[0] as RealmModel)).toBe('otp → gold');
});

test('a value that is known only after the apply is unknown', () => {
  const plan = fixture('plan-create') as TerraformPlan;
  const changes = (plan.resource_changes ?? []).map((each) =>
    each.address === 'keycloak_openid_client.app'
      ? { ...each, change: { after_unknown: { ...(each.change?.after_unknown as object), access_type: true } } }
      : each,
  );
  const [model] = readTerraformPlan({ ...plan, resource_changes: changes }).after;
  expect(model?.clients[0]?.accessType).toEqual({ unknown: expect.stringMatching(/after the apply/) });
});
