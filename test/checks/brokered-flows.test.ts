import { runRule } from '../../checks';
import { flowWithoutLogin } from '../../checks/rules/flow-without-login';
import { levelWithoutProof } from '../../checks/rules/level-without-proof';
import type { RealmModel } from '../../model/realm-model';
import { COND, flow, LOA, loginFlow, OTP, REQ, realm, SILVER, soundRealm } from './support/realms';

const ALLOW = REQ('allow-access-authenticator');
const withPost = (nodes: Parameters<typeof flow>[1]): RealmModel =>
  soundRealm({
    flows: [flow('post', nodes)],
    identityProviders: [{ alias: 'partner', enabled: true, postLoginFlow: 'post' }],
  });

const errors = (rule: Parameters<typeof runRule>[0], model: RealmModel) =>
  runRule(rule, model).map(({ level, location }) => `${level} at ${location.path}`);

describe('a post login flow', () => {
  test('of levels locks nobody out: the user is known', () => {
    expect(errors(flowWithoutLogin, withPost([COND('post gold', [LOA(2), OTP])]))).toEqual([]);
  });

  test('without a step lets nobody in', () => {
    expect(errors(flowWithoutLogin, withPost([]))).toEqual(['error at flow post']);
  });

  test('grants the lowest level for the login at the provider', () => {
    expect(errors(levelWithoutProof, withPost([COND('post silver', [LOA(1), ALLOW])]))).toEqual([]);
  });

  test('grants no higher one for it', () => {
    expect(errors(levelWithoutProof, withPost([COND('post gold', [LOA(2), ALLOW])]))).toEqual([
      'error at flow post > post gold',
    ]);
  });
});

test('level 0 is nobody’s gain', () => {
  const zero = loginFlow(COND('zero', [LOA(0), REQ('auth-username-form')]), SILVER);
  expect(errors(levelWithoutProof, realm(zero))).toEqual([]);
});

describe('a direct grant flow', () => {
  const bound = (nodes: Parameters<typeof flow>[1]): RealmModel => {
    const model = soundRealm({ flows: [flow('grant', nodes)] });
    return { ...model, bindings: { ...model.bindings, directGrant: 'grant' } };
  };

  test('that denies everybody is shut on purpose', () => {
    expect(errors(flowWithoutLogin, bound([REQ('deny-access-authenticator')]))).toEqual([]);
  });

  test('without a step lets nobody in', () => {
    expect(errors(flowWithoutLogin, bound([]))).toEqual(['error at flow grant']);
  });
});
