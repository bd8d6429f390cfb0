import { Factor } from '../../../lib';
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
import { siteOf } from '../support/grants';
import { testKeycloak } from '../support/keycloak';
import { type Guarding, withScopedRealm } from './scoped-realm';

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

/** Silver by user name and passkey, gold by a password. */
export function withPasskeyRealm(guarded: Guarding) {
  const name = withScopedRealm({
    silver: Factor.usernameThenPasskey(),
    gold: Factor.password(),
    guarded,
    // The key of this test is touched and asks for no PIN.
    props: { webAuthnPasswordlessPolicy: { userVerification: 'discouraged' } },
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
      const client = { issuer: await siteOf(name).issuer(), clientId: 'app' };
      return signIn(browser, { client, redirectUri: REDIRECT_URI, ...more }, answers);
    },
  };
}
