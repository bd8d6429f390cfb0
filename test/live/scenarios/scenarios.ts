import type { AcrLoaMap, Client, LoginRequest, RealmModel } from '../../../model';
import { ALT, COND, COOKIE, client, flow, LOA, type Node, OTP, PASSWORD, REQ, realm } from '../../model/support/realm';
import { forget, login, refuse, type Scenario, type Step, save, wait } from './scenario';

/** Three levels, the third of which no acr names. A second password stands for a third proof. */
const MAP: AcrLoaMap = mapOf({ copper: 0, silver: 1, gold: 2 });
const REALM_MAP = mapOf({ 'realm:copper': 0, 'realm:silver': 1, 'realm:gold': 2 });
const THIRD = REQ('auth-password-form');
const HOURS = 36_000;

const SILVER = 'username+password, acr silver';
const GOLD = 'username+password, otp, acr gold';
const THREE = 'username+password, otp, password, acr 3';
const INVALID = 'refused 400';

type Request = Omit<LoginRequest, 'clientId'>;
const must = (...values: string[]): Request => ({ acrClaim: { essential: true, values } });
const may = (...values: string[]): Request => ({ acrClaim: { essential: false, values } });
const ask = (...acrValues: string[]): Request => ({ acrValues });
const start = (action: string): Request => ({ action });

function mapOf(levels: Readonly<Record<string, number>>): AcrLoaMap {
  return { levels: Object.entries(levels).map(([acr, loa]) => ({ acr, loa })) };
}

/** Max ages of the levels 1, 2 and 3, in seconds. */
type Ages = readonly [number, number, number];
const ALWAYS_ASKED: Ages = [HOURS, 0, 0];

function levels([one, two, three]: Ages, second = [OTP], after: readonly Node[] = []) {
  return flow('login', [
    COOKIE,
    ALT('forms', [
      COND('level 1', [LOA(1, one), PASSWORD]),
      COND('level 2', [LOA(2, two), ...second]),
      COND('level 3', [LOA(3, three), THIRD]),
      ...after,
    ]),
  ]);
}

/** The client has the map, the realm none. */
function realmOf(app: Partial<Client> = {}, ages: Ages = ALWAYS_ASKED, more: Partial<RealmModel> = {}): RealmModel {
  return realm(levels(ages), { acrLoaMap: mapOf({}), clients: [client('app', { acrLoaMap: MAP, ...app })], ...more });
}

/** The realm binds Keycloak's own flow, and only the client uses the levels. */
function overridden(app: Partial<Client> = {}, ages: Ages = ALWAYS_ASKED): RealmModel {
  const model = realmOf({ flowOverrides: { browser: { alias: 'login' } }, ...app }, ages);
  return { ...model, bindings: { ...model.bindings, browser: 'browser' } };
}

function keycloak17(): RealmModel {
  const condition = (level: number, kept: boolean) =>
    REQ('conditional-level-of-authentication', {
      'loa-condition-level': String(level),
      'loa-store-in-user-session': String(kept),
    });
  const old = flow('login', [
    COOKIE,
    ALT('forms', [
      COND('level 1', [condition(1, true), PASSWORD]),
      COND('level 2', [condition(2, false), OTP]),
      COND('level 3', [condition(3, false), THIRD]),
    ]),
  ]);
  return realm(old, { acrLoaMap: mapOf({}), clients: [client('app', { acrLoaMap: MAP })] });
}

const withAges = (ages: Ages): Step => ({
  kind: 'ages',
  ages,
  change: (model) => {
    const changed = levels(ages);
    return { ...model, flows: model.flows.map((each) => (each.alias === changed.alias ? changed : each)) };
  },
});

const STEP_UP = [
  login(must('silver'), SILVER),
  login(must('gold'), 'otp, acr gold'),
  login(must('3'), 'otp, password, acr 3'),
];
const SECOND_DEVICE = [
  login({}, SILVER),
  login(start('CONFIGURE_TOTP'), 'otp, CONFIGURE_TOTP, acr gold'),
  login(start('CONFIGURE_TOTP'), 'otp, CONFIGURE_TOTP, acr gold'),
];

const scenario = (name: string, model: RealmModel, ...steps: Step[]): Scenario => ({ name, model, steps });

/**
 * What Keycloak's own tests of step-up assert (LevelOfAssuranceFlowTest of its integration test suite), played with proofs that
 * people have; and what they leave out.
 */
