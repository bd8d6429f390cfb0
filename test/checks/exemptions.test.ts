import { sessionSkipsCondition } from '../../checks/rules/session-skips-condition';
import { unknownScope } from '../../checks/rules/unknown-scope';
import { runRule } from '../../checks/run';
import { guardedThings } from '../../checks/support/guards';
import { ALT, COND, COOKIE, flow, GOLD, type Node, OTP, REQ, realm, SILVER, withPayments } from './support/realms';

/** Asks for the OTP, unless the scope is not asked for. */
const ruleFor = (scope: string): Node =>
  REQ('rule', [
    ALT('exempt', [
      COND('unless', [
        REQ('conditional-client-scope', { client_scope: scope, negate: 'true' }),
        REQ('allow-access-authenticator'),
      ]),
    ]),
    ALT('prove', [OTP]),
  ]);

const login = (...forms: readonly Node[]) => [COOKIE, ALT('ways', forms)];
const behind = (scope: string) =>
  withPayments(realm(flow('login', [REQ('cookie or forms', login(SILVER, GOLD)), ruleFor(scope)])));

describe('A rule that exempts, and asks otherwise', () => {
  test('is skipped by a session beside the cookie, and not behind it', () => {
    const beside = withPayments(realm(flow('login', login(SILVER, ruleFor('payments')))));
    expect(runRule(sessionSkipsCondition, beside)).toMatchObject([
      { verdict: 'found', what: expect.stringContaining('"rule" asks on condition of a client scope') },
    ]);
    expect(runRule(sessionSkipsCondition, behind('payments'))).toEqual([]);
  });

  test('shows that its scope is guarded', () => {
    const guards = guardedThings(behind('payments'), []).map(({ guard }) => guard.goal);
    expect(guards).toContainEqual({ kind: 'scope', name: 'payments' });
  });

  test('spares nobody where its scope does not exist', () => {
    expect(runRule(unknownScope, behind('payment'))).toMatchObject([
      { verdict: 'found', gain: 'It never holds: nobody is spared the proof.' },
    ]);
  });
});
