import type { Realm } from '@cdktf/provider-keycloak/lib/realm';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { isOpen } from '../assurance/enrolment';
import { type Factor, singleFactors } from '../assurance/factor';
import { levelOfAddedPassword } from '../assurance/password-suffices';
import { AuthenticationFlow } from '../flow/authentication-flow';
import { condition, execution, type FlowNode, formSubflow, subflow } from '../flow/flow-node';
import { describe, insist, type Problem } from '../support/configuration-error';
import { contentOf } from '../support/content';
import { resourcesOfRealm } from './resources-of-realm';
import type { StepUpRealm } from './step-up-realm';

/** What users may do for themselves at the login page. */
export interface SelfService {
  readonly passwordReset: boolean;
  readonly selfRegistration: SelfRegistration | undefined;
}

/**
 * How users make an account of their own.
 *
 * - `form`: they choose a password on the form. A page then says that the account is there, and they begin their login anew.
 * - `mail`: the form asks for no password. A mail brings a link to set one, by the password reset, and the login page follows at once;
 *   only the owner of the address can use the account. It needs `passwordReset`.
 */
export type SelfRegistration = 'form' | 'mail';

/** What the page says that ends a registration. Keycloak shows it as it is, under the heading of its error page. */
const REGISTERED = 'Your account has been created. Go back to the application and log in.';

/**
 * @throws ConfigurationError at the realm, on a registration by a mail that the realm would not send, and on a reset of passwords that
 * prove more than the lowest level
 */
export function selfServiceOf(
  realm: StepUpRealm,
  { passwordReset = false, selfRegistration }: { passwordReset?: boolean; selfRegistration?: SelfRegistration },
): SelfService {
  insist(realm, selfRegistration === undefined || ['form', 'mail'].includes(selfRegistration), () => ({
    value: `selfRegistration ${JSON.stringify(selfRegistration)}`,
    why: 'an account comes with a password that is chosen on the form, or by the link of a mail',
    instead: "Write 'form' or 'mail', or leave it out",
  }));
  insist(realm, selfRegistration !== 'mail' || passwordReset, () => ({
    value: "selfRegistration 'mail' without passwordReset",
    why: "the mail's link leads to the flow that resets passwords",
    instead: "Write passwordReset: true too, or selfRegistration: 'form'",
  }));
  const added = levelOfAddedPassword(realm.levels);
  insist(realm, !passwordReset || added === undefined, () => ({
    value: 'passwordReset: true',
    why: `a password is among the proofs of "${added?.acr}" and "${realm.lowestLevel.acr}" does without, so a mailbox would be enough where a password is asked for on top`,
    instead: 'Leave it out, and let administrators set passwords',
  }));
  return { passwordReset, selfRegistration };
}

/**
 * "Forgot password?": a link by mail, then a new password, and no login. With Keycloak's own flow the mailbox is enough for a
 * code, whatever the client asked for: the browser flow, its levels and rules don't run, minimum and essential acr count for nothing.
 *
 * Who owns a credential that users can enrol themselves proves it before anything of the account is changed: an application may ask for
 * the enrolment of another one by `kc_action`, in this flow too.
 */
export function passwordResetFlow(realm: StepUpRealm): AuthenticationFlow {
  return new AuthenticationFlow(realm, 'PasswordReset', {
    realm,
    name: 'password-reset',
    description: 'A new password by mail, and no login',
    nodes: [
      execution('reset-credentials-choose-user'),
      execution('reset-credential-email', { config: { 'force-login': 'true' } }),
      ...realm.levels.filter(isOpen).flatMap(ownedProofs),
      execution('reset-password'),
    ],
  });
}

/** Registration that ends without a code: with Keycloak's own flow one is given at once, for whatever the client asked for. */
export function selfRegistrationFlow(realm: StepUpRealm, how: SelfRegistration): AuthenticationFlow {
  const ends: Readonly<Record<SelfRegistration, FlowNode>> = {
    form: execution('deny-access-authenticator', { config: { denyErrorMessage: REGISTERED } }),
    // It sends the mail, and goes on with a new login: the browser flow from its top, which knows nothing of the account.
    mail: execution('reset-credential-email', { config: { 'force-login': 'true' } }),
  };
  return new AuthenticationFlow(realm, 'SelfRegistration', {
    realm,
    name: 'self-registration',
    description: 'A new account, and no login',
    nodes: [
      formSubflow('registration', 'registration-page-form', [
        execution('registration-user-creation'),
        ...(how === 'form' ? [execution('registration-password-action')] : []),
      ]),
      ends[how],
    ],
  });
}