export const SCENARIOS: readonly Scenario[] = [
  scenario('no acr: the lowest level', realmOf(), login({}, SILVER)),
  scenario('an essential acr of level 1', realmOf(), login(must('silver'), SILVER)),
  scenario('an essential acr of level 2', realmOf(), login(must('gold'), GOLD)),
  scenario('an essential level 3, by its number', realmOf(), login(must('3'), THREE)),
  scenario('step-up, level by level', realmOf(), ...STEP_UP),
  scenario(
    'step-up after the cookie of an abandoned login is lost',
    realmOf(),
    login(must('silver'), SILVER),
    login(must('gold'), 'otp, acr gold'),
    login(must('gold'), 'otp, abandoned', 'stop'),
    forget('AUTH_SESSION_ID'),
    login(must('gold'), 'otp, acr gold'),
  ),
  scenario(
    'step-up to an unknown essential acr',
    realmOf(),
    login(must('silver'), SILVER),
    login(must('uranium'), INVALID),
  ),
  scenario('a second login without acr', realmOf(), login(must('silver'), SILVER), login({}, 'acr silver')),
  scenario(
    'a second login at the reached acr',
    realmOf(),
    login(must('silver'), SILVER),
    login(must('silver'), 'acr silver'),
  ),
  scenario(
    'a second login with an unknown acr',
    realmOf(),
    login(must('silver'), SILVER),
    login(may('iron'), 'acr silver'),
  ),
  scenario(
    'an essential level that the flow does not have',
    realmOf(),
    login(must('4'), 'username+password, otp, password, refused 400 acr'),
  ),
  scenario(
    'a level that the flow does not have, if possible',
    realmOf(),
    login(may('4'), 'username+password, otp, password, acr gold'),
  ),
  scenario('an unknown essential acr', realmOf(), login(must('uranium'), INVALID)),
  scenario('an unknown acr, if possible', realmOf(), login(may('iron'), SILVER)),
  scenario('several acr_values: the lowest', realmOf(), login(ask('gold', '3'), GOLD)),
  scenario('several essential acr values: the lowest', realmOf(), login(must('gold', '3'), GOLD)),
  scenario('several acr values, if possible: the lowest', realmOf(), login(may('gold', '3'), GOLD)),
  scenario(
    'the map of the realm, until the client has one',
    realmOf({ acrLoaMap: mapOf({}) }, ALWAYS_ASKED, { acrLoaMap: REALM_MAP }),
    login(must('realm:gold'), 'username+password, otp, acr realm:gold'),
    save({ acrLoaMap: MAP }),
    login(must('realm:gold'), INVALID),
    login(must('gold'), 'otp, acr gold'),
  ),
  scenario(
    'default acr values, and requests that go before them',
    realmOf({ defaultAcrValues: ['silver', 'gold'] }),
    login({}, SILVER),
    save({ defaultAcrValues: ['gold'] }),
    login({}, 'otp, acr gold'),
    login(must('silver'), 'acr silver'),
    login(may('silver'), 'acr silver'),
  ),
  scenario(
    'default acr values that are saved',
    realmOf({}, ALWAYS_ASKED, { acrLoaMap: REALM_MAP }),
    refuse({ defaultAcrValues: ['silver', '2', 'foo'] }),
    refuse({ defaultAcrValues: ['silver', '2', '5'] }),
    save({ defaultAcrValues: ['silver', '2'] }),
  ),
  scenario(
    'minimum acr values that are saved',
    realmOf({}, ALWAYS_ASKED, { acrLoaMap: REALM_MAP }),
    refuse({ minimumAcr: 'foo' }),
    refuse({ minimumAcr: 'realm:silver' }),
    save({ minimumAcr: 'silver' }),
  ),
  scenario('minimum acr, nothing asked for', realmOf({ minimumAcr: 'gold' }), login({}, GOLD)),
  scenario('minimum acr, less asked for', realmOf({ minimumAcr: 'gold' }), login(ask('silver'), GOLD)),
  scenario('minimum acr, more asked for', realmOf({ minimumAcr: 'gold' }), login(ask('3'), THREE)),
  scenario('minimum acr, the same essential', realmOf({ minimumAcr: 'gold' }), login(must('gold'), GOLD)),
  scenario('minimum acr, less essential', realmOf({ minimumAcr: 'gold' }), login(must('silver'), INVALID)),
  scenario('minimum acr, less if possible', realmOf({ minimumAcr: 'gold' }), login(may('silver'), GOLD)),
  scenario(
    'ages that pass, and nothing asked for',
    realmOf({}, [30, 30, 20]),
    login(must('3'), THREE),
    login({}, 'acr 3'),
    wait(23),
    login({}, 'acr gold'),
    wait(10),
    login({}, 'acr copper'),
  ),
  scenario(
    'ages that pass, and all asked for',
    realmOf({}, [30, 20, 20]),
    login(must('3'), THREE),
    login(must('3'), 'acr 3'),
    wait(23),
    login(must('3'), 'otp, password, acr 3'),
    wait(10),
    login(must('3'), 'password, acr 3'),
  ),
  scenario(
    'forced re-authentication, which keeps the levels of the session',
    realmOf({}, [300, 300, 300]),
    login(must('3'), THREE),
    login({ prompt: ['login'] }, 'password, acr silver'),
    login({ prompt: ['login'], ...must('gold') }, 'password, otp, acr gold'),
    login(must('3'), 'acr 3'),
  ),
  scenario(
    'an age that is lowered between two logins',
    realmOf(),
    login({}, SILVER),
    wait(6),
    withAges([4, 0, 0]),
    login({}, 'acr copper'),
    login(must('silver'), 'password, acr silver'),
  ),
  scenario('level conditions as Keycloak 17 wrote them', keycloak17(), ...STEP_UP),
  scenario('a second device is enrolled with the first', realmOf(), ...SECOND_DEVICE),
  scenario('a second device, by the flow of the client alone', overridden(), ...SECOND_DEVICE),
  scenario(
    'a device is deleted only with a device',
    realmOf(),
    login({}, SILVER),
    login(start('CONFIGURE_TOTP'), 'otp, CONFIGURE_TOTP, acr gold'),
    login(start('delete_credential:otp'), 'otp, delete_credential, acr gold'),
  ),
  scenario(
    'a device is not deleted with a password',
    realmOf(),
    login({}, SILVER),
    login(start('delete_credential:otp'), 'otp, abandoned', 'stop'),
  ),
  scenario(
    'one-time password or recovery codes as level 2',
    realm(levels(ALWAYS_ASKED, [ALT('auth-otp-form'), ALT('auth-recovery-authn-code-form')]), {
      acrLoaMap: mapOf({}),
      clients: [client('app', { acrLoaMap: MAP })],
    }),
    login({}, SILVER),
    login(start('delete_credential:otp'), 'otp, delete_credential, acr gold'),
    login(start('CONFIGURE_TOTP'), 'CONFIGURE_TOTP, acr silver'),
    login(start('CONFIGURE_RECOVERY_AUTHN_CODES'), 'otp, CONFIGURE_RECOVERY_AUTHN_CODES, acr gold'),
    login(
      start('delete_credential:recovery-authn-codes'),
      'otp, recovery-authn-codes, delete_credential, acr gold',
      'other',
    ),
  ),
  scenario(
    'the flow of the client with a minimum acr',
    overridden({ minimumAcr: 'gold' }, [300, 300, 300]),
    login(must('gold'), GOLD),
    login(must('gold'), 'acr gold'),
  ),

  // Not in Keycloak's tests: CVE-2026-97176. The error of a fresh login does not come where no level is asked any more.
  scenario(
    'an essential level that the flow does not have, asked from a lower session',
    realmOf({}, [300, 300, 300]),
    login(must('silver'), SILVER),
    login(must('4'), 'otp, password, refused 400 acr'),
  ),
  scenario(
    'an essential level that the flow does not have, asked from a session with all levels',
    realmOf({}, [300, 300, 300]),
    login(must('3'), THREE),
    login(must('4'), 'refused 400'),
  ),
  scenario(
    'the same, with a step after the levels: a lower acr instead of an error',
    realm(levels([300, 300, 300], [OTP], [REQ('user-session-limits', { behavior: 'Deny new session' })]), {
      acrLoaMap: mapOf({}),
      clients: [client('app', { acrLoaMap: MAP })],
    }),
    login(must('3'), THREE),
    login(must('4'), 'acr gold'),
  ),
];

const off = (model: RealmModel): RealmModel => ({ ...model, disabledFeatures: ['STEP_UP_AUTHENTICATION'] });

/** On a server that has levels switched off. */
export const FEATURE_OFF: readonly Scenario[] = [
  scenario(
    'a login says 1, a session 0',
    off(realm(flow('login', [COOKIE, ALT('forms', [PASSWORD, OTP])]))),
    login({}, 'username+password, otp, acr 1'),
    login({}, 'acr 0'),
    login(must('gold'), 'password, otp, acr 1'),
  ),
  scenario('a flow with levels lets nobody in', off(realmOf()), login({}, 'refused 400')),
];
