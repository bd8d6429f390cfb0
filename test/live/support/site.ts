import type { TerraformStack } from 'cdktf';
import {
  AssuranceLevel,
  type Duration,
  Factor,
  type ProviderSource,
  StepUpClient,
  type StepUpClientProps,
  StepUpRealm,
  type StepUpRealmProps,
  type Unenrolled,
} from '../../../lib';
import {
  type Answers,
  Browser,
  createUser,
  type LoginRequest,
  type LoginResult,
  signIn,
  type TestUser,
  type TestUserOptions,
} from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { type Applied, type StackFolder, type StackFolderOptions, withStackFolder } from './apply-stack';
import { testKeycloak, withRealmName } from './keycloak';

/** What a site starts with: levels silver (password) and gold (one-time password). */
export interface SiteParts {
  readonly stack: TerraformStack;
  readonly silver: AssuranceLevel;
  readonly gold: AssuranceLevel;
  readonly realm: StepUpRealm;
  /** Adds a public client of this id. */
  client(clientId: string, props?: Partial<StepUpClientProps>): StepUpClient;
}

/** A realm made by the constructs and applied by Terraform, with ways to log in to it. */
export interface Site {
  readonly realm: string;
  readonly folder: StackFolder;
  issuer(): Promise<string>;
  /** Applies other constructs over those that are there. */
  apply(build: (parts: SiteParts) => void, props?: Partial<StepUpRealmProps>): Promise<Applied>;
  /** A user of their own with an authenticator app, so that no test waits for another's codes. */
  user(options?: Partial<TestUserOptions>): Promise<TestUser>;
  /** Signs in at a client of the site. */
  signIn(clientId: string, answers: Answers, request?: Partial<LoginRequest>, browser?: Browser): Promise<LoginResult>;
}

export interface SiteOptions extends StackFolderOptions {
  /** @default that of a level */
  readonly goldMaxAge?: Duration;
  /** What gold does with users who own no authenticator app. @default 'deny' */
  readonly goldUnenrolled?: Unenrolled;
  /** The provider that the stack is made for. @default 'keycloak/keycloak' */
  readonly source?: ProviderSource;
}

let users = 0;

/** Makes a site before the tests of this block and removes it after them. */
export function withSite(
  build: (parts: SiteParts) => void,
  props: Partial<StepUpRealmProps> = {},
  { source, refused, ...gold }: SiteOptions = {},
): Site {
  const realm = withRealmName('site');
  const folder = withStackFolder(source, { refused });
  const issuer = async () => `${(await testKeycloak()).url}/realms/${realm}`;
  const site: Site = {
    realm,
    folder,
    issuer,
    apply: (parts, changed = props) => folder.apply((stack) => parts(siteParts(stack, realm, changed, gold))),
    user: async (options = {}) => {
      users += 1;
      const username = `user-${users}`;
      return createUser((await testKeycloak()).admin, realm, { username, totp: true, ...options });
    },
    signIn: async (clientId, answers, request = {}, browser = new Browser()) =>
      signIn(browser, { client: { issuer: await issuer(), clientId }, redirectUri: REDIRECT_URI, ...request }, answers),
  };
  beforeAll(() => site.apply(build));
  return site;
}

function siteParts(
  stack: TerraformStack,
  name: string,
  props: Partial<StepUpRealmProps>,
  { goldMaxAge: maxAge, goldUnenrolled: unenrolled }: SiteOptions,
): SiteParts {
  const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
  const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.otp(), maxAge, unenrolled });
  const realm = new StepUpRealm(stack, 'realm', { name, levels: [silver, gold], ...props });
  return {
    stack,
    silver,
    gold,
    realm,
    client: (clientId, more = {}) =>
      new StepUpClient(stack, clientId, {
        realm,
        clientId,
        accessType: 'PUBLIC',
        validRedirectUris: [REDIRECT_URI],
        ...more,
      }),
  };
}

/** What a user with an authenticator app answers. */
export function answersOf(user: TestUser, otp: 'right' | 'wrong' | 'expired' = 'right'): Answers {
  const { totp } = user;
  if (!totp) return { username: user.username, password: user.password };
  const codes = { right: () => totp.next(), wrong: () => totp.wrong(), expired: () => totp.expired() };
  return { username: user.username, password: user.password, otp: codes[otp] };
}

/**
 * Tests that what the row names makes Keycloak ask for the one-time password: the right one passes, with `acr`; a wrong and
 * an expired one do not. `login` brings the user to where the row applies, in a session if it needs one.
 */
export function provesByOtp(
  row: string,
  { acr, login }: { acr: string; login: (otp: 'right' | 'wrong' | 'expired') => Promise<LoginResult> },
): void {
  describe(row, () => {
    test('asks for the one-time password and passes with it', async () => {
      const result = await login('right');
      expect(result).toMatchObject({ outcome: 'granted', acr });
      expect(result.asked.at(-1)).toBe('otp');
    });

    test.each(['wrong', 'expired'] as const)('refuses a code that is %s', async (otp) => {
      const result = await login(otp);
      expect(result).toMatchObject({ outcome: 'refused', error: 'Invalid authenticator code.' });
      expect(result.tokens).toBeUndefined();
    });
  });
}