/** What both the realm's resource and its bindings have. */
const BOUND_FLOWS = [
  ...['browser', 'direct_grant', 'registration', 'reset_credentials'],
  ...['client_authentication', 'docker_authentication', 'first_broker_login'],
];

/** Messages on what the realm's resource was told of it otherwise than by the props. */
export function selfServiceProblems(realm: StepUpRealm, { passwordReset, selfRegistration }: SelfService): string[] {
  const content = contentOf(realm.resource);
  const problems: Problem[] = [];
  const refuse = (problem: Problem) => void problems.push(problem);
  if (!passwordReset && content.reset_password_allowed !== false) {
    refuse({
      value: `resetPasswordAllowed ${content.reset_password_allowed}`,
      why: "Keycloak's own reset flow gives a code for a mailbox: every scope, and the lowest level whatever is asked for",
      instead: 'Make the realm with passwordReset: true, whose flow ends without a login',
    });
  }
  if (selfRegistration === undefined && content.registration_allowed !== false) {
    refuse({
      value: `registrationAllowed ${content.registration_allowed}`,
      why: "Keycloak's own registration flow gives a code at once: every scope, and the lowest level whatever is asked for",
      instead: "Make the realm with selfRegistration: 'form' or 'mail', whose flow ends without a login",
    });
  }
  if (passwordReset && !content.smtp_server) {
    refuse({
      value: 'passwordReset without a mail server',
      why: 'Keycloak tells users of a mail that never comes',
      instead: `Write ${exampleOfMailServer(realm.resource)}`,
    });
  }
  for (const { path } of passwordReset ? consentingClients(realm) : []) {
    refuse({
      value: `passwordReset beside ${path}, which requires consent`,
      why: 'Keycloak asks for the consent before it ends a reset, and then gives a code for the mailbox after all',
      instead: 'Leave consentRequired off, or passwordReset',
    });
  }
  for (const flow of BOUND_FLOWS) {
    const value = content[`${flow}_flow`];
    if (value === undefined) continue;
    refuse({
      value: `${flow}_flow ${JSON.stringify(value)} of the realm's resource`,
      why: "it and the realm's AuthenticationBindings overwrite each other",
      instead: 'Use bindBrowserFlow, bindDirectGrantFlow, passwordReset and selfRegistration of the realm',
    });
  }
  return problems.map(describe);
}

function consentingClients(realm: StepUpRealm) {
  const clients = resourcesOfRealm(realm, /^keycloak_openid_client$/);
  return clients.filter(({ content }) => content.consent_required !== undefined && content.consent_required !== false);
}

function exampleOfMailServer({ node }: Realm): string {
  return `realm.resource.putSmtpServer({ host: 'mail.example.com', from: 'login@example.com' }) for ${node.scope?.node.path}`;
}

/** Asks for each credential of the level that the user owns, and passes who owns none. */
function ownedProofs(level: AssuranceLevel): FlowNode[] {
  const choices = choicesOf(level.provedBy).filter((choice) => choice.length > 0);
  return choices.map((choice, index) =>
    subflow(`level-${level.loa}.${index + 1}`, 'CONDITIONAL', [
      condition('conditional-user-configured'),
      ...choice.map((authenticator) =>
        execution(authenticator, { requirement: choice.length > 1 ? 'ALTERNATIVE' : 'REQUIRED' }),
      ),
    ]),
  );
}

/** The authenticators that verify what users enrol; of each list, one is enough. */
function choicesOf(factor: Factor): string[][] {
  if (factor.kind === 'allOf') return factor.factors.flatMap(choicesOf);
  return [
    singleFactors(factor)
      .filter(({ enrolment }) => enrolment !== undefined)
      .flatMap(({ steps }) => steps.at(-1)?.authenticator ?? []),
  ];
}
