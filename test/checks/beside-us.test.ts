import type { TerraformStack } from 'cdktf';
import {
  AuthenticationFlow,
  bindings,
  execution,
  StepUpChecks,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  type StepUpRealm,
  subflow,
} from '../../lib';
import { realmStack } from '../support/stack';

const SHOP = { clientId: 'shop', validRedirectUris: ['https://shop.example.com/callback'] };

/** The stack of the README: two levels, a scope that requires the higher one, a client that may ask for it. */
function guardedStack() {
  const { stack, realm, gold } = realmStack();
  const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
  new StepUpClient(stack, 'shop', { realm, ...SHOP, optionalScopes: [payments] });
  new StepUpClient(stack, 'admin', { realm, ...SHOP, clientId: 'admin', minimumLevel: gold });
  StepUpChecks.applyTo(stack);
  return { stack, realm, payments };
}

/** A client that another team has made in the realm. */
function clientOfOthers(stack: TerraformStack, realm: StepUpRealm, payments: StepUpClientScope, more: object = {}) {
  const client = new bindings.openidClient.OpenidClient(stack, 'others', {
    realmId: realm.realmId,
    clientId: 'others',
    accessType: 'CONFIDENTIAL',
    standardFlowEnabled: true,
    validRedirectUris: ['https://others.example.com/callback'],
    ...more,
  });
  new bindings.openidClientOptionalScopes.OpenidClientOptionalScopes(stack, 'others-scopes', {
    realmId: realm.realmId,
    clientId: client.id,
    optionalScopes: [payments.resource.name],
  });
  return client;
}

describe('StepUpChecks on what is added beside the constructs', () => {
  test('says nothing of the constructs alone', () => {
    const { stack } = guardedStack();
    expect(() => stack.runAllValidations()).not.toThrow();
  });

  test('says nothing of a client that goes through the realm’s flow', () => {
    const { stack, realm, payments } = guardedStack();
    clientOfOthers(stack, realm, payments);
    expect(() => stack.runAllValidations()).not.toThrow();
  });

  test('finds a client with a flow of its own that lacks the rule', () => {
    const { stack, realm, payments } = guardedStack();
    const own = new AuthenticationFlow(stack, 'own', {
      realm,
      name: 'own',
      nodes: [subflow('own.forms', 'REQUIRED', [execution('auth-username-password-form')])],
    });
    clientOfOthers(stack, realm, payments, {
      authenticationFlowBindingOverrides: { browserId: own.handle.id },
      dependsOn: own.handle.dependsOn,
    });
    expect(() => stack.runAllValidations()).toThrow(
      /scope "payments" is had for \{password\}.*takes password and otp.*\[SU901 guard-bypassed\]/,
    );
  });

  test.each([
    ['a service account', { serviceAccountsEnabled: true }, /\{client-secret\}/],
    ['token exchange', { standardTokenExchangeEnabled: true }, /\{password, client-secret\}/],
  ])('finds %s', (_, more, proofs) => {
    const { stack, realm, payments } = guardedStack();
    clientOfOthers(stack, realm, payments, more);
    const failure = (() => {
      try {
        stack.runAllValidations();
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    })();
    expect(failure).toMatch(/scope "payments" is had for .*SU901 guard-bypassed/);
    expect(failure).toMatch(proofs);
  });

  test('finds a mapper that writes the acr itself', () => {
    const { stack, realm, payments } = guardedStack();
    const client = clientOfOthers(stack, realm, payments);
    new bindings.openidHardcodedClaimProtocolMapper.OpenidHardcodedClaimProtocolMapper(stack, 'forged', {
      realmId: realm.realmId,
      clientId: client.id,
      name: 'forged',
      claimName: 'acr',
      claimValue: 'gold',
    });
    expect(() => stack.runAllValidations()).toThrow(/acr "gold".* is had for \{password\}.*\[SU901 guard-bypassed\]/);
  });

  test('takes what somebody says is guarded', () => {
    const { stack } = realmStack();
    StepUpChecks.applyTo(stack, { guards: ['role:auditor'] });
    expect(() => stack.runAllValidations()).toThrow(/Guard "role:auditor": write KIND:NAME=LEVEL/);
  });
});
