import { AVAILABLE_SINCE } from '../../../model/keycloak/available-since';
import { compareVersions } from '../../../model/keycloak/versions';
import type { ConformanceCase } from './case';

/** Settings of a case that stand for something of Keycloak without naming it. */
const STANDS_FOR: Readonly<Record<string, (each: ConformanceCase) => boolean>> = {
  'auth-flow-enforcer': ({ policies = [] }) => policies.length > 0,
  'minimum.acr.value': ({ client, second }) => client.minimumAcr !== undefined || second?.minimumAcr !== undefined,
  // In realms that let a client name the action, or ask a user for it.
  'auth-recovery-authn-code-form': (each) => JSON.stringify(each).includes('"CONFIGURE_RECOVERY_AUTHN_CODES"'),
  // Elsewhere a class that is no name of an acr can't be saved.
  'acr.uri.map': ({ saml, realm }) => saml?.minimum === true && realm.classes === true,
  'oauth2.jwt.authorization.grant.enabled': ({ logins }) => logins.some(({ grant }) => grant === 'jwt-authorization'),
  'standard.token.exchange.enabled': ({ logins }) => logins.some(({ grant }) => grant === 'token-exchange'),
  organizations: (each) => each.realm.organizations === true || JSON.stringify(each).includes('"organization"'),
  'force-login': ({ realm }) => realm.reset === 'force-login',
};

/** Before this release the import looked at default acr values before it had the flows whose levels it compares them with. */
const DEFAULT_ACR_IMPORTED = '25.0.0';

/** Whether a release has all that the case is made of; what it lacks would fail the import of the whole batch. */
export function isAvailable(each: ConformanceCase, version: string): boolean {
  const hasDefault = [each.client, each.second].some((client) => client?.defaultAcr !== undefined);
  if (hasDefault && compareVersions(version, DEFAULT_ACR_IMPORTED) < 0) return false;
  const text = JSON.stringify(each);
  return AVAILABLE_SINCE.every(
    ({ id, since }) =>
      compareVersions(version, since) >= 0 || !(text.includes(`"${id}"`) || (STANDS_FOR[id]?.(each) ?? false)),
  );
}
