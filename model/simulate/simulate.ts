import type { Client, RealmModel } from '../realm-model';
import { type AcrClaims, acrClaims } from './acr-claim';
import { acrWithoutLevels, isStepUpOff } from './acr-store';
import { perform, refusalOf } from './actions/perform';
import { boundFlow, chooseFlow } from './choose-flow';
import { applyClientPolicies, type PolicyEffect } from './client-policies';
import { scopesToConsentTo, withConsent } from './consent';
import {
  doorTo,
  enabledProvider,
  firstLogin,
  link,
  logsIn,
  type ProviderLogin,
  postLogin,
  providerLoginOf,
  providerPage,
} from './doors/broker';
import { closedDoor, flowOfDoor } from './doors/flow-of-door';
import { FlowEngine } from './flow-engine';
import { indexOf } from './flow-index';
import type { TokenRequest, TokenRequestRefusal } from './grants/grant';
import { pageOf, tokenRequest } from './grants/token-request';
import { honestOwner } from './honest-owner';
import { mayBeAlive } from './lifespan';
import { known, Login, type RequestedLevel } from './login';
import { passwordGrant } from './password-grant';
import { acrValues, resolveRequestedLevel } from './requested-level';
import { dueActions } from './required-actions';
import type { RuleId } from './rules';
import { allowsEcp, ecpFlow, samlLevel } from './saml';
import { mayRequestScopes } from './scopes';
import { CannotTell, FlowError, type Response, ServerError } from './signals';
import type {
  Actor,
  Answer,
  Asked,
  ClientSession,
  LoginRequest,
  LoginResult,
  Outcome,
  Page,
  Session,
  SimulatedUser,
  SimulationOptions,
  TraceEntry,
} from './types';

/**
 * Says what a login would do: what is asked, what comes of it, and which acr results.
 *
 * Follows Keycloak 26.7.4; {@link RULES} names the classes. Where the model holds unknown values, or something that isn't
 * followed here, the outcome is `cannot-tell`.
 *
 * @param session the browser's session, undefined for none
 */
export function simulate(
  model: RealmModel,
  request: LoginRequest,
  user: SimulatedUser,
  session?: Session,
  options: SimulationOptions = {},
): LoginResult {
  return new Simulation(model, request, user, session, options).run();
}

class Simulation {
  private readonly asked: Asked[] = [];
  private readonly trace: TraceEntry[] = [];
  private readonly now: number;
  private readonly session: Session | undefined;
  private login: Login | undefined;
  private flowDone = false;

  constructor(
    private readonly model: RealmModel,
    private readonly request: LoginRequest,
    private readonly user: SimulatedUser,
    session: Session | undefined,
    private readonly options: SimulationOptions,
  ) {
    this.now = options.now ?? session?.started ?? 0;
    this.session = session && mayBeAlive(model, session, this.now) ? session : undefined;
  }

  run(): LoginResult {
    try {
      return this.attempt();
    } catch (error) {
      if (error instanceof CannotTell) return this.result({ kind: 'cannot-tell', because: error.message });
      // What comes after the flow may fail on the configuration just so.
      return this.failed(error);
    }
  }

  private attempt(): LoginResult {
    const { model, request } = this;
    const client = model.clients.find(({ clientId }) => clientId === request.clientId);
    if (!client) throw new CannotTell(`The client ${request.clientId} is not in this source`);
    if (!known(client.enabled, `enabled of client ${client.clientId}`)) return this.refused(400, 'client-not-allowed');
    if (this.user.deleted) return this.refused(400, 'no-account');
    const protocol = known(client.protocol, `protocol of client ${client.clientId}`);
    if (protocol === 'saml') return this.bySaml(client);
    if (protocol !== 'openid-connect') {
      throw new CannotTell(`The client ${client.clientId} speaks neither OpenID Connect nor SAML`);
    }
    const { user, session } = this;
    const granted = tokenRequest({ model, client, request, user, session });
    if (granted) return this.byTokenRequest(client, granted);
    return request.grant === 'password' ? this.byPassword(client) : this.byBrowser(client);
  }

