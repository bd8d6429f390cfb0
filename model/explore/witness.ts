import type { Asked, LoginRequest, SimulatedUser } from '../simulate/types';
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
    code: 'Open the login of the client',
    password: 'Send a token request with grant_type=password',
    device: 'Start the device flow of the client and open its verification page',
    ciba: 'Send a backchannel authentication request',
    'client-credentials': 'Send a token request with grant_type=client_credentials',
    'token-exchange': 'Exchange a token of the user for one of the client',
    'jwt-authorization': 'Send a JWT of the identity provider to the token endpoint',
  }[grant];
  return {
    does: sameSecond ? `${does}, in the same second` : does,
    clientId: request.clientId,
    parameters: parametersOf(request),
    pages: asked.map(pageText),
    ...(acr !== undefined && { acr }),
  };
}

function pageText({ page, answer }: Asked): string {
  if (page.kind === 'consent') return 'consent';
  if (page.kind === 'action') return 'cancel' in answer ? `${page.action}: leave it` : `${page.action}: do it`;
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
