import type { TerraformStack } from 'cdktf';
import { AssuranceLevel, Factor, StepUpClient, type StepUpClientScope, StepUpRealm } from '../../../lib';
import {
  type Answers,
  Browser,
  createUser,
  type LoginPage,
  type LoginRequest,
  type LoginResult,
  signIn,
} from '../../../sandbox/login';
import { keyCredential, touch } from '../../checks/support/security-key';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { testKeycloak, withRealmName } from '../support/keycloak';

/** A browser that keeps the last page, for an authenticator that runs no scripts. */
export class PageKeeper extends Browser {
  constructor(kept: { html?: string } = {}) {
    super(async (input, init) => {
      const response = await fetch(input, init);
      if (response.status === 200) kept.html = await response.clone().text();
      return response;
    });
    this.kept = kept;
  }

  readonly kept: { html?: string };
}

export interface PasskeyRealmParts {
  readonly stack: TerraformStack;
  readonly realm: StepUpRealm;
  readonly levels: readonly [AssuranceLevel, AssuranceLevel];
}

/** Silver by user name and passkey, gold by a password; the scope payments asks for gold, by the flow that `bind` binds. */
export function withPasskeyRealm(bind: (parts: PasskeyRealmParts) => StepUpClientScope) {
  const name = withRealmName('passkey');
  const folder = withStackFolder();
  let issuer: string;
  beforeAll(async () => {
    await folder.apply((stack) => {
      const level = (acr: string, loa: number, provedBy: Factor) =>
        new AssuranceLevel(stack, acr, { acr, loa, provedBy });
      const levels = [level('silver', 2, Factor.usernameThenPasskey()), level('gold', 3, Factor.password())] as const;
      // The key of this test is touched and asks for no PIN.
      const webAuthnPasswordlessPolicy = { userVerification: 'discouraged' as const };
      const realm = new StepUpRealm(stack, 'realm', { name, levels, webAuthnPasswordlessPolicy });
      const payments = bind({ stack, realm, levels });
      new StepUpClient(stack, 'app', {
        realm,
        clientId: 'app',
        accessType: 'PUBLIC',
        validRedirectUris: [REDIRECT_URI],
        optionalScopes: [payments],
      });
    });
    issuer = `${(await testKeycloak()).url}/realms/${name}`;
  });

  let users = 0;
  return {
    realm: name,
    async user() {
      users += 1;
      const credentials = [keyCredential()];
      return createUser((await testKeycloak()).admin, name, { username: `user-${users}`, credentials });
    },
    async login(
      user: { id: string; username: string; password?: string },
      { browser = new PageKeeper(), ...more }: Partial<LoginRequest> & { browser?: PageKeeper } = {},
    ): Promise<LoginResult> {
      const webauthn = (page: LoginPage) => {
        const answer = touch(browser.kept.html ?? '', page.action as URL, user.id);
        Object.assign(page.fields, answer);
        return answer.clientDataJSON as string;
      };
      const { username, password } = user;
      const answers: Answers = { username, webauthn, ...(password && { password, 'new-password': password }) };
      const client = { issuer, clientId: 'app' };
      return signIn(browser, { client, redirectUri: REDIRECT_URI, ...more }, answers);
    },
  };
}
