import type { AuthenticatorExecution } from '../realm-model';
import { certificateAttributes, OWN_CERTIFICATE } from './actions/profile';
import { setting } from './conditions';
import { known, type Login } from './login';
import type { Authenticator } from './step';

/** What Keycloak calls a client certificate among the credentials used in a login. */
const CREDENTIAL = 'cert';

/** Parts of a certificate that hold no e-mail address. */
const WITHOUT_ADDRESS = /^(Certificate Serial Number|SHA-256 Thumbprint|Match IssuerDN|Full Certificate)/;

/**
 * A client certificate, on a page that lets the user confirm it or on none; without one the step passes on.
 *
 * Which account a certificate belongs to is said by what the realm maps it to: the user name, the e-mail address where users log
 * in by it, or attributes. Who has changed those of an account to what their own certificate says shows their own.
 *
 * Source: `X509ClientCertificateAuthenticator`, `UserIdentityToModelMapper`.
 */
export const CERTIFICATE_FORM: Authenticator = {
  begin: (login, execution) => {
    // Without a config Keycloak passes on, whatever is presented. Where no page may be shown, nobody is taken to present one.
    if (!execution.config || login.request.prompt?.includes('none')) return 'attempted';
    return {
      accepts: [['certificate'], ...(fitsOwnCertificate(login, execution) ? [['own-certificate'] as const] : []), []],
    };
  },
  answer: (login, proofs, execution) => {
    if (proofs.length === 0) return 'attempted';
    if (proofs.includes('own-certificate')) login.note('own-certificate', execution.id);
    login.userKnown = true;
    login.credentialsUsed.push(CREDENTIAL);
    return 'success';
  },
};

function fitsOwnCertificate({ user, model }: Login, execution: AuthenticatorExecution): boolean {
  const attributes = certificateAttributes(execution);
  if (attributes.length > 0) {
    return attributes.every((name) => user.attributes?.[name]?.includes(OWN_CERTIFICATE) ?? false);
  }
  if (user.usernameMoved) return true;
  if (!user.emailMoved) return false;
  const source = setting(execution.config, 'x509-cert-auth.mapping-source-selection', execution) ?? '';
  return !WITHOUT_ADDRESS.test(source) && known(model.selfService.loginWithEmail ?? true, 'login with email');
}
