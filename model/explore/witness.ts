import type { Answer, Asked, LoginRequest, Page, ProfileChange, SimulatedUser } from '../simulate/types';
import type { HeldSession } from './proofs';
import type { Path, Step } from './search';

/** Something that a person does, and what they see. */
export interface WitnessStep {
  /** What to do. */
  readonly does: string;
  /** The client whose login it is; none if it isn't a login. */
  readonly clientId?: string;
  /** Parameters of the authorization request, or of the token request in a password grant. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** By which door or grant; the ordinary login if it isn't said. */
  readonly by?:
    | Exclude<LoginRequest['door'], 'login'>
    | Exclude<LoginRequest['grant'], 'code'>
    | 'restart'
    | 'provider-initiated';
  /** The pages that come, and the answers. */
  readonly pages?: readonly string[];
  /** The acr of the token. */
  readonly acr?: string;
}

/** The steps of a path, from its beginning. */
export function witnessOf(path: Path, user: SimulatedUser): WitnessStep[] {
  const steps: WitnessStep[] = [];
  for (let at: Path | undefined = path; at; at = at.previous) {
    if (at.step) steps.unshift(loginStep(at.step));
    else if (at.session) steps.unshift({ does: sessionText(at.session) });
  }
  return [{ does: accountText(user) }, ...steps];
}

function accountText({ credentials, roles = [], attributes = {} }: SimulatedUser): string {
  const facts = [
    `Take an account whose credentials are: ${credentials.join(', ')}`,
    ...(roles.length > 0 ? [`with the roles ${roles.join(', ')}`] : []),
    ...Object.entries(attributes).map(([name, values]) => `with the attribute ${name}=${values.join(', ')}`),
  ];
  return facts.join('; ');
}

function sessionText({ levels, age }: HeldSession): string {
  const proven = levels?.length ? ` and proved level ${levels.join(' and ')}` : '';
  return `Use the browser of the user, who logged in${proven} ${age} s ago`;
}

function loginStep({ request, asked, acr, sameSecond }: Step): WitnessStep {
  const grant = request.grant ?? 'code';
  const does = {
    code: doorText(request),
    password: 'Send a token request with grant_type=password',
    device: 'Start the device flow of the client and open its verification page',
    ciba: 'Send a backchannel authentication request, and have it confirmed',
    'client-credentials': 'Send a token request with grant_type=client_credentials',
    'token-exchange': 'Exchange a token of the user for one of the client',
    'jwt-authorization': 'Send a JWT of the identity provider to the token endpoint',
    'saml-ecp': 'Send a SAML request without a browser (ECP), with user name and password',
  }[grant];
  return {
    does: sameSecond ? `${does}, in the same second` : does,
    clientId: request.clientId,
    parameters: parametersOf(request),
    ...byWhat(request),
    pages: asked.map(pageText),
    ...(acr !== undefined && { acr }),
  };
}

function byWhat({ door, grant, restarted, initiatedByProvider }: LoginRequest): Pick<WitnessStep, 'by'> {
  if (initiatedByProvider) return { by: 'provider-initiated' };
  if (door !== undefined && door !== 'login') return { by: door };
  if (grant !== undefined && grant !== 'code') return { by: grant };
  return restarted ? { by: 'restart' } : {};
}

const OPEN = 'Open the login of the client';

function doorText({ door, broker, restarted, initiatedByProvider }: LoginRequest): string {
  if (initiatedByProvider)
    return 'Open the address at which Keycloak begins the login of the client (IdP-initiated SAML)';
  switch (door) {
    case 'reset':
      return `${OPEN}, choose “Forgot password?” and follow the link in the mail`;
    case 'registration':
      return `${OPEN} and register`;
    case 'broker':
      return `${OPEN} and log in by the identity provider ${broker}`;
    default:
      return restarted ? `${OPEN} and restart it (“Restart login”)` : OPEN;
  }
}

function actionText(page: Extract<Page, { kind: 'action' }>, answer: Answer): string {
  if (!('give' in answer)) return `${page.action}: leave it`;
  const change = page.changes?.[answer.give];
  const needs = page.needs?.length ? ` with ${page.needs.join(' and ')}` : '';
  return `${page.action}: ${change ? changeText(change) : 'do it'}${needs}`;
}

function changeText(change: ProfileChange): string {
  switch (change.kind) {
    case 'none':
      return 'change nothing';
    case 'email':
      return 'set an e-mail address of one’s own';
    case 'username':
      return 'set another user name';
    case 'attribute':
      return change.value === '' ? `empty ${change.name}` : `set ${change.name} to ${change.value}`;
    case 'link':
      return `link an identity of one’s own at ${change.provider}`;
    case 'delete-account':
      return 'delete the account';
  }
}

function pageText({ page, answer }: Asked): string {
  if (page.kind === 'consent') return 'consent';
  if (page.kind === 'action') return actionText(page, answer);
  if ('choose' in answer) {
    const chosen = page.choices.find(({ execution }) => execution === answer.choose);
    return `${page.authenticator}: try another way, ${chosen?.authenticator}`;
  }
  const proofs = 'give' in answer ? page.accepts[answer.give] : undefined;
  if (!proofs) return `${page.authenticator}: go away`;
  return `${page.authenticator}: ${proofs.length > 0 ? `give ${proofs.join(' and ')}` : 'send it empty'}`;
}

/** The request's parameters as they are sent. */
export function parametersOf(request: LoginRequest): Record<string, string> {
  const { acrValues, acrClaim, scope, prompt, maxAge, action, identityProviderHint, matchedHeaderPatterns } = request;
  const claims = acrClaim && { id_token: { acr: acrClaim } };
  return {
    scope: (scope ?? ['openid']).join(' '),
    ...(acrValues && { acr_values: acrValues.join(' ') }),
    ...(claims && { claims: JSON.stringify(claims) }),
    ...(prompt && { prompt: prompt.join(' ') }),
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
    ...(action && { kc_action: action }),
    ...(identityProviderHint && { kc_idp_hint: identityProviderHint }),
    ...(matchedHeaderPatterns && { 'header that matches': matchedHeaderPatterns.join(' or ') }),
  };
}
