import { ENROLMENTS, traitsOf } from '../../model/keycloak/authenticators';
import type { Rule } from '../rule';
import { locate } from '../support/inspection';
import { levelsOf } from '../support/levels';
import { guide, source } from '../support/sources';

export const enrolmentPrepared: Rule = {
  id: 'enrolment-prepared',
  code: 'SU705',
  level: 'warning',
  summary: 'A credential that no level takes yet can be enrolled with a password, and stays for the day when one does.',
  cause:
    'Keycloak has the required actions of all credentials enabled in a new realm, and any application can start them by kc_action. Where no flow ' +
    'takes the credential, a login at the lowest level is enough. What was enrolled counts as soon as a flow asks for it.',
  attack: [
    'Gold is proved by an OTP. CONFIGURE_RECOVERY_AUTHN_CODES is enabled, and no flow takes recovery codes.',
    'The attacker with a stolen password opens a login with kc_action=CONFIGURE_RECOVERY_AUTHN_CODES and keeps the codes.',
    'Gold is changed to recovery codes, or takes them beside the OTP. The attacker has gold.',
  ],
  remedy:
    'Disable the required actions of all credentials that no level lets users enrol, before the first user logs in. Before a level takes a ' +
    'credential, delete those that users have of it already (docs/changing-a-factor.md).',
  sources: [
    'Keycloak, "Application Initiated Actions"',
    guide('Required actions'),
    source('DefaultRequiredActions.addActions'),
  ],
  inspect(inspection) {
    // Keycloak's own flows for passwords that are forgotten or sent directly look for an OTP, and lead to no level.
    const flows = inspection.flows.filter(({ inUse, kind }) => inUse && (kind === 'browser' || kind === 'post-login'));
    const taken = new Set(
      [...inspection.places(flows)].map(({ authenticator }) => traitsOf(authenticator ?? '')?.category),
    );
    const hasLevels = inspection.loginFlows.some((use) => levelsOf(inspection, use).length > 1);
    if (!hasLevels) return;
    const open = inspection.model.requiredActions.filter((action) => {
      const credential = ENROLMENTS[action.alias];
      if (credential === undefined || taken.has(credential)) return false;
      const at = locate(`required action ${action.alias}`, action);
      return inspection.known(action.enabled, 'whether it is enabled', at) === true;
    });
    if (open.length === 0) return;
    const names = open.map(({ alias }) => alias).join(', ');
    // One place, as all of them are enabled by Keycloak's own default.
    const [first] = open.length === 1 ? open : [];
    inspection.found(first ? locate(`required action ${first.alias}`, first) : { path: 'required actions' }, {
      what: `No flow in use takes the credentials of required actions that are enabled: ${names}`,
      gain: 'Whoever has a password enrols one today, by kc_action, and has the level that takes it tomorrow.',
      instead: `Disable ${names}, and delete the credentials that were enrolled by it before a level takes them`,
    });
  },
};