  private byTokenRequest(client: Client, granted: TokenRequest | TokenRequestRefusal): LoginResult {
    if ('refused' in granted) return this.refused(400, granted.refused);
    const { request } = this;
    const { rule, reached, user, ofService } = granted;
    this.trace.push({ rule, at: client.clientId });
    const page = pageOf(request, granted);
    const answer = (this.options.actor ?? honestOwner(this.user))(page);
    this.asked.push({ page, answer });
    if ('stop' in answer) return this.result({ kind: 'abandoned' });
    if (!('give' in answer)) return this.refused(401, 'invalid-credentials');
    const acrs = this.acrsBy(client, reached, user);
    const result = this.result(grantedWith(reached, acrs), granted.session);
    return { ...result, user, ...(ofService && { account: 'service' }) };
  }

  private byPassword(client: Client): LoginResult {
    if (!known(client.grants.password, `password grant of client ${client.clientId}`)) {
      return this.refused(400, 'client-not-allowed');
    }
    // There is no page to consent on.
    if (known(client.consentRequired, `consent of client ${client.clientId}`)) {
      return this.refused(400, 'client-not-allowed');
    }
    if (!mayRequestScopes(client, this.request)) return this.invalidScope(client);
    this.trace.push({ rule: 'grant-ignores-acr', at: client.clientId });
    const { rejectsPasswordGrant } = applyClientPolicies(this.policyContext(client));
    if (rejectsPasswordGrant) return this.refused(400, 'policy-rejected');
    const flow = chooseFlow(this.model, client, 'directGrant', undefined, (rule, at) => this.trace.push({ rule, at }));
    const login = this.newLogin(client, flow, { loa: undefined, essential: false }, undefined);
    const refusal = passwordGrant(login, this.options.actor ?? honestOwner(this.user), this.asked);
    if (refusal) return this.result(refusal);
    return this.granted(client, login);
  }

  /** Client policies that choose a flow listen to OpenID Connect alone. */
  private bySaml(client: Client): LoginResult {
    const { model, request } = this;
    const byEcp = request.grant === 'saml-ecp';
    if (!byEcp && request.grant !== undefined && request.grant !== 'code') {
      return this.refused(400, 'client-not-allowed');
    }
    if (!known(client.grants.authorizationCode, `standard flow of client ${client.clientId}`)) {
      return this.refused(400, 'client-not-allowed');
    }
    const requested = samlLevel(model, client, request, (entry) => this.trace.push(entry));
    if (!requested) return this.refused(302, 'invalid-claims', 'NoAuthnContext');
    if (byEcp) return this.byEcp(client, requested);
    return this.throughFlow(client, () => ({ policy: { rejectsPasswordGrant: false }, requested }));
  }

  private byEcp(client: Client, requested: RequestedLevel): LoginResult {
    if (!allowsEcp(client)) return this.refused(400, 'client-not-allowed');
    this.trace.push({ rule: 'saml-ecp', at: client.clientId });
    const login = this.newLogin(client, ecpFlow(this.model), requested, undefined);
    const refusal = passwordGrant(login, this.options.actor ?? honestOwner(this.user), this.asked);
    // Its session is gone with the answer.
    return refusal ? this.result(refusal) : this.result(grantedWith({ loa: login.level, sso: false }, NO_ACR));
  }

  private byBrowser(client: Client): LoginResult {
    const { request } = this;
    const device = request.grant === 'device';
    const grant = device ? client.grants.device : client.grants.authorizationCode;
    const implicit = device ? false : client.grants.implicit;
    if (
      !known(grant, `grants of client ${client.clientId}`) &&
      !known(implicit, `implicit flow of ${client.clientId}`)
    ) {
      return this.refused(400, 'client-not-allowed');
    }
    // A device's scopes are not looked at; those that the client lacks are left out.
    if (!device && !mayRequestScopes(client, request)) return this.invalidScope(client);
    return this.throughFlow(client, () => {
      const policy = applyClientPolicies(this.policyContext(client));
      return { policy, requested: this.requestedLevel(client) };
    });
  }

