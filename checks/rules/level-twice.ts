import type { Rule } from '../rule';
import { levelPlaces } from '../support/levels';
import { guide, source } from '../support/sources';

export const levelTwice: Rule = {
  id: 'level-twice',
  code: 'SU201',
  level: 'error',
  summary: 'Two level conditions of one flow have the same level.',
  cause:
    'A level is reached by the first subflow that has it; the second one is skipped, since its level is already there. And Keycloak fails with an ' +
    'internal error when it collects the levels of the flow: for a session, and for the discovery document of the realm if it binds the flow.',
  attack: [
    'Level 2 is split over two subflows: first the OTP, then a recovery code.',
    'The realm answers 500 to /.well-known/openid-configuration: every client that reads it fails, and all its users are locked out.',
    'A client that does not read it goes on: the attacker who has the first proof has level 2, the second is never asked.',
  ],
  remedy:
    'Put all proofs of a level into the one subflow that has its condition, or give the second a level of its own.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('LoAUtil.getLoaMaxAgesConfiguredInRealmFlow'),
    'keycloak/keycloak issue 43662',
  ],
  inspect(inspection) {
    for (const use of inspection.flows) {
      const places = levelPlaces(inspection, use);
      places.forEach(({ condition, subflow, level }, index) => {
        const first = places.slice(0, index).find((each) => each.level === level);
        if (level === undefined || !first) return;
        inspection.found(condition, {
          what: `"${subflow?.name ?? use.flow.alias}" has level ${level}, and so has "${first.subflow?.name ?? use.flow.alias}"`,
          gain: 'Its proofs are never asked: the level is had by those of the first. And the discovery document of a realm that binds the flow answers 500.',
          instead: 'Move its proofs into the first subflow, or number it anew',
        });
      });
    }
  },
};
