import { DEFAULT_USER_ROLES } from '../../keycloak/built-in-realm';
import type { IdentityProvider, RealmModel } from '../../realm-model';
import { boundFlow, flowByAlias } from '../choose-flow';
import { isActionEnabled } from '../enrolment';
import { indexOf } from '../flow-index';
import { known, Login } from '../login';
import { CannotTell, FlowError, type ProviderRedirect } from '../signals';
import type { Answer, FormPage, LoginRequest, SimulatedUser } from '../types';

/** Logins by an identity provider. Source: `IdentityBrokerService`, `LoginActionsService.brokerLoginFlow`. */

/**
 * Who logs in at the provider.
 *
 * - `linked`: the identity that the account is linked to
 * - `matching`: one that is linked to nobody and has the account's name or e-mail address
 * - `new`: one that is linked to nobody and has a name and an address that no account has
 * - `none`: nobody; the person comes back without a login
 */
export type ProviderLogin = 'linked' | 'matching' | 'new' | 'none';

/** What first broker login flows remember (notes `BROKERED_CONTEXT`, `EXISTING_USER_INFO`). */
export interface FirstLogin {
  readonly provider: string;
  /** Whether an account has the identity's name or e-mail address. */
  readonly matches: boolean;
  /** Whether a step has found that account. */
  found: boolean;
}

interface Choice {
  readonly accepts: FormPage['accepts'][number];
  readonly as: ProviderLogin;
}

/** Sends the browser from the login page to the provider that the request names. */
export function doorTo({ broker }: Pick<LoginRequest, 'broker'>): ProviderRedirect {
  if (broker === undefined) throw new CannotTell('The request names no identity provider (broker)');
  const door = `broker:${broker}`;
  return { kind: 'provider', execution: door, authenticator: 'identity-provider', provider: broker, required: true };
}

/** The ways to come back from the provider, in the order of the page's `accepts`. */
function choicesOf(login: Login, { provider, required }: ProviderRedirect): readonly Choice[] {
  const mine = login.user.linked?.includes(provider);
  const linked: Choice = mine
    ? { accepts: [`identity-provider-account:${provider}`], as: 'linked' }
    : { accepts: [`identity-provider:${provider}`], as: 'linked' };
  const others: readonly Choice[] = (mine ? (['new'] as const) : (['matching', 'new'] as const)).map((as) => ({
    accepts: [`identity-provider-account:${provider}`],
    as,
  }));
  return [linked, ...others, ...(required ? [] : [{ accepts: [], as: 'none' } as const])];
}

/**
 * The login page of the provider. An account counts as linked to an identity and, for whoever has another one, as not linked
 * yet: each way of the page holds for accounts of that kind.
 */
export function providerPage(login: Login, redirect: ProviderRedirect): FormPage {
  const { execution, authenticator } = redirect;
  const accepts = choicesOf(login, redirect).map((choice) => choice.accepts);
  return { kind: 'form', execution, authenticator, accepts, choices: [{ execution, authenticator }] };
}

/** Undefined for a login that the provider refuses. */
export function providerLoginOf(login: Login, redirect: ProviderRedirect, answer: Answer): ProviderLogin | undefined {
  return 'give' in answer ? choicesOf(login, redirect)[answer.give]?.as : undefined;
}

/** The provider of a name; undefined if the realm has none of it that is enabled (`getIdentityProviderModel`). */
export function enabledProvider(model: RealmModel, alias: string): IdentityProvider | undefined {
  const provider = model.identityProviders.find((each) => each.alias === alias);
  if (!provider && !model.complete) throw new CannotTell(`The identity provider ${alias} is not in this source`);
  return provider && known(provider.enabled, `enabled of identity provider ${alias}`) ? provider : undefined;
}

/** Whether a provider's login page can be reached: it exists, is enabled and not for links only; a hidden one can be, too. */
export function logsIn(provider: IdentityProvider | undefined): boolean {
  return (
    provider !== undefined && !known(provider.linkOnly ?? false, `link only of identity provider ${provider.alias}`)
  );
}

/** The first broker login flow, from nothing: all that the login had reached is forgotten (`AuthenticationProcessor.resetFlow`). */
export function firstLogin(login: Login, provider: IdentityProvider, matches: boolean): Login {
  const { model } = login;
  const alias = provider.firstLoginFlow && known(provider.firstLoginFlow, `first login flow of ${provider.alias}`);
  const flow = alias === undefined ? boundFlow(model, 'firstBrokerLogin') : flowOf(model, alias);
  const { client, request, requested, user, session, now } = login;
  const first = new Login(model, client, request, requested, indexOf(flow), user, session, now);
  first.trace.push(...login.trace);
  first.firstLogin = { provider: provider.alias, matches, found: false };
  first.note('first-broker-login', flow.alias, provider.alias);
  return first;
}

/** Links the account that a first login has ended with (`IdentityBrokerService.afterFirstBrokerLogin`). */
export function link(login: Login, { alias }: IdentityProvider): void {
  const linked = new Set([...(login.user.linked ?? []), alias]);
  login.user = { ...login.user, linked: [...linked] };
}

/** The post login flow, which goes on with what the login has reached; undefined if the provider has none. */
export function postLogin(login: Login, provider: IdentityProvider): Login | undefined {
  const alias = provider.postLoginFlow && known(provider.postLoginFlow, `post login flow of ${provider.alias}`);
  if (alias === undefined) {
    login.note('no-post-login-flow', provider.alias);
    return undefined;
  }
  const flow = flowOf(login.model, alias);
  login.note('post-broker-login', flow.alias, provider.alias);
  return login.goingOnWith(indexOf(flow));
}

function flowOf(model: RealmModel, alias: string) {
  const flow = flowByAlias(model, alias);
  if (flow) return flow;
  if (!model.complete) throw new CannotTell(`The flow ${alias} is not in this source`);
  throw new FlowError('flow-failed', `The flow ${alias} of an identity provider doesn't exist`);
}

/** The account that a first login makes: what mappers of the provider give it is not known. */
export function newAccount(model: RealmModel, setsPassword: boolean): SimulatedUser {
  const due = model.requiredActions
    .filter(({ alias, defaultAction }) => known(defaultAction, `default of required action ${alias}`))
    .map(({ alias }) => alias)
    .filter((alias) => isActionEnabled(model, alias));
  const requiredActions = setsPassword ? [...due, 'UPDATE_PASSWORD'] : due;
  return {
    credentials: [],
    roles: known(model.defaultRoles ?? DEFAULT_USER_ROLES, 'default roles of the realm'),
    emailMoved: true,
    ...(requiredActions.length > 0 && { requiredActions }),
  };
}
