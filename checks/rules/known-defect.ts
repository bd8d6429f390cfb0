import { hasDefect, KNOWN_DEFECTS } from '../known-defects';
import type { Rule } from '../rule';
import { REALM } from '../support/levels';

export const knownDefect: Rule = {
  id: 'known-defect',
  code: 'SU801',
  level: 'warning',
  summary: 'The version of Keycloak has a known defect in step-up.',
  cause:
    'Some releases do not do what their configuration says. No configuration helps but the one that does not rest on the defect.',
  attack: [
    'The attacker reads the version from the server, or tries.',
    'The attacker uses the defect; the table below says what that gives.',
  ],
  remedy:
    'Upgrade to the release that the finding names, or a later one. Where none is named, let the resource check acr.',
  sources: ['Keycloak, "Security advisories"', 'https://www.keycloak.org/downloads'],
  inspect(inspection) {
    const version = inspection.model.keycloakVersion;
    if (version === undefined) {
      inspection.cannotTell(REALM, 'the source does not say which version of Keycloak runs');
      return;
    }
    for (const defect of KNOWN_DEFECTS) {
      if (!hasDefect(version, defect)) continue;
      inspection.found(REALM, {
        level: defect.level,
        what: `Keycloak ${version} has ${defect.id}: ${defect.title}`,
        gain: defect.gain,
        instead:
          defect.fixed === undefined
            ? 'No fixed release is known: check acr at the resource'
            : `Upgrade to ${defect.fixed} or later`,
      });
    }
  },
};