  /** @param begin what client policies say of the request, and the level that it asks for */
  private throughFlow(
    client: Client,
    begin: () => { readonly policy: PolicyEffect; readonly requested: RequestedLevel },
  ): LoginResult {
    const { request, model } = this;
    const passive = request.prompt?.includes('none') ?? false;
    let login: Login;
    try {
      const { policy, requested } = begin();
      const note = (rule: RuleId, at: string) => this.trace.push({ rule, at });
      // A policy that names a missing flow fails before there is a login that could go another way.
      if (policy.flow !== undefined) chooseFlow(model, client, 'browser', policy.flow, () => {});
      if (closedDoor(model, request)) return this.refused(400, 'door-closed');
      if (request.door === 'registration' && this.session) return this.refused(400, 'different-user');
      if (request.restarted) note('restarted', client.clientId);
      const { flow: chosen, stampedLevel }: Partial<PolicyEffect> = request.restarted ? {} : policy;
      const ofLogin = () => chooseFlow(model, client, 'browser', chosen, note);
      const ofDoor = () => flowOfDoor(model, request, note);
      const midway = request.midway && (request.door === 'reset' || request.door === 'broker');
      login = this.newLogin(client, (midway ? undefined : ofDoor()) ?? ofLogin(), requested, this.session);
      login.stampedLevel = stampedLevel;
      const begun = midway ? this.partWay(login, passive) : this.converse(login, new FlowEngine(login), passive);
      if (begun && !(midway && !passive && this.canLeave(login, begun))) return begun;
      if (begun) {
        note('door-midway', client.clientId);
        const flow = ofDoor();
        if (flow) login.flow = indexOf(flow);
        const ended = this.converse(login, new FlowEngine(login), passive, flow ? undefined : doorTo(request));
        if (ended) return ended;
      }
    } catch (error) {
      return this.failed(error);
    }
    this.stamp(login);
    return this.afterFlow(client, login, passive);
  }

  /** Shows pages and passes on answers, until the flow is done (undefined) or the login ends. */
  private converse(login: Login, engine: FlowEngine, passive: boolean, first?: Response): LoginResult | undefined {
    let response = first ?? engine.begin();
    for (let count = 0; response; count++) {
      if (passive) return this.refused(302, 'interaction-needed', 'login_required');
      if (response.kind === 'error') return this.refused(response.status, response.reason);
      if (!login.firstLogin && !login.brokered && this.request.door === 'broker' && !this.request.midway) {
        response = doorTo(this.request);
      }
      if (count === MAX_PAGES) throw new CannotTell(`The login doesn't end after ${MAX_PAGES} pages`);
      if (response.kind === 'provider' && !logsIn(enabledProvider(this.model, response.provider))) {
        return this.refused(502, 'door-closed');
      }
      const page = response.kind === 'provider' ? providerPage(login, response) : response;
      const answer = this.ask(login, page);
      if ('stop' in answer) return this.result({ kind: 'abandoned' });
      const as = response.kind === 'provider' ? providerLoginOf(login, response, answer) : undefined;
      if (response.kind === 'provider' && as !== 'none') return this.byProvider(login, response.provider, as);
      response = engine.submit(page, answer);
    }
    return undefined;
  }

  /** Goes through the flow of the login as far as that goes, whose error pages can be left as any other. */
  private partWay(login: Login, passive: boolean): LoginResult | undefined {
    try {
      return this.converse(login, new FlowEngine(login), passive);
    } catch (error) {
      if (error instanceof FlowError) return this.failed(error);
      throw error;
    }
  }

  /** Whether the login still stands in its own flow: required actions and what follows a provider can't be left for another door. */
  private canLeave(login: Login, { outcome }: LoginResult): boolean {
    if (this.flowDone || this.login !== login) return false;
    if (outcome.kind === 'abandoned') return true;
    // The address of a provider takes the code of a form. An error page has none, the page of a reset has.
    return outcome.kind === 'refused' && !closedDoor(this.model, { door: 'reset' });
  }

