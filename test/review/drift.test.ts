import { Testing } from 'cdktf';
import { ProofFlow, StepUpClient, StepUpClientScope, StepUpFlow, StepUpPolicy, WhenRequest } from '../../lib';
import { type RealmModel, readTerraformConfiguration } from '../../model';
import { drift } from '../../review/drift';
import { realmStack } from '../support/stack';

/** A realm as its stack declares it, with a flow, a rule, a policy and two clients. */
function declaredRealm(): RealmModel {
  const { stack, realm, gold } = realmStack();
  const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
  const props = { realm, validRedirectUris: ['https://shop.example.com/callback'] };
  new StepUpClient(stack, 'shop', { ...props, clientId: 'shop', minimumLevel: gold, optionalScopes: [payments] });
  new StepUpPolicy(stack, 'policy', {
    flow: new ProofFlow(stack, 'proof', { realm, level: gold }),
    when: [WhenRequest.acr(gold)],
  });
  const [model] = readTerraformConfiguration(JSON.parse(Testing.synth(stack, true)));
  return model as RealmModel;
}

const DECLARED = declaredRealm();
const WRITTEN = '19700101000000';
const STAMP = '20261125160217';

/** The realm as it is after an apply, with what somebody made of its text. */
function live(change: (text: string) => string = (text) => text): RealmModel {
  const text = JSON.stringify(DECLARED).replaceAll(WRITTEN, STAMP);
  return { ...JSON.parse(change(text)), source: { kind: 'live' }, complete: true };
}

/** The executions of a flow's subflow, to be changed. */
function stepsOf(model: RealmModel, subflow: RegExp): Step[] {
  const below = (steps: Step[]): Step[] | undefined => {
    for (const { flow } of steps) {
      if (!flow) continue;
      if (subflow.test(flow.alias)) return flow.executions;
      const found = below(flow.executions);
      if (found) return found;
    }
    return undefined;
  };
  const found = below(model.flows.flatMap(({ executions }) => executions) as unknown as Step[]);
  if (!found) throw new Error(`No subflow ${subflow}`);
  return found;
}

interface Step {
  id: string;
  requirement: string;
  authenticator?: string;
  config?: { values: Record<string, string> };
  flow?: { alias: string; executions: Step[] };
}

const said = (model: RealmModel, declared = DECLARED) =>
  drift(model, declared).differences.map(({ path, what }) => `${path}: ${what}`);

describe('drift', () => {
  test('nothing differs of a realm under another stamp, and all of it is compared', () => {
    expect(drift(live(), DECLARED)).toEqual({ differences: [], open: [] });
  });

  test('of two flows of one name that which logins use is compared, and the other is left over', () => {
    const model = live();
    const flow = model.flows.find(({ alias }) => alias.startsWith('step-up-'));
    const left = { ...flow, alias: flow?.alias.replace(STAMP, '20200101000000'), id: 'f1', executions: [] };
    const { differences } = drift({ ...model, flows: [...model.flows, left as never] }, DECLARED);
    expect(differences).toEqual([
      {
        path: `flow ${left.alias}`,
        what: 'is left over of an apply that broke off: nothing uses it',
        mend: 'Delete it: kcadm.sh delete authentication/flows/f1 -r REALM',
      },
    ]);
  });

  test.each(['REQUIRED', 'DISABLED'])(
    'a step that is too much is told, and how the flow is made anew: %s',
    (requirement) => {
      const model = live();
      stepsOf(model, /level-2\.gold$/).push({
        kind: 'authenticator',
        id: 'x',
        requirement,
        authenticator: 'allow-access-authenticator',
      } as never);
      const [found, ...others] = drift(model, DECLARED).differences;
      expect(others).toEqual([]);
      expect(found?.path).toBe('flow step-up > login > forms > level-2.gold');
      expect(found?.what).toMatch(
        requirement === 'DISABLED' ? /DISABLED: it does nothing until/ : /allow-access-authenticator \(REQUIRED\)/,
      );
      expect(found?.mend).toMatch(/^terraform apply -replace=terraform_data\.\S+_Try_\w+$/);
    },
  );

  test('a step that stands twice, once without config, is told', () => {
    const model = live();
    const steps = stepsOf(model, /rule\.scope-1\.payments\.unless$/);
    const condition = steps.find(({ authenticator }) => authenticator === 'conditional-client-scope');
    const { config: _, ...bare } = condition as Step;
    steps.push(bare);
    expect(said(model)).toEqual([
      expect.stringMatching(/has the step conditional-client-scope \(REQUIRED\), which the stack/),
    ]);
  });

  test('the order of steps counts', () => {
    const model = live();
    stepsOf(model, /\.forms$/).reverse();
    expect(said(model).length).toBeGreaterThan(0);
  });

  test('a value that Keycloak masks is not told, one that is missing is', () => {
    const masked = live((text) =>
      text.replaceAll(/"default\.reference\.value":"\w+"/g, '"default.reference.value":"**********"'),
    );
    expect(said(masked)).toEqual([]);
    const missing = live((text) => text.replaceAll('"default.reference.value":"pwd"', '"default.reference.value":""'));
    expect(said(missing)[0]).toMatch(/auth-username-password-form: default\.reference\.value is not set to "pwd"/);
  });

  test("another acr map of a client is told, Keycloak's own clients' too", () => {
    const map = { levels: [{ acr: 'gold', loa: 1 }] };
    const model = live();
    const clients = model.clients.map((client) => ({ ...client, acrLoaMap: map }));
    const found = said({ ...model, clients });
    expect(found).toContain('client shop: own acr.loa.map is "{"gold":1}", which the stack does not set');
    expect(found.some((each) => each.startsWith('client account-console: own acr.loa.map'))).toBe(true);
  });

  test('a client of its own is nothing, unless it uses a flow of the stack', () => {
    const model = live();
    const theirs = { ...(model.clients[0] as (typeof model.clients)[number]), clientId: 'theirs', flowOverrides: {} };
    expect(said({ ...model, clients: [...model.clients, theirs] })).toEqual([]);
    const browser = { alias: model.bindings.browser as string };
    expect(said({ ...model, clients: [...model.clients, { ...theirs, flowOverrides: { browser } }] })).toEqual([
      'client theirs: is not of this stack and uses its flow "step-up": the next change of the flow takes it apart under the client',
    ]);
  });

  test('a policy that is gone is told with the one command that makes it again', () => {
    const { differences } = drift({ ...live(), clientPolicies: [] }, DECLARED);
    expect(differences.map(({ path }) => path)).toEqual(['client policy no-password-grant', 'client policy policy']);
    for (const { mend } of differences)
      expect(mend).toMatch(
        /^terraform state rm 'keycloak_realm_client_policy_profile_policy\.\S+' && terraform apply$/,
      );
  });

  test('a condition of a policy that was turned round is told', () => {
    const model = live();
    const clientPolicies = model.clientPolicies.map((policy) => ({
      ...policy,
      conditions: policy.conditions.map((each) => ({ ...each, config: { ...each.config, 'is-negative-logic': true } })),
    }));
    expect(said({ ...model, clientPolicies })).toHaveLength(2);
  });

  test('what one side does not say is not compared, and is told', () => {
    const declared = { ...DECLARED, acrLoaMap: { unknown: 'it is a variable' } };
    expect(drift(live(), declared)).toEqual({ differences: [], open: ['realm: acr.loa.map: it is a variable'] });
  });
});
