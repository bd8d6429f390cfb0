import type { StepUpClientProps, StepUpRealmProps } from '../../../lib';
import { AssuranceLevel, type AssuranceLevelProps, Factor, StepUpClient, StepUpFlow, StepUpRealm } from '../../../lib';
import { type Answers, Browser, type LoginResult } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { type HttpUser, loginsTo } from '../factors/http-logins';
import { withStackFolder } from '../support/apply-stack';
import { claimsOf, type GrantAnswer, post } from '../support/grants';
import { testKeycloak, withRealmName } from '../support/keycloak';

/** A level, lowest first; what it leaves out is proved by the factor of its name here. */
export type Wanted = Pick<AssuranceLevelProps, 'acr' | 'loa' | 'maxAge'> & { readonly provedBy?: Factor };

const FACTORS: Readonly<Record<string, Factor>> = {
  silver: Factor.password(),
  mid: Factor.recoveryCode(),
  gold: Factor.otp(),
  aurum: Factor.otp(),
};

export interface LevelsOptions {
  readonly levelHistory?: StepUpRealmProps['levelHistory'];
  /** Props of the client `app`, by the levels. */
  readonly app?: (levels: readonly AssuranceLevel[]) => Partial<StepUpClientProps>;
}

/**
 * A realm whose levels change while its users stay: with the clients `app`, `vault`, whose minimum is the highest level, and `offline`,
 * which may have offline tokens.
 */
export function withLevelsThatChange() {
  const realm = withRealmName('levels');
  const folder = withStackFolder();
  const { user, login } = loginsTo(realm);
  const issuer = async () => `${(await testKeycloak()).url}/realms/${realm}`;
  const site = { issuer };

  return {
    realm,
    site,
    apply: (wanted: readonly Wanted[], { levelHistory = { file: 'none' }, app }: LevelsOptions = {}) =>
      folder.apply((stack) => {
        const levels = wanted.map(
          ({ provedBy, ...props }) =>
            new AssuranceLevel(stack, props.acr, { ...props, provedBy: provedBy ?? (FACTORS[props.acr] as Factor) }),
        );
        const own = new StepUpRealm(stack, 'realm', { name: realm, levels, levelHistory });
        own.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm: own }));
        const client = (clientId: string, more: Partial<StepUpClientProps> = {}) =>
          new StepUpClient(stack, clientId, {
            realm: own,
            clientId,
            accessType: 'PUBLIC',
            validRedirectUris: [REDIRECT_URI],
            ...more,
          });
        client('app', app?.(levels));
        client('vault', { minimumLevel: levels.at(-1) });
        client('offline', { offlineAccess: true });
      }),
    /** With everything that a level may ask for. */
    user: () => user({ totp: true, recoveryCodes: true }),
    /** At a client, in a browser that may have a session. */
    async at(clientId: string, acr: string | undefined, answers: Answers, browser = new Browser(), scope = ['openid']) {
      return login(acr, answers, { browser, scope, client: { issuer: await issuer(), clientId } });
    },
    refresh: (clientId: string, { tokens }: LoginResult): Promise<GrantAnswer> =>
      post(site, 'token', {
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: String(tokens?.refresh_token),
      }),
    /** The acr of the access token that a refresh token gives; Keycloak's error if it gives none. */
    async refreshed(clientId: string, { tokens }: LoginResult): Promise<unknown> {
      const answer = await post(site, 'token', {
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: String(tokens?.refresh_token),
      });
      return answer.error ?? claimsOf(answer).acr;
    },
  };
}

/** What proves silver and what is named. */
export function proofs({ username, password, totp, codes }: HttpUser, ...which: ('otp' | 'code')[]): Answers {
  return {
    username,
    password,
    ...(which.includes('otp') && { otp: () => totp?.next() ?? '' }),
    ...(which.includes('code') && { 'recovery-code': codes[0] }),
  };
}
