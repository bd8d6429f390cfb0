import type { LoginRequest, RuleId } from '../../../model';
import { isOfProvider } from './moves';
import type { ComparedLogin } from './run-case';

/** What a login can do that another may not: each by its name, and whether a login did it. */
export const MOVES: Readonly<Record<string, (login: ComparedLogin) => boolean>> = {
  'password grant': ({ request }) => request.grant === 'password',
  'device grant': ({ request }) => request.grant === 'device',
  'acr_values, one': ({ request }) => request.acrValues?.length === 1,
  'acr_values, several': ({ request }) => (request.acrValues?.length ?? 0) > 1,
  'claims, essential acr': ({ request }) => request.acrClaim?.essential === true,
  'claims, acr not essential': ({ request }) => request.acrClaim !== undefined && !request.acrClaim.essential,
  'one scope': ({ request }) => scopesOf(request) === 1,
  'several scopes': ({ request }) => scopesOf(request) > 1,
  'prompt=none': ({ request }) => request.prompt?.includes('none') ?? false,
  'prompt=login': ({ request }) => request.prompt?.includes('login') ?? false,
  'prompt=consent': ({ request }) => request.prompt?.includes('consent') ?? false,
  max_age: ({ request }) => request.maxAge !== undefined,
  'request header': ({ request }) => request.headers !== undefined,
  'wrong answer': ({ done }) => done.some(({ answer }) => 'wrong' in answer),
  'try another way': ({ done }) => done.some(({ answer }) => 'choose' in answer),
  'action cancelled': ({ done }) => done.some(({ answer }) => 'cancel' in answer),
  consent: ({ done }) => done.some(({ page }) => page.kind === 'consent'),
  'by the cookie alone': ({ result: { outcome } }) => outcome.kind === 'granted' && outcome.sso,
  'step-up in a session': ({ results }) =>
    results.some(({ trace }) => trace.some(({ rule }) => rule === 'cookie-too-low')),
  'restart, session ended': interruptedBy('restart'),
  'restart, session kept': interruptedBy('restart-in-session'),
  'cookie of the login lost': interruptedBy('lose-cookie'),
  'second tab': interruptedBy('second-tab'),
  'forgotten password': ({ request, result }) => request.door === 'reset' && result.outcome.kind === 'granted',
  'forgotten password, logged in anew': ({ result }) => result.outcome.kind === 'done',
  ...Object.fromEntries(
    (['reset', 'registration', 'broker'] as const).flatMap((door) =>
      (['restart', 'lose-cookie', 'second-tab'] as const).map((which) => [
        `${door}, then ${which}`,
        (login: ComparedLogin) =>
          login.request.door === door &&
          !login.request.midway &&
          login.done.some((each) => each.interruption === which),
      ]),
    ),
  ),
  'cookie of the login lost, in a session': ({ before, ...login }) =>
    before !== undefined && interruptedBy('lose-cookie')({ before, ...login }),
  'second tab, in a session': ({ before, ...login }) =>
    before !== undefined && interruptedBy('second-tab')({ before, ...login }),
  'left midway for a reset': ({ request, done }) => request.door === 'reset' && done.some(({ leaves }) => leaves),
  'left midway for an identity provider': ({ request, done }) =>
    request.door === 'broker' && done.some(({ leaves }) => leaves),
  'identity provider, linked': (login) =>
    isDecided(login, 'no-post-login-flow') || isDecided(login, 'post-broker-login'),
  'first broker login': (login) => isDecided(login, 'first-broker-login'),
  'first broker login, granted': (login) =>
    isDecided(login, 'first-broker-login') && login.result.outcome.kind === 'granted',
  'post broker login': (login) => isDecided(login, 'post-broker-login'),
  'sent to an identity provider by the flow': ({ request, done }) =>
    request.door !== 'broker' && done.some(({ page }) => isOfProvider(page)),
  kc_idp_hint: ({ request }) => request.identityProviderHint !== undefined,
  'SAML client': ({ settings }) => settings.to === 'saml',
  'SAML client, class requested': ({ settings, request }) => settings.to === 'saml' && request.acrValues !== undefined,
  'SAML client, begun at Keycloak': ({ request }) => request.initiatedByProvider === true,
  organization: ({ done }) => done.some(({ page }) => page.kind === 'form' && page.authenticator === 'organization'),
  ...Object.fromEntries(
    (['client-credentials', 'token-exchange', 'jwt-authorization'] as const).flatMap((grant) => [
      [grant, ({ request }: ComparedLogin) => request.grant === grant],
      [
        `${grant}, granted`,
        ({ request, result }: ComparedLogin) => request.grant === grant && result.outcome.kind === 'granted',
      ],
    ]),
  ),
  'acr by another mapper': ({ result: { outcome } }) => outcome.kind === 'granted' && outcome.acrs !== undefined,
  registration: ({ request, result }) => request.door === 'registration' && result.outcome.kind === 'granted',
  'somebody else in the browser': ({ settings }) => settings.by === 'other',
  'another client': ({ settings }) => settings.to !== 'own',
  ...Object.fromEntries(
    ['CONFIGURE_TOTP', 'UPDATE_PASSWORD', 'CONFIGURE_RECOVERY_AUTHN_CODES', 'delete_credential'].map((action) => [
      `kc_action=${action}, done`,
      didAction(action, true),
    ]),
  ),
  'profile changed': ({ done }) =>
    done.some(({ page, answer }) => page.kind === 'action' && page.changes && 'give' in answer && answer.give > 0),
  'required action done': didAction(undefined, false),
};

function interruptedBy(which: string) {
  return ({ done }: ComparedLogin) => done.some(({ interruption }) => interruption === which);
}

function isDecided({ results }: ComparedLogin, rule: RuleId): boolean {
  return results.some(({ trace }) => trace.some((entry) => entry.rule === rule));
}

/** @param started whether by `kc_action` */
function didAction(action: string | undefined, started: boolean) {
  return ({ done }: ComparedLogin) =>
    done.some(
      ({ page, answer }) =>
        page.kind === 'action' &&
        (action === undefined || page.action === action) &&
        page.optional === started &&
        'give' in answer,
    );
}

function scopesOf({ scope = [] }: LoginRequest): number {
  return scope.filter((name) => name !== 'openid').length;
}
