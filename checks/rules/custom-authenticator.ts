import type { Rule } from '../rule';

export const customAuthenticator: Rule = {
  id: 'custom-authenticator',
  code: 'SU112',
  level: 'note',
  summary: 'A flow has an authenticator that Keycloak does not ship, so nobody can tell from here what it asks.',
  cause:
    'What an authenticator of a provider jar proves, whom it lets pass and whether it is a condition stands in its code only. ' +
    'A misspelt provider id looks the same; Keycloak takes it, and a login that comes to it fails.',
  attack: [
    'A custom step stands where a proof should be and passes without one, for example for requests with a certain header.',
    'No reader of the flow sees it; what these checks say of its flow stops there.',
  ],
  remedy: 'Review the code of the provider, test the login, and suppress this note with the result as the reason.',
  sources: ['Keycloak, Server Developer Guide, "Authentication SPI"'],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (!place.isCustom) continue;
      inspection.found(place, {
        what: `"${place.authenticator}" is not one of Keycloak's authenticators`,
        gain: 'What it proves, and whom it lets pass without a proof, can not be told from here.',
        instead: 'Review its code and test the login; check the spelling of the provider id',
      });
    }
  },
};
