import { type CredentialType, isOpaqueStep } from '../keycloak/authenticators';
import { isUnknown, type RealmModel } from '../realm-model';
import { allExecutions } from '../simulate/flow-index';
import type { Proof } from '../simulate/types';

/**
 * What an attacker may hold. The user's name counts as known.
 *
 * - a credential of the account, for example `otp`
 * - `enrol:<credential>`: the opportunity to enrol a credential of their own in the account; `enrol:password` is to set a new
 *   password
 * - `email`: control of the account's mailbox
 * - `kerberos`: a Kerberos ticket of the user
 * - `certificate`: the user's client certificate; `own-certificate`: any other that the server trusts
 * - `registration`: an account of one's own, where users may register
 * - `identity-provider:<alias>`: the user's login at that provider; `identity-provider-account:<alias>`: any other login there
 * - `step:<authenticator>`: whatever a step asks for that is none of Keycloak's
 * - `client-secret`: the credentials of a client
 * - `authentication-device`: what the authentication channel of CIBA asks for on the user's device, as Keycloak is told
 * - `request`: control of what the client asks for, beyond what clients ask by themselves
 * - `header`: control of a request header that the configuration trusts
 * - `session:<acr>`: a live session of the user in which that level was proven; `session` one without a level
 */
export type HeldProof =
  | Exclude<Proof, 'username'>
  | `enrol:${CredentialType}`
  | 'request'
  | 'header'
  | 'session'
  | `session:${string}`;

/** A set of {@link HeldProof} other than sessions. */
export type ProofMask = number;

const FIXED: readonly HeldProof[] = [
  'password',
  'otp',
  'webauthn',
  'webauthn-passwordless',
  'recovery-authn-codes',
  'enrol:password',
  'enrol:otp',
  'enrol:webauthn',
  'enrol:webauthn-passwordless',
  'enrol:recovery-authn-codes',
  'email',
  'kerberos',
  'certificate',
  'own-certificate',
  'registration',
  'client-secret',
  'authentication-device',
  'request',
  'header',
];

/** Bits of a 32-bit integer that are left: each step of somebody's own takes one, each identity provider two. */
const FREE_BITS = 31 - FIXED.length;

/** Gives each proof that a realm knows a bit; of identity providers that are alike, the one that stands for them. */
export class ProofTable {
  /** Identity providers for which there were no bits left. */
  readonly leftOut: readonly string[];
  /** The same of steps that are none of Keycloak's. */
  readonly stepsLeftOut: readonly string[];
  private readonly proofs: readonly HeldProof[];
  private readonly bits: ReadonlyMap<HeldProof, number>;

  constructor({ identityProviders, flows }: RealmModel, kinds?: ReadonlyMap<string, string>) {
    const steps = opaqueSteps(flows);
    const ofSteps = steps.slice(0, FREE_BITS).map((authenticator): HeldProof => `step:${authenticator}`);
    this.stepsLeftOut = steps.slice(FREE_BITS);
    const mostProviders = Math.floor((FREE_BITS - ofSteps.length) / 2);
    const aliases = identityProviders
      .filter(({ enabled, alias }) => (isUnknown(enabled) || enabled) && (kinds?.get(alias) ?? alias) === alias)
      .map(({ alias }) => alias);
    this.leftOut = aliases.slice(mostProviders);
    const ofProviders = aliases
      .slice(0, mostProviders)
      .flatMap((alias): HeldProof[] => [`identity-provider:${alias}`, `identity-provider-account:${alias}`]);
    this.proofs = [...FIXED, ...ofSteps, ...ofProviders];
    this.bits = new Map(this.proofs.map((proof, index) => [proof, 1 << index]));
  }

  maskOf(proof: HeldProof): ProofMask {
    const bit = this.bits.get(proof);
    if (bit === undefined) throw new Error(`The proof ${proof} has no bit`);
    return bit;
  }

  knows(proof: Proof): boolean {
    return proof === 'username' || this.bits.has(proof);
  }

  proofsOf(mask: ProofMask): HeldProof[] {
    return this.proofs.filter((_, bit) => mask & (1 << bit));
  }
}

/** The authenticators of steps that are none of Keycloak's. */
function opaqueSteps(flows: RealmModel['flows']): string[] {
  const names = flows.flatMap((flow) =>
    [...allExecutions(flow)].flatMap(({ execution }) =>
      execution.kind === 'authenticator' && typeof execution.authenticator === 'string' ? execution.authenticator : [],
    ),
  );
  return [...new Set(names)].filter(isOpaqueStep);
}

/** A live session to begin with. */
export interface HeldSession {
  /** Levels proven, ascending; undefined if the session has no map of levels. */
  readonly levels: readonly number[] | undefined;
  /** Seconds since the levels were proven. */
  readonly age: number;
}

/** What a path needs: proofs, and at most one session. */
export interface Need {
  readonly mask: ProofMask;
  readonly session: HeldSession | undefined;
}

/** Whether who has `b` has `a` as well: fewer proofs, and no session, one of fewer levels or an older one. */
export function isWeaker(a: Need, b: Need): boolean {
  if (a.mask & ~b.mask) return false;
  if (!a.session) return true;
  return b.session !== undefined && isWeakerSession(a.session, b.session);
}

function isWeakerSession(a: HeldSession, b: HeldSession): boolean {
  return a.age >= b.age && (a.levels ?? []).every((level) => b.levels?.includes(level));
}

/** Keeps the weakest needs only: of any two, neither is weaker than the other. */
export class Antichain<T extends Need> {
  readonly members: T[] = [];

  /** @returns whether it was added, that is, nothing weaker or equal was there */
  add(need: T): boolean {
    if (this.covers(need)) return false;
    for (let index = this.members.length - 1; index >= 0; index--) {
      if (isWeaker(need, this.members[index] as T)) this.members.splice(index, 1);
    }
    this.members.push(need);
    return true;
  }

  covers(need: Need): boolean {
    return this.members.some((member) => isWeaker(member, need));
  }
}
