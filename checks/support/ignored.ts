import type { Inspection } from './inspection';
import type { Place } from './places';

/** Alternatives that Keycloak ignores because something REQUIRED or CONDITIONAL stands beside them. */
export interface Ignored {
  readonly alternatives: readonly Place[];
  readonly required: readonly Place[];
}

/** The places of a realm where alternatives are ignored (`DefaultAuthenticationFlow.fillListsOfExecutions`). */
export function* ignoredAlternatives(inspection: Inspection): Generator<Ignored> {
  const seen = new Set<unknown>();
  for (const place of inspection.places()) {
    if (seen.has(place.parent)) continue;
    seen.add(place.parent);
    const steps = place.siblings.filter((sibling) => !sibling.isCondition);
    const required = steps.filter(({ requirement }) => requirement === 'REQUIRED' || requirement === 'CONDITIONAL');
    const alternatives = steps.filter(({ requirement }) => requirement === 'ALTERNATIVE');
    if (required.length > 0 && alternatives.length > 0) yield { alternatives, required };
  }
}

const IDENTIFYING: ReadonlySet<string> = new Set([
  'auth-cookie',
  'auth-username-form',
  'auth-username-password-form',
  'auth-spnego',
  'auth-x509-client-username-form',
  'identity-provider-redirector',
  'organization',
  'webauthn-authenticator-passwordless',
  'direct-grant-validate-username',
  'direct-grant-auth-x509-username',
]);

/** Whether one of its steps finds out who the user is, or may: a custom one. */
export function identifies(place: Place): boolean {
  return place.all.some((each) => IDENTIFYING.has(each.authenticator ?? '') || each.isCustom);
}

/** Whether some way in other than the cookie is among its steps. */
export function letsIn(place: Place): boolean {
  return place.all.some(
    (each) => each.authenticator !== 'auth-cookie' && (IDENTIFYING.has(each.authenticator ?? '') || each.isCustom),
  );
}

/** Whether the user is known when the flow comes to the place. */
export function userKnownBefore(place: Place): boolean {
  return [place, ...place.around].some((each) => {
    const { siblings } = each;
    const index = siblings.findIndex(({ execution }) => execution === each.execution);
    return siblings.slice(0, index).some((earlier) => earlier.requirement !== 'ALTERNATIVE' && identifies(earlier));
  });
}

export const quoted = (places: readonly Place[]) => places.map(({ name }) => `"${name}"`).join(', ');
