import { parseJavaBoolean } from '../../keycloak/java';
import { counterexampleOf, exampleOf } from '../../keycloak/pattern-example';
import { type AuthenticatorExecution, isUnknown, type RealmModel } from '../../realm-model';
import { attributesInAcr } from '../acr-claim';
import { isActionEnabled } from '../enrolment';
import { allExecutions } from '../flow-index';
import { known } from '../login';
import { CannotTell } from '../signals';
import type { ProfileChange } from '../types';

/** Stands for the part of the attacker's own certificate that an attribute is compared with. */
export const OWN_CERTIFICATE = 'the certificate of whoever is at the browser';

/** Where users fill in their profile (`UserProfileContext`). */
export type ProfileContext = 'update-profile' | 'registration';

/**
 * Attributes that users never edit, whatever the profile says, in any case of letters.
 * Source: `DeclarativeUserProfileProviderFactory.DEFAULT_READ_ONLY_ATTRIBUTES`.
 */
const READ_ONLY =
  /^(kerberos_principal|ldap_id|ldap_entry_dn|created_timestamp|createtimestamp|modifytimestamp|usercertificate|saml\.persistent\.name\.id\.for\..*|enabled|email_verified|disabledreason|kc\.email\.pending)$/i;

/** Attributes of the profile that Keycloak gives a new realm. */
const OF_EVERY_REALM = ['username', 'email', 'firstName', 'lastName'];

/**
 * Whether users may fill in or change an attribute of their own account.
 * Source: `DeclarativeUserProfileProviderFactory`, `DefaultAttributes.isAllowUnmanagedAttribute`.
 */
export function mayEdit(model: RealmModel, name: string, context: ProfileContext): boolean {
  if (READ_ONLY.test(name)) return false;
  const { selfService } = model;
  const setting = (key: 'emailAsUsername' | 'editUsername') => known(selfService[key] ?? false, `${key} of the realm`);
  if (context === 'registration') return name === 'username' ? !setting('emailAsUsername') : profileAllows(model, name);
  if (name === 'username' && (setting('emailAsUsername') || !setting('editUsername'))) return false;
  if (name === 'email') {
    // With this action on, the address is changed by it alone.
    if (isActionEnabled(model, 'UPDATE_EMAIL')) return false;
    if (setting('emailAsUsername') && !setting('editUsername')) return false;
  }
  return profileAllows(model, name);
}

/** Whether the user may change the address by the action UPDATE_EMAIL. */
export function mayUpdateEmail(model: RealmModel): boolean {
  return isActionEnabled(model, 'UPDATE_EMAIL') && profileAllows(model, 'email');
}

function profileAllows(model: RealmModel, name: string): boolean {
  if (model.userProfile === undefined) return OF_EVERY_REALM.includes(name);
  const { attributes, unmanaged } = known(model.userProfile, 'user profile of the realm');
  const attribute = attributes.find((each) => each.name === name);
  if (attribute) return known(attribute.userEdits, `permissions of the attribute ${name}`);
  // User name and address are there even where the profile doesn't name them.
  if (name === 'username' || name === 'email') return true;
  return known(unmanaged, 'unmanaged attributes of the user profile') === 'ENABLED';
}

/** What UPDATE_PROFILE lets its user change, as far as a login looks at it. */
export function profileChanges(model: RealmModel): ProfileChange[] {
  const changes: ProfileChange[] = [{ kind: 'none' }];
  if (mayEdit(model, 'email', 'update-profile')) changes.push({ kind: 'email' });
  if (mayEdit(model, 'username', 'update-profile')) changes.push({ kind: 'username' });
  for (const [name, values] of attributesLookedAt(model)) {
    if (!mayEdit(model, name, 'update-profile')) continue;
    for (const value of values()) changes.push({ kind: 'attribute', name, value });
  }
  return changes;
}

/**
 * Whether the address that UPDATE_EMAIL is given counts only once its mail is answered.
 * Source: `UpdateEmail.isVerifyEmailEnabled`.
 */
