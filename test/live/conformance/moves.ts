import type { Answer, LoginRequest, Page, SimulatedUser } from '../../../model';
import { type Move, PROVIDER } from './case';
import type { Identity } from './realm-provider';

/** Actions that a browser without a screen can do. */
const DOABLE = new Set([
  'CONFIGURE_TOTP',
  'CONFIGURE_RECOVERY_AUTHN_CODES',
  'UPDATE_PASSWORD',
  'delete_credential',
  'TERMS_AND_CONDITIONS',
  'UPDATE_PROFILE',
]);

/** Wrong user names are left to unit tests: they would name another account. */
const WRONGABLE = new Set([
  'auth-username-password-form',
  'auth-password-form',
  'auth-otp-form',
  'auth-conditional-otp-form',
  'direct-grant-validate-password',
  'direct-grant-validate-otp',
]);

/** What whoever is at the browser has beside the credentials of the account. */
const FREE = [
  'username',
  'email',
  'registration',
  'client-secret',
  `identity-provider:${PROVIDER}`,
  `identity-provider-account:${PROVIDER}`,
];

/** Whether an identity provider shows the page. */
export function isOfProvider(page: Page): boolean {
  if (page.kind !== 'form' || page.authenticator.startsWith('grant:')) return false;
  return page.accepts.some((proofs) => proofs.some((proof) => proof.startsWith('identity-provider')));
}

/** What a user with these credentials does on a page. */
export function answerFor(
  page: Page,
  move: Move,
  user: SimulatedUser,
  { grant, identity = 'linked' }: Pick<LoginRequest, 'grant'> & { readonly identity?: Identity | undefined } = {},
): Answer {
  if (move === 'stop' || move === 'leave') return { stop: true };
  if (page.kind === 'action') {
    if (!DOABLE.has(page.action)) return { stop: true };
    if (move === 'cancel' && page.optional) return { cancel: true };
    const change = page.changes?.findLastIndex(({ kind }) => kind === 'email' || kind === 'attribute') ?? -1;
    return { give: move === 'change' ? Math.max(change, 0) : 0 };
  }
  if (page.kind === 'consent') return { give: 0 };
  if (move === 'wrong' && WRONGABLE.has(page.authenticator)) return { wrong: true };
  const other = page.choices.find(({ execution }) => execution !== page.execution);
  if (move === 'other' && other) return { choose: other.execution };
  if (isOfProvider(page)) {
    const isMine = user.linked?.includes(PROVIDER) ?? false;
    return { give: (isMine ? ['linked', 'new'] : ['linked', 'matching', 'new']).indexOf(identity) };
  }
  const owned = new Set<string>([...FREE, ...user.credentials]);
  const give = page.accepts.findIndex((proofs) => proofs.every((proof) => owned.has(proof)));
  if (give >= 0) return { give };
  // A token request is sent without what its user lacks.
  return grant === 'password' ? { wrong: true } : { stop: true };
}
