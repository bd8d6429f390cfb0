import type { CredentialType } from '../keycloak/authenticators';
import type { RealmModel } from '../realm-model';
import { simulate } from '../simulate';
import type { Answer, Asked, LoginRequest, LoginResult, Page, Proof, Session, SimulatedUser } from '../simulate/types';
import { maskOf, type ProofMask } from './proofs';

/** All ways to go through a login. */
export interface LoginPaths {
  readonly results: readonly PathResult[];
  /** Whether there are more. */
  readonly cut: boolean;
}

type PathResult = Omit<LoginResult, 'trace' | 'assumptions'>;

/** A login has few branches; a flow that has more is cut, and that is told. */
const MAX_PATHS = 200;

/** All ways to answer the pages of a login with proofs that the account has. */
export function loginPaths(
  model: RealmModel,
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
      const answer = given[step] ?? firstOf(page, given, open, user);
      step++;
      return answer;
    };
    const { trace: _, assumptions: __, ...result } = simulate(model, request, user, session, { now, actor });
    results.push(result);
  }
  return { results, cut: open.length > 0 };
}

/** The first answer to a page; the other ones are left open for later. */
function firstOf(page: Page, given: Answer[], open: (readonly Answer[])[], user: SimulatedUser): Answer {
  const [first = { stop: true } as const, ...others] = answersTo(page, given, user);
  for (const other of others) open.push([...given, other]);
  given.push(first);
  return first;
}

function answersTo(page: Page, given: readonly Answer[], user: SimulatedUser): Answer[] {
  if (page.kind === 'action') return page.optional ? [{ give: 0 }, { cancel: true }] : [{ give: 0 }];
  if (page.kind === 'consent') return [{ give: 0 }];
  const gives = page.accepts.flatMap((proofs, give) => (proofs.every((proof) => has(user, proof)) ? [{ give }] : []));
  const chosen = given.map((answer) => 'choose' in answer && answer.choose);
  const choices = page.choices
    .filter(({ execution }) => execution !== page.execution && !chosen.includes(execution))
    .map(({ execution }) => ({ choose: execution }));
  return [...gives, ...choices];
}

function has(user: SimulatedUser, proof: Proof): boolean {
  if (proof === 'username' || proof === 'kerberos') return true;
  return !proof.startsWith('identity-provider:') && user.credentials.includes(proof as CredentialType);
}

/**
 * What the answers take, and which credentials the attacker enrols by them.
 *
 * @param mine credentials that the attacker has enrolled before: they take no proof
 */
export function costOf(
  asked: readonly Asked[],
  mine: ReadonlySet<CredentialType>,
): { readonly mask: ProofMask; readonly mine: ReadonlySet<CredentialType> } {
  let mask: ProofMask = 0;
  let owned = mine;
  for (const { page, answer } of asked) {
    if (!('give' in answer)) continue;
    if (page.kind === 'form') {
      for (const proof of page.accepts[answer.give] ?? []) {
        if (proof === 'username' || owned.has(proof as CredentialType)) continue;
        mask |= maskOf(proof as CredentialType | 'kerberos');
      }
    } else if (page.kind === 'action' && page.enrols) {
      mask |= maskOf(`enrol:${page.enrols}`);
      owned = new Set([...owned, page.enrols]);
    }
  }
  return { mask, mine: owned };
}