  /** Goes on after a login at an identity provider: by its flows, required actions and consent, to the end. */
  private byProvider(login: Login, alias: string, as: ProviderLogin | undefined): LoginResult {
    const provider = enabledProvider(this.model, alias);
    if (!provider || as === undefined) return this.refused(400, 'invalid-credentials');
    let current = login;
    if (as === 'linked') {
      if (!login.user.linked?.includes(alias))
        login.assumptions.add(`The account is linked to an identity of ${alias}`);
      current.userKnown = true;
    } else {
      current = firstLogin(login, provider, as === 'matching');
      if (as === 'matching') current.assumptions.add(`The account is not linked to an identity of ${alias} yet`);
      this.login = current;
      const ended = this.converse(current, new FlowEngine(current), false);
      if (ended) return ended;
      link(current, provider);
    }
    const post = postLogin(current, provider);
    if (post) {
      current = post;
      current.brokered = true;
      this.login = current;
      const ended = this.converse(current, new FlowEngine(current), false);
      if (ended) return ended;
    }
    return this.afterFlow(current.client, current, false);
  }

  private afterFlow(client: Client, login: Login, passive: boolean): LoginResult {
    const { request } = this;
    this.flowDone = true;
    const done = new Set<string>();
    for (;;) {
      const [page] = dueActions(login, done);
      if (!page) break;
      if (passive) return this.refused(302, 'interaction-needed', 'interaction_required');
      const refusal = refusalOf(login, page);
      if (refusal) return this.result(refusal);
      const answer = this.ask(login, page);
      if ('stop' in answer) return this.result({ kind: 'abandoned' });
      if ('cancel' in answer && !page.optional) throw new CannotTell(`${page.action} can't be left undone`);
      done.add(page.action);
      if (!('give' in answer)) continue;
      const ended = perform(login, page, answer);
      if (ended) return this.result(ended);
      const { requiredActions } = login.user;
      if (!requiredActions?.includes(page.action)) continue;
      login.user = { ...login.user, requiredActions: requiredActions.filter((alias) => alias !== page.action) };
    }
    const scopes = scopesToConsentTo(login);
    const consents = scopes.length > 0 || request.grant === 'device';
    if (consents) {
      if (passive) return this.refused(302, 'interaction-needed', 'interaction_required');
      const answer = this.ask(login, { kind: 'consent' });
      if (!('give' in answer)) return this.result({ kind: 'abandoned' });
      login.user = withConsent(login.user, client.clientId, scopes);
    }
    // Who consents last goes on to the client all the same.
    if (login.endsAfterActions && !consents) {
      login.note('ends-without-tokens', client.clientId);
      return this.result({ kind: 'done' });
    }
    if (login.registered && this.session) return this.refused(400, 'different-user');
    return this.granted(client, login);
  }

  private ask(login: Login, page: Page): Answer {
    const actor: Actor = this.options.actor ?? honestOwner(login.user);
    const answer = actor(page);
    this.asked.push({ page, answer });
    return answer;
  }

  private granted(client: Client, login: Login): LoginResult {
    const { request } = this;
    const device = request.grant === 'device';
    const previous = login.session?.clients[client.clientId];
    const sent: Pick<LoginRequest, 'acrValues' | 'acrClaim'> = device || request.grant === 'password' ? {} : request;
    // Notes of an earlier login stay where this one sends nothing.
    const acrValuesSent = sent.acrValues ?? previous?.acrValues;
    const acrClaimSent = sent.acrClaim ?? previous?.acrClaim;
    const ofClient = {
      loa: login.level,
      sso: login.sso,
      ...(acrValuesSent && { acrValues: acrValuesSent }),
      ...(acrClaimSent && { acrClaim: acrClaimSent }),
    };
    // Without a map in the login (no cookie, max age 0) that of the session stays.
    const levels = login.levelsKept && login.levels ? Object.fromEntries(login.levels) : this.session?.levels;
    const session: Session = {
      started: this.session?.started ?? this.now,
      authTime: login.sso && this.session ? this.session.authTime : this.now,
      ...(levels && { levels }),
      clients: { ...this.session?.clients, [client.clientId]: ofClient },
    };
    const acrs = this.acrsOf(client, login, ofClient);
    return this.result(grantedWith(ofClient, acrs), request.grant === 'password' ? this.session : session);
  }

