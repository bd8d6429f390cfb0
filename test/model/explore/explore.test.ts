import { explore, type Way } from '../../../model/explore';
import type { Client, RealmModel } from '../../../model/realm-model';
import { ALT, COND, COOKIE, client, flow, LOA, OTP, PASSWORD, REQ, realm, stepUpFlow } from '../support/realm';

/** For example `{password, otp}`; a session with its age, circumstances after a bar. */
function text({ proofs, sessionAge, when }: Way): string {
  const session = sessionAge === undefined ? '' : ` ≤${sessionAge}s`;
  const facts = when.length > 0 ? ` | ${when.join(', ')}` : '';
  return `{${proofs.join(', ')}${session}${facts}}`;
}

function waysTo(acr: string, model: RealmModel, clientId = 'app'): string[] {
  const [explanation] = explore(model, { clientId, acr });
  return (explanation?.ways ?? []).map(text).sort();
}

/** What begins without a session and sets no new password: the ways of somebody who only knows secrets. */
function bySecrets(acr: string, model: RealmModel): string[] {
  return waysTo(acr, model).filter((way) => !/session|enrol:password|email/.test(way));
}

const without = (model: RealmModel, ...actions: string[]): RealmModel => ({
  ...model,
  requiredActions: model.requiredActions.map((each) =>
    actions.includes(each.alias) ? { ...each, enabled: false } : each,
  ),
});

