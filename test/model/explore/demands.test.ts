import type { Role } from '@cdktf/provider-keycloak/lib/role';
import { type LoginCondition, type StepUpClientScope, When } from '../../../lib';
import { stepUpNodes } from '../../../lib/flow/step-up-tree';
import { demandsOf } from '../../../model/explore/demands';
import { modelFlow } from '../../support/flow-model';
import { level, testStack } from '../../support/stack';
import { ALT, COND, COOKIE, flow, type Node, OTP, PASSWORD, REQ, realm } from '../support/realm';

const stack = testStack();
const levels = [level(stack, { acr: 'silver', loa: 1 }), level(stack, { acr: 'gold', loa: 2 })] as const;

const scope = (name: string) => When.clientScope({ name } as StepUpClientScope);
const role = (name: string) => When.realmRole({ name } as Role);

/** The demands of a flow with a rule for each list of conditions. */
function ofRules(...rules: readonly (readonly LoginCondition[])[]) {
  const declared = rules.map((when, index) => ({ name: `rule-${index}`, when, requires: levels[1] }));
  const browser = modelFlow('step-up', stepUpNodes(levels, declared));
  return demandsOf(realm(browser), [browser]);
}

const ALLOW = REQ('allow-access-authenticator');
const NO_PAYMENTS = REQ('conditional-client-scope', { client_scope: 'payments', negate: 'true' });

function ofRule(...alternatives: readonly Node[]) {
  const browser = flow('browser', [REQ('login', [COOKIE, ALT('forms', [PASSWORD])]), REQ('rule', alternatives)]);
  return demandsOf(realm(browser), [browser]);
}

describe('Facts that only make a login ask for more', () => {
  test('are the conditions of rules for one level, alike', () => {
    expect(ofRules([scope('a')], [scope('b')], [role('c')])).toEqual([
      { facts: ['scope:a', 'scope:b'], madeWhen: true },
      { facts: ['role:c'], madeWhen: true },
    ]);
  });

  test('are made by what is not there, where a rule is for that', () => {
    expect(ofRules([When.noRealmRole({ name: 'trusted' } as Role)])).toEqual([
      { facts: ['role:trusted'], madeWhen: false },
    ]);
  });

  test('are those of a rule with a credential beside it', () => {
    expect(ofRules([scope('a')], [When.subflowExecuted('forms')])).toEqual([{ facts: ['scope:a'], madeWhen: true }]);
  });

  test('are not those of which several must hold', () => {
    expect(ofRules([scope('a'), role('b')])).toEqual([]);
  });

  test('keep from an alternative that passes by itself', () => {
    const exempt = ALT('exempt', [COND('unless', [NO_PAYMENTS, ALLOW])]);
    expect(ofRule(exempt, ALT('prove', [OTP]))).toEqual([{ facts: ['scope:payments'], madeWhen: true }]);
  });

  test.each<[string, Node[]]>([
    ['the exemption asks for something', [ALT('exempt', [COND('unless', [NO_PAYMENTS, OTP])]), ALT('prove', [OTP])]],
    [
      'the proof grants a level',
      [
        ALT('exempt', [COND('unless', [NO_PAYMENTS, ALLOW])]),
        ALT('prove', [COND('gold', [REQ('conditional-level-of-authentication', { 'loa-condition-level': '2' }), OTP])]),
      ],
    ],
    [
      'something passes beside them',
      [ALT('exempt', [COND('unless', [NO_PAYMENTS, ALLOW])]), ALT('allow-access-authenticator')],
    ],
    [
      'what was asked is looked at elsewhere',
      [
        ALT('exempt', [COND('unless', [NO_PAYMENTS, ALLOW])]),
        ALT('prove', [OTP]),
        ALT('other', [COND('if', [REQ('conditional-user-role', { condUserRole: 'admin' }), ALLOW])]),
      ],
    ],
  ])('are not those of a rule where %s', (_what, alternatives) => {
    expect(ofRule(...alternatives)).toEqual([]);
  });
});