export function confirmsEmail({ selfService, requiredActions }: RealmModel): boolean {
  const config = requiredActions.find(({ alias }) => alias === 'UPDATE_EMAIL')?.config.verifyEmail;
  if (config !== undefined && parseJavaBoolean(known(config, 'verifyEmail of required action UPDATE_EMAIL')))
    return true;
  return known(selfService.verifyEmail ?? false, 'verification of e-mail addresses');
}

/** What UPDATE_EMAIL lets its user change: where the address is confirmed, to one of their own alone. */
export function emailChanges(model: RealmModel): ProfileChange[] {
  const values = confirmsEmail(model) ? [] : (attributesLookedAt(model).get('email')?.() ?? []);
  return [
    { kind: 'none' },
    { kind: 'email' },
    ...values.map((value): ProfileChange => ({ kind: 'attribute', name: 'email', value })),
  ];
}

type Values = () => readonly string[];

const lookedAt = new WeakMap<RealmModel, ReadonlyMap<string, Values>>();

/** The attributes that some flow or the acr of a token looks at, and values that make a difference to it. */
export function attributesLookedAt(model: RealmModel): ReadonlyMap<string, Values> {
  const found = lookedAt.get(model);
  if (found) return found;
  const byName = new Map<string, Values[]>();
  for (const flow of model.flows) {
    for (const { execution } of allExecutions(flow)) {
      if (execution.kind !== 'authenticator' || isUnknown(execution.authenticator)) continue;
      for (const { name, values } of looksAt(execution)) byName.set(name, [...(byName.get(name) ?? []), values]);
    }
  }
  for (const name of model.clients.flatMap((client) => attributesInAcr(model, client))) {
    const names = () => (isUnknown(model.acrLoaMap) ? [] : model.acrLoaMap.levels.map(({ acr }) => acr));
    byName.set(name, [...(byName.get(name) ?? []), names]);
  }
  const attributes = new Map(
    [...byName].map(([name, all]): [string, Values] => [name, () => [...new Set(all.flatMap((values) => values()))]]),
  );
  lookedAt.set(model, attributes);
  return attributes;
}

function looksAt(execution: AuthenticatorExecution): { readonly name: string; readonly values: Values }[] {
  const values = execution.config?.values ?? {};
  const text = (key: string) => {
    const value = values[key];
    return value === undefined || isUnknown(value) ? undefined : value;
  };
  switch (execution.authenticator) {
    case 'conditional-user-attribute': {
      const name = text('attribute_name');
      return name === undefined ? [] : [{ name, values: () => valuesOfCondition(execution) }];
    }
    case 'auth-conditional-otp-form': {
      const name = text('otpControlAttribute');
      return name === undefined ? [] : [{ name, values: () => ['skip', 'force', ''] }];
    }
    case 'auth-x509-client-username-form':
      return certificateAttributes(execution).map((name) => ({ name, values: () => [OWN_CERTIFICATE] }));
    default:
      return [];
  }
}

function valuesOfCondition({ id, config }: AuthenticatorExecution): readonly string[] {
  const expected = config?.values.attribute_expected_value;
  if (expected === undefined) return [''];
  const value = known(expected, `attribute_expected_value of ${id}`);
  const regex = config?.values.regex;
  if (regex === undefined || !parseJavaBoolean(known(regex, `regex of ${id}`))) return [value, ''];
  const example = exampleOf(value);
  const counterexample = counterexampleOf(value);
  if (example === undefined) throw new CannotTell(`${id}: no value was found that the pattern ${value} matches`);
  return counterexample === undefined ? [example] : [example, counterexample];
}

/** Names of the attributes by which an x509 step finds its user; none if it goes by another mapping. */
export function certificateAttributes({ config, id }: AuthenticatorExecution): readonly string[] {
  const mapper = config?.values['x509-cert-auth.mapper-selection'];
  if (mapper === undefined || isUnknown(mapper) || mapper !== 'Custom Attribute Mapper') return [];
  const names = config?.values['x509-cert-auth.mapper-selection.user-attribute-name'];
  return names === undefined ? ['usercertificate'] : known(names, `attribute of ${id}`).split('##');
}