describe('explore', () => {
  const open = realm(stepUpFlow());
  const closed = without(open, 'CONFIGURE_TOTP');

  test('finds that enrolling takes the place of the OTP', () => {
    expect(bySecrets('silver', open)).toEqual(['{password}']);
    expect(bySecrets('gold', open)).toEqual(['{password, enrol:otp}', '{password, otp}']);
    expect(bySecrets('gold', closed)).toEqual(['{password, otp}']);
  });

  test('takes sessions of a level as proofs, as long as the level counts', () => {
    const model = without(realm(stepUpFlow('f', { silver: 600, gold: 60 })), 'CONFIGURE_TOTP', 'UPDATE_PASSWORD');
    expect(waysTo('silver', model)).toEqual(['{password}', '{session:silver ≤600s}']);
    expect(waysTo('gold', model)).toEqual(['{password, otp}', '{session:gold ≤60s}', '{session:silver, otp ≤600s}']);
  });

  test('finds that a young session lets its thief set a password', () => {
    const elsewhere = client('elsewhere', { flowOverrides: { browser: { alias: 'browser' } } });
    const model = { ...closed, clients: [...closed.clients, elsewhere] };
    expect(waysTo('gold', model)).toContain('{session, otp, enrol:password ≤300s}');
    // No login leaves a session without a level where every flow has one.
    expect(waysTo('gold', closed).join()).not.toContain('{session,');
  });

  test('sees no other way than both proofs in a denying level', () => {
    const model = without(
      realm(
        flow('f', [
          COOKIE,
          ALT('forms', [
            COND('silver', [LOA(1), PASSWORD]),
            COND('gold', [LOA(2), REQ('proof', [ALT('auth-otp-form'), ALT('deny-access-authenticator')])]),
          ]),
        ]),
      ),
      'CONFIGURE_TOTP',
    );
    expect(bySecrets('gold', model)).toEqual(['{password, otp}']);
  });

  test('finds the way around a denying level by kc_action', () => {
    const model = realm(
      flow('f', [
        COOKIE,
        ALT('forms', [
          COND('silver', [LOA(1), PASSWORD]),
          COND('gold', [LOA(2), REQ('proof', [ALT('auth-otp-form'), ALT('deny-access-authenticator')])]),
        ]),
      ]),
    );
    expect(bySecrets('gold', model)).toContain('{password, enrol:otp}');
  });

  test('finds that another client’s flow raises the session', () => {
    const weak = flow('weak', [COOKIE, ALT('weak forms', [COND('weak gold', [LOA(2), PASSWORD])])]);
    const clients = [client('app'), client('other', { flowOverrides: { browser: { alias: 'weak' } } })];
    const model = without(realm(stepUpFlow(), { flows: [weak], clients }), 'CONFIGURE_TOTP');
    const [gold] = explore(model, { clientId: 'app', acr: 'gold' });
    const way = gold?.ways.find(({ proofs }) => proofs.join() === 'password');
    expect(way?.witness.map(({ clientId }) => clientId)).toEqual([undefined, 'other', 'app']);
  });

  test('finds the policy that stamps gold on several acr values', () => {
    const model = without(
      realm(stepUpFlow(), {
        clientPolicies: [
          {
            name: 'p',
            enabled: true,
            strict: false,
            conditions: [{ provider: 'acr-condition', config: { 'acr-property': 'gold' } }],
            profiles: ['x'],
          },
        ],
        clientProfiles: [
          {
            name: 'x',
            executors: [
              { provider: 'auth-flow-enforcer', config: { 'auth-flow-alias': 'step-up', 'auth-flow-loa': 2 } },
            ],
          },
        ],
      }),
      'CONFIGURE_TOTP',
    );
    expect(bySecrets('gold', model)).toEqual(['{password, otp}', '{password, request}']);
  });

  test('finds the header that spares the OTP', () => {
    const config = { noOtpRequiredForHeaderPattern: 'X-Forwarded-For: 10\\..*' };
    const model = without(
      realm(
        flow('f', [
          COOKIE,
          ALT('forms', [
            COND('silver', [LOA(1), PASSWORD]),
            COND('gold', [LOA(2), REQ('auth-conditional-otp-form', config)]),
          ]),
        ]),
      ),
      'CONFIGURE_TOTP',
    );
    expect(bySecrets('gold', model)).toEqual(['{password, header | has:otp}', '{password, otp}']);
  });

  test('says for which accounts a way is open', () => {
    const model = without(
      realm(
        flow('f', [
          COOKIE,
          ALT('forms', [PASSWORD, COND('admins', [REQ('conditional-user-role', { condUserRole: 'admin' }), OTP])]),
        ]),
        { roles: ['admin'] },
      ),
      'CONFIGURE_TOTP',
    );
    expect(bySecrets('silver', model)).toEqual(['{password | not role:admin}', '{password, otp}']);
  });

  test('lets the mailbox take the place of password and OTP where the reset flow resets both', () => {
    const model = { ...open, selfService: { ...open.selfService, resetPassword: true } };
    expect(waysTo('gold', model)).toContain('{email | has:otp}');
    const noEnrolment = waysTo('gold', without(model, 'CONFIGURE_TOTP'));
    expect(noEnrolment).toContain('{otp, email}');
    expect(noEnrolment).not.toContain('{email | has:otp}');
  });

  test('moves the mailbox with a password, and follows the mail then', () => {
    const model = { ...open, selfService: { ...open.selfService, resetPassword: true } };
    expect(bySecrets('gold', model)).toContain('{password | has:otp}');
    expect(bySecrets('gold', without(model, 'UPDATE_PROFILE'))).not.toContain('{password | has:otp}');
  });

  test('reaches silver, not more, by the password grant', () => {
    const grants: Client['grants'] = { ...client('x').grants, authorizationCode: false, password: true };
    const model = without(realm(stepUpFlow(), { clients: [client('app', { grants })] }), 'CONFIGURE_TOTP');
    expect(bySecrets('silver', model)).toEqual(['{password | not has:otp}', '{password, otp}']);
    expect(waysTo('gold', model)).toEqual([]);
  });

  test('takes a step that isn’t Keycloak’s for a proof of its own, and says so', () => {
    const model = realm(flow('f', [COOKIE, ALT('forms', [PASSWORD, REQ('my-authenticator')])]));
    const [silver] = explore(model, { clientId: 'app', acr: 'silver' });
    expect(silver?.ways.map(({ proofs }) => proofs)).toContainEqual(['password', 'step:my-authenticator']);
    expect(silver?.ways.some(({ proofs }) => proofs.join() === 'password')).toBe(false);
    expect(silver?.cannotTell).toEqual([]);
    expect(silver?.assumes.join()).toMatch(/my-authenticator is not one of Keycloak's/);
  });

  test('says that it can’t tell, and why, where a condition isn’t Keycloak’s', () => {
    const model = realm(flow('f', [COOKIE, ALT('forms', [PASSWORD, COND('mine', [REQ('my-condition'), OTP])])]));
    const [silver] = explore(model, { clientId: 'app', acr: 'silver' });
    expect(silver?.cannotTell.join()).toMatch(/my-condition/);
  });

  test('gives steps that reach the level when they are replayed', () => {
    const [, gold] = explore(open, { clientId: 'app' });
    const way = gold?.ways.find(({ proofs }) => proofs.includes('enrol:otp') && proofs.includes('password'));
    expect(way?.witness.at(-1)).toMatchObject({
      clientId: 'app',
      parameters: { acr_values: 'gold' },
      pages: ['auth-username-password-form: give username and password', 'CONFIGURE_TOTP: do it'],
      acr: 'gold',
    });
  });

  test('explains clients that behave alike in the same way, each by its own name', () => {
    const model = realm(stepUpFlow(), { clients: [client('one'), client('two')] });
    const explained = explore(model);
    expect(explained.map(({ clientId, acr }) => `${clientId} ${acr}`)).toEqual([
      'one silver',
      'one gold',
      'two silver',
      'two gold',
    ]);
    expect(explained[2]?.ways[0]?.witness.at(-1)?.clientId).toBe('two');
  });
});
