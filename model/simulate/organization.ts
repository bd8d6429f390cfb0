import { offersPasskey } from './configured';
import { known } from './login';
import type { Authenticator } from './step';

/**
 * The login that asks for the name first. Of organizations the model says only whether the realm has them on: one is taken to
 * exist, and the account to be a member of none, so that nothing sends the browser to an organization's identity provider. Those
 * are reached by the door of the identity provider too.
 *
 * Source: `OrganizationAuthenticator.authenticate`, `action`.
 */
export const ORGANIZATION_STEP: Authenticator = {
  begin: (login) => {
    if (!known(login.model.selfService.organizations, 'organizations of the realm')) return 'attempted';
    login.assumptions.add('The realm has an organization, and the account is a member of none');
    if (login.userKnown) return login.sso ? 'success' : 'attempted';
    return { accepts: [['username'], ...(offersPasskey(login) ? [['webauthn-passwordless'] as const] : [])] };
  },
  answer: (login, proofs) => {
    login.userKnown = true;
    if (proofs.includes('webauthn-passwordless')) login.credentialsUsed.push('webauthn-passwordless');
    return 'attempted';
  },
};
