import { Realm } from '@cdktf/provider-keycloak/lib/realm';
import { Aspects, type TerraformStack, Testing } from 'cdktf';
import {
  AuthenticationFlow,
  ConfigurationError,
  condition,
  execution,
  StepUpChecks,
  type StepUpRealm,
  subflow,
} from '../../lib';
import { realmStack } from '../support/stack';

/** A flow whose gold is had by asking for it. */
function bindUnprovenGold(stack: TerraformStack, realm: StepUpRealm): AuthenticationFlow {
  const level = (loa: number) =>
    condition('conditional-level-of-authentication', { 'loa-condition-level': String(loa), 'loa-max-age': '300' });
  const flow = new AuthenticationFlow(stack, 'flow', {
    realm,
    name: 'weak',
    nodes: [
      execution('auth-cookie', { requirement: 'ALTERNATIVE' }),
      subflow('ways', 'ALTERNATIVE', [
        subflow('silver', 'CONDITIONAL', [level(1), execution('auth-username-password-form')]),
        subflow('gold', 'CONDITIONAL', [level(2), execution('allow-access-authenticator')]),
      ]),
    ],
  });
  realm.bindBrowserFlow(flow);
  return flow;
}

const messages = (stack: TerraformStack) =>
  stack.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => data));

describe('StepUpChecks', () => {
  test('fails the validation of a stack with an error, and names the construct, the gain and the remedy', () => {
    const { stack, realm } = realmStack();
    bindUnprovenGold(stack, realm);
    StepUpChecks.applyTo(stack);
    expect(() => stack.runAllValidations()).toThrow(
      /test\/flow\/.*gold.*allow-access-authenticator\. Whoever holds .*Ask for a proof.*\[SU206 level-without-proof\]/,
    );
  });

  test('fails the synth of every stack below it, as an aspect', () => {
    const { stack, realm } = realmStack();
    bindUnprovenGold(stack, realm);
    Aspects.of(stack).add(new StepUpChecks());
    expect(() => Testing.fullSynth(stack)).toThrow(/SU206 level-without-proof/);
  });

  test('lets a stack pass whose findings are accepted with a reason, and lists them', () => {
    const { stack, realm } = realmStack();
    const flow = bindUnprovenGold(stack, realm);
    for (const id of ['level-without-proof', 'higher-level-weaker']) {
      StepUpChecks.suppress(flow, { id, reason: 'a trial without users' });
    }
    StepUpChecks.applyTo(stack);
    stack.runAllValidations();
    stack.runAllValidations();
    const accepted = messages(stack).filter((message) => /^Accepted: /.test(String(message)));
    expect(accepted).toEqual([
      expect.stringMatching(/SU206 level-without-proof\] Reason: a trial without users$/),
      expect.stringMatching(/SU211 higher-level-weaker\] Reason: a trial without users$/),
    ]);
  });

  test('accepts on the realm what is found of the realm', () => {
    const { stack } = realmStack();
    const other = new Realm(stack, 'other', {
      realm: 'other',
      attributes: { 'acr.loa.map': JSON.stringify({ silver: 1, gold: 2 }) },
    });
    StepUpChecks.applyTo(stack);
    expect(() => stack.runAllValidations()).toThrow(/test\/other.*SU402 flow-without-levels/);
    StepUpChecks.suppress(other, { id: 'flow-without-levels', reason: 'bound by another stack' });
    expect(() => stack.runAllValidations()).not.toThrow(/test\/other/);
  });

  test('annotates what is no error', () => {
    const { stack, realm } = realmStack();
    bindUnprovenGold(stack, realm);
    StepUpChecks.applyTo(stack, { keycloakVersion: '26.5.0' });
    expect(() => stack.runAllValidations()).toThrow();
    expect(messages(stack)).toContainEqual(expect.stringMatching(/CVE-2026-3429.*Upgrade to 26\.5\.7/));
  });

  test.each([
    ['an unknown rule', { id: 'no-such-rule', reason: 'because' }, /there is no such rule/],
    ['no reason', { id: 'level-without-proof', reason: ' ' }, /whoever reads the result must learn why/],
  ])('refuses a suppression with %s', (_, suppression, message) => {
    const { stack } = realmStack();
    expect(() => StepUpChecks.suppress(stack, suppression)).toThrow(ConfigurationError);
    expect(() => StepUpChecks.suppress(stack, suppression)).toThrow(message);
  });
});