  private acrsOf(client: Client, login: Login, ofClient: ClientSession): AcrClaims {
    // SAML assertions say classes, by which nobody guards; what the session has is the matter.
    return client.protocol === 'saml' ? NO_ACR : this.acrsBy(client, ofClient, login.user);
  }

  private acrsBy(client: Client, reached: ClientSession, user: SimulatedUser): AcrClaims {
    if (isStepUpOff(this.model)) return { possible: [acrWithoutLevels(reached)] };
    return acrClaims(this.model, client, this.request, reached, user);
  }

  private stamp(login: Login): void {
    if (login.stampedLevel === undefined || login.level >= login.stampedLevel) return;
    login.note('level-stamped', login.client.clientId, `level ${login.stampedLevel}`);
    login.level = login.stampedLevel;
  }

  private requestedLevel(client: Client): RequestedLevel {
    if (this.request.grant === 'device') {
      this.trace.push({ rule: 'grant-ignores-acr', at: client.clientId });
      return { loa: undefined, essential: false };
    }
    const browserFlow = () => boundFlow(this.model, 'browser');
    return resolveRequestedLevel(this.model, client, this.request, browserFlow, (entry) => this.trace.push(entry));
  }

  private policyContext(client: Client) {
    const { model, request } = this;
    return {
      model,
      client,
      request,
      acrValues: () => acrValues(model, client, request, () => boundFlow(model, 'browser')),
    };
  }

  private newLogin(
    client: Client,
    flow: Parameters<typeof indexOf>[0],
    requested: RequestedLevel,
    session: Session | undefined,
  ): Login {
    const { model, request, user, now } = this;
    const login = new Login(model, client, request, requested, indexOf(flow), user, session, now);
    this.login = login;
    return login;
  }

  private failed(error: unknown): LoginResult {
    if (error instanceof FlowError) return this.refused(error.reason === 'missing-flow' ? 500 : 400, error.reason);
    if (error instanceof ServerError) return this.refused(400, 'unexpected-error');
    throw error;
  }

  private refused(
    status: number,
    reason: Extract<Outcome, { kind: 'refused' }>['reason'],
    error?: string,
  ): LoginResult {
    return this.result({ kind: 'refused', status, reason, ...(error && { error }) });
  }

  private invalidScope({ clientId }: Client): LoginResult {
    this.trace.push({ rule: 'invalid-scope', at: clientId });
    return this.refused(302, 'invalid-scope', 'invalid_scope');
  }

  private result(outcome: Outcome, session: Session | undefined = this.session): LoginResult {
    return {
      asked: this.asked,
      outcome,
      session,
      user: this.login?.user ?? this.user,
      ...(this.login?.registered && { account: 'new' }),
      trace: [...this.trace, ...(this.login?.trace ?? [])],
      assumptions: [...(this.login?.assumptions ?? [])],
    };
  }
}

/** Of SAML assertions. */
const NO_ACR: AcrClaims = { possible: [undefined] };

function grantedWith({ loa, sso }: Pick<ClientSession, 'loa' | 'sso'>, { possible, because }: AcrClaims): Outcome {
  return {
    kind: 'granted',
    loa,
    acr: possible[0],
    sso,
    ...(possible.length > 1 && { acrs: possible }),
    ...(because !== undefined && { acrUnknown: because }),
  };
}

/** More pages than any sane flow shows. */
const MAX_PAGES = 40;
