import type { CredentialType } from '../keycloak/authenticators';
import type { RealmModel } from '../realm-model';
import { simulate } from '../simulate';
import type { Answer, Asked, LoginRequest, LoginResult, Page, Proof, Session, SimulatedUser } from '../simulate/types';
import type { ProofMask, ProofTable } from './proofs';

/** All ways to go through a login. */
export interface LoginPaths {
  readonly results: readonly PathResult[];
  /** Whether there are more. */
  readonly cut: boolean;
}

type PathResult = Omit<LoginResult, 'trace'>;

/** A login has few branches; a flow that has more is cut, and that is told. */
const MAX_PATHS = 200;

/** All ways to answer the pages of a login with proofs that the account has. */
export function loginPaths(
  model: RealmModel,
  table: ProofTable,
  request: LoginRequest,
  user: SimulatedUser,
  session: Session | undefined,
  now: number,
): LoginPaths {
  const results: PathResult[] = [];
  const open: (readonly Answer[])[] = [[]];
  while (open.length > 0 && results.length < MAX_PATHS) {
    const given = [...(open.pop() as readonly Answer[])];
    let step = 0;
    const actor = (page: Page) => {
      const answer =
        given[step] ?? firstOf(page, given, open, request, (proof) => table.knows(proof) && has(user, proof));
      step++;
      return answer;
    };
    const { trace: _, ...result } = simulate(model, request, user, session, { now, actor });
    results.push(result);
  }
  return { results, cut: open.length > 0 };
}

/** The first answer to a page; the other ones are left open for later. */
type CanGive = (proof: Proof) => boolean;

function firstOf(
  page: Page,
  given: Answer[],
  open: (readonly Answer[])[],
  request: LoginRequest,
  canGive: CanGive,
): Answer {
  const [first = { stop: true } as const, ...others] = answersTo(page, given, request, canGive);
  for (const other of others) open.push([...given, other]);
  given.push(first);
  return first;
}

function answersTo(page: Page, given: readonly Answer[], { midway }: LoginRequest, canGive: CanGive): Answer[] {
  if (page.kind === 'action') {
    const gives = (page.changes ?? [undefined]).map((_, give) => ({ give }));
    return page.optional ? [...gives, { cancel: true }] : gives;
  }
  if (page.kind === 'consent') return [{ give: 0 }];
  const gives = page.accepts.flatMap((proofs, give) => (proofs.every(canGive) ? [{ give }] : []));
  const chosen = given.map((answer) => 'choose' in answer && answer.choose);
  const choices = page.choices
    .filter(({ execution }) => execution !== page.execution && !chosen.includes(execution))
    .map(({ execution }) => ({ choose: execution }));
  // Where a page is left for another door, that is an answer, too.
  const left = given.some((answer) => 'stop' in answer);
  return [...gives, ...choices, ...(midway && !left ? [{ stop: true } as const] : [])];
}

const CREDENTIALS: ReadonlySet<string> = new Set<CredentialType>([
  'password',
  'otp',
  'webauthn',
  'webauthn-passwordless',
  'recovery-authn-codes',
]);

/** Whether anybody could give it; what it takes is told by {@link costOf}. */
function has(user: SimulatedUser, proof: Proof): boolean {
  return !isCredential(proof) || user.credentials.includes(proof);
}

export function isCredential(proof: Proof): proof is CredentialType {
  return CREDENTIALS.has(proof);
}

/** What an attacker has made theirs: it takes no proof. */
export type Owned = Exclude<Proof, 'username'>;

/**
 * What the answers take, and what becomes the attacker's by them.
 *
 * @param mine what became the attacker's before
 */
export function costOf(
  asked: readonly Asked[],
  mine: ReadonlySet<Owned>,
  table: ProofTable,
): { readonly mask: ProofMask; readonly mine: ReadonlySet<Owned> } {
  let mask: ProofMask = 0;
  let owned = mine;
  const resets = asked.some(({ page }) => page.kind === 'form' && page.authenticator.startsWith('reset-'));
  const own = (proof: Owned) => {
    owned = new Set([...owned, proof]);
  };
  const take = (proofs: readonly Proof[]) => {
    for (const proof of proofs) {
      if (proof !== 'username' && !owned.has(proof)) mask |= table.maskOf(proof);
    }
  };
  for (const { page, answer } of asked) {
    if (!('give' in answer)) continue;
    if (page.kind === 'form') {
      const proofs = page.accepts[answer.give] ?? [];
      take(proofs);
      // Whoever registers gives an address of their own.
      if (proofs.includes('registration')) own('email');
      continue;
    }
    if (page.kind !== 'action') continue;
    take(page.needs ?? []);
    if (page.enrols) {
      // What a reset itself leads to has taken the mail by now, and asks for nothing else.
      const byReset = resets && !page.optional;
      if (!byReset && !owned.has(page.enrols)) mask |= table.maskOf(`enrol:${page.enrols}`);
      own(page.enrols);
    }
    const change = page.changes?.[answer.give];
    if (change?.kind === 'email') own('email');
    if (change?.kind === 'link') take([`identity-provider-account:${change.provider}`]);
  }
  return { mask, mine: owned };
}
