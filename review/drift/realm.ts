import type { RealmModel, RequiredAction } from '../../model/realm-model';
import { mapOf } from './clients';
import { APPLY, type Comparison } from './comparison';

const REALM = { path: 'realm', mend: APPLY };

/** Compares the realm's own settings. */
export function compareSettings(comparison: Comparison, live: RealmModel, declared: RealmModel): void {
  comparison.same(REALM, 'acr.loa.map', mapOf(live.acrLoaMap), mapOf(declared.acrLoaMap));
  const bindings = { ...REALM, path: 'bindings' };
  comparison.sameAll(bindings, live.bindings, declared.bindings, Object.keys(declared.bindings) as never[]);
  comparison.sameAll(REALM, live.sessions, declared.sessions, Object.keys(declared.sessions) as never[]);
  comparison.sameAll(REALM, live.selfService, declared.selfService, Object.keys(declared.selfService) as never[]);
  if (declared.bruteForce !== undefined) {
    comparison.same(REALM, 'brute force detection', live.bruteForce, declared.bruteForce);
  }
  for (const policy of ['otpPolicy', 'webAuthnPolicy', 'webAuthnPasswordlessPolicy'] as const) {
    const [now, wanted] = [live[policy], declared[policy]];
    if (!now || !wanted) continue;
    comparison.sameAll({ ...REALM, path: `realm ${policy}` }, now, wanted, Object.keys(wanted) as never[]);
  }
}

/** Compares the required actions that the stack declares. */
export function compareRequiredActions(comparison: Comparison, live: RealmModel, declared: RealmModel): void {
  for (const action of declared.requiredActions) {
    const { alias, address } = action;
    if (address === undefined) continue;
    const place = { path: `required action ${alias}`, address, mend: APPLY };
    const now = live.requiredActions.find((each) => each.alias === alias);
    if (!now) {
      comparison.differs(place, 'is not registered');
      continue;
    }
    comparison.sameAll<RequiredAction>(place, now, action, ['enabled', 'defaultAction']);
    const keys = new Set([...Object.keys(now.config), ...Object.keys(action.config)]);
    for (const key of keys) comparison.same(place, key, now.config[key], action.config[key]);
  }
}

/** Compares the client scopes that the stack declares, and the one that brings the acr into tokens. */
export function compareScopes(comparison: Comparison, live: RealmModel, declared: RealmModel): void {
  for (const scope of declared.clientScopes) {
    const { name, address } = scope;
    if (address === undefined && name !== 'acr') continue;
    const mend = address === undefined ? 'Undo it in the admin console' : APPLY;
    const place = { path: `client scope ${name}`, ...(address !== undefined && { address }), mend };
    const now = live.clientScopes.find((each) => each.name === name);
    if (!now) {
      comparison.differs(place, 'is gone');
      continue;
    }
    comparison.same(
      { ...place, mend: 'Undo it in the admin console' },
      'realm default',
      now.realmDefault,
      scope.realmDefault,
    );
    for (const mapper of scope.mappers) {
      if (now.mappers.some((each) => each.mapper === mapper.mapper)) continue;
      comparison.differs(place, `lacks the mapper "${mapper.name}"`);
    }
  }
}

/** Compares the identity providers that the stack declares. */
export function compareIdentityProviders(comparison: Comparison, live: RealmModel, declared: RealmModel): void {
  for (const provider of declared.identityProviders) {
    const { alias, address } = provider;
    if (address === undefined) continue;
    const place = { path: `identity provider ${alias}`, address, mend: APPLY };
    const now = live.identityProviders.find((each) => each.alias === alias);
    if (!now) comparison.differs(place, 'is gone');
    else
      comparison.sameAll(place, now, provider, [
        'enabled',
        'firstLoginFlow',
        'postLoginFlow',
        'trustEmail',
        'linkOnly',
      ]);
  }
}
