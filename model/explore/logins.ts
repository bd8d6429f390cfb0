import type { CredentialType } from '../keycloak/authenticators';
import type { RealmModel } from '../realm-model';
import { simulate } from '../simulate';
import type { Answer, LoginRequest, LoginResult, Page, Proof, Session, SimulatedUser } from '../simulate/types';
import { maskOf, type ProofMask } from './proofs';

/** One way to go through a login. */
export interface LoginPath {
  readonly result: LoginResult;
  /** What the answers took. */
  readonly mask: ProofMask;
  /** Credentials that the attacker enrolled on the way. */
  readonly enrolled: readonly CredentialType[];
}

/** A login has few branches; a flow that has more is cut, and that is told. */
const MAX_PATHS = 200;

/**
 * All ways to answer the pages of a login with proofs that the account has.
 *
 * @param mine credentials that the attacker has enrolled: they take no proof
 */
export function loginPaths(
  model: RealmModel,
  request: LoginRequest,
  user: SimulatedUser,
  session: Session | undefined,
  now: number,
  mine: ReadonlySet<CredentialType>,
): { readonly paths: LoginPath[]; readonly cut: boolean } {
  const paths: LoginPath[] = [];
  const open: (readonly Answer[])[] = [[]];
  while (open.length > 0 && paths.length < MAX_PATHS) {
    const given = [...(open.pop() as readonly Answer[])];
    const attacker = new Attacker(user, mine);
    const result = simulate(model, request, user, session, {
      now,
      actor: (page) => {
        const answer = given[attacker.steps] ?? attacker.firstOf(page, given, open);
        attacker.take(page, answer);
        return answer;
      },
    });
    paths.push({ result, mask: attacker.mask, enrolled: [...attacker.enrolled] });
  }
  return { paths, cut: open.length > 0 };
}

/** Answers pages, and keeps account of what that takes. */
class Attacker {
  steps = 0;
  mask: ProofMask = 0;
  readonly enrolled = new Set<CredentialType>();
  private readonly chosen = new Set<string>();

  constructor(
    private readonly user: SimulatedUser,
    private readonly mine: ReadonlySet<CredentialType>,
  ) {}

  /** The first answer to a page; the other ones are left open for later. */
  firstOf(page: Page, given: Answer[], open: (readonly Answer[])[]): Answer {
    const [first = { stop: true } as const, ...others] = this.answersTo(page);
    for (const other of others) open.push([...given, other]);
    given.push(first);
    return first;
  }

  take(page: Page, answer: Answer): void {
    this.steps++;
    if ('choose' in answer) this.chosen.add(answer.choose);
    if (!('give' in answer)) return;
    if (page.kind === 'form') {
      for (const proof of page.accepts[answer.give] ?? []) this.mask |= this.costOf(proof);
    } else if (page.kind === 'action' && page.enrols) {
      this.mask |= maskOf(`enrol:${page.enrols}`);
      this.enrolled.add(page.enrols);
    }
  }

  private answersTo(page: Page): Answer[] {
    if (page.kind === 'action') return page.optional ? [{ give: 0 }, { cancel: true }] : [{ give: 0 }];
    if (page.kind === 'consent') return [{ give: 0 }];
    const gives = page.accepts.flatMap((proofs, give) => (proofs.every((proof) => this.has(proof)) ? [{ give }] : []));
    const choices = page.choices
      .filter(({ execution }) => execution !== page.execution && !this.chosen.has(execution))
      .map(({ execution }) => ({ choose: execution }));
    return [...gives, ...choices];
  }

  private has(proof: Proof): boolean {
    if (proof === 'username' || proof === 'kerberos') return true;
    return !proof.startsWith('identity-provider:') && this.user.credentials.includes(proof as CredentialType);
  }

  private costOf(proof: Proof): ProofMask {
    if (proof === 'username' || this.mine.has(proof as CredentialType) || this.enrolled.has(proof as CredentialType))
      return 0;
    return maskOf(proof as CredentialType | 'kerberos');
  }
}
