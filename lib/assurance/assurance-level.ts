import { Construct, type IConstruct } from 'constructs';
import { HIGHEST_LOA } from '../../model/levels';
import { insist } from '../support/configuration-error';
import { Duration } from './duration';
import { insistOnEnrollable } from './enrolment';
import { type Factor, isAlwaysProved, singleFactors } from './factor';
import { passwordSuffices } from './password-suffices';
import type { Unenrolled } from './unenrolled';
import { wholeSeconds } from './whole-seconds';

export interface AssuranceLevelProps {
  /**
   * Name of the level in the `acr` claim and in `acr_values`: begins with a letter, then letters, digits and `. _ : / -`;
   * a URN or URL is fine. Source: OpenID Connect Core 1.0, section 2 (`acr`).
   */
  readonly acr: string;

  /**
   * Keycloak's Level of Authentication (LoA): a whole number from 1; higher is stronger. Only what a password alone proves may
   * be 1, because Keycloak gives the acr of LoA 1 to every login that passed no level: a password reset, an identity
   * provider, a client secret. Where a password must never be enough, the lowest level is 2.
   * Source: Server Administration Guide, "Creating a browser login flow with step-up mechanism".
   * @default the number that step-up.levels.json has for the level; without that file 10, 20, 30, … by the place among the realm's levels
   */
  readonly loa?: number;

  /** How the level is proved, on top of the levels below it. */
  readonly provedBy: Factor;

  /**
   * How long a proof counts before a request for the level asks for it again. Whole seconds; 0 asks at every request.
   * @default 10 hours (Keycloak's own default) for LoA 1, and for the lowest level if its loa is left out; 5 minutes for every other
   */
  readonly maxAge?: Duration;

  /**
   * What happens to a user without the credential.
   * @default 'deny'
   */
  readonly unenrolled?: Unenrolled;

  /**
   * How old a login may be when its user enrols the credential of this level from the account console or an application
   * (`kc_action`) before the password is asked for again (`max_auth_age` of the required action). Whole seconds.
   * @default 5 minutes, Keycloak's own default
   */
  readonly enrolmentMaxAge?: Duration;
}

const ACR = /^[A-Za-z][A-Za-z0-9._:/-]*$/;

/**
 * A level of assurance: its name for clients (acr), its number in Keycloak (LoA), how long it holds and how it is proved.
 *
 * Makes nothing in Keycloak by itself: `StepUpRealm` puts it in the realm's acr map, `StepUpFlow` makes its subflow.
 *
 * @throws ConfigurationError on an acr that would break the map, a LoA that is no whole number from 1, a LoA 1 that a password
 * alone does not prove, a factor that is missing, was given what can't be or can be skipped, a max age that is no `Duration`, negative or not in whole seconds, and
 * enrolment of a factor that can't be enrolled safely.
 */
export class AssuranceLevel extends Construct {
  readonly acr: string;
  /** What was given as `loa`. */
  readonly givenLoa?: number;
  readonly provedBy: Factor;
  readonly enrolmentMaxAge: Duration;
  readonly unenrolled: Unenrolled;

  private readonly givenMaxAge?: Duration;
  private taken?: { readonly loa: number; readonly isLowest: boolean; readonly realm: IConstruct };

  constructor(scope: Construct, id: string, props: AssuranceLevelProps) {
    super(scope, id);
    insist(this, typeof props.acr === 'string' && ACR.test(props.acr), () => ({
      value: `acr ${JSON.stringify(props.acr)}`,
      why: "an acr name stands in Keycloak's acr map, in the space-separated acr_values and in lists joined by ##, and must not look like a LoA number",
      instead: 'Begin with a letter and use letters, digits and . _ : / - only, for example "gold"',
    }));
    insist(this, props.provedBy !== undefined && props.provedBy !== null, () => ({
      value: `provedBy ${props.provedBy}`,
      why: 'a level without a factor is granted to anybody who asks for it',
      instead: 'Say how it is proved, for example provedBy: Factor.otp()',
    }));
    for (const { problem } of singleFactors(props.provedBy)) {
      if (problem) insist(this, false, () => problem);
    }
    insist(this, isAlwaysProved(props.provedBy), () => ({
      value: `provedBy ${props.provedBy.name}`,
      why: 'a login that leaves the header out would reach the level without a proof',
      instead:
        "Put it beside a proof that is always asked for, Factor.allOf(Factor.password(), …), or leave defaultOtpOutcome at 'force'",
    }));
    const enrolmentMaxAge = props.enrolmentMaxAge ?? Duration.minutes(5);
    const given = { ...(props.maxAge !== undefined && { maxAge: props.maxAge }), enrolmentMaxAge };
    for (const [prop, duration] of Object.entries(given)) {
      const instead = 'Write for example Duration.minutes(5), or Duration.seconds(0) to ask every time';
      wholeSeconds(this, prop, duration, { least: 0, instead });
    }
    const unenrolled = props.unenrolled ?? 'deny';
    const enrolAt = typeof unenrolled === 'string' ? undefined : unenrolled.enrolAt;
    const isBelow = enrolAt?.givenLoa === undefined || props.loa === undefined || enrolAt.givenLoa < props.loa;
    insist(this, typeof unenrolled === 'string' || (enrolAt !== undefined && isBelow), () => ({
      value: `unenrolled enrolAt("${enrolAt?.acr}")`,
      why: `it is not below ${props.loa === undefined ? 'this one' : `loa ${props.loa}`}, so no login could have reached it before`,
      instead: 'Name a lower level of the same realm',
    }));
    if (unenrolled !== 'deny') insistOnEnrollable(this, props.provedBy);
    this.acr = props.acr;
    this.provedBy = props.provedBy;
    this.givenMaxAge = props.maxAge;
    this.enrolmentMaxAge = enrolmentMaxAge;
    this.unenrolled = unenrolled;
    // Undefined is left out, null from JavaScript is a mistake.
    if (props.loa !== undefined) {
      insistOnNumber(this, props.loa);
      this.givenLoa = props.loa;
    }
  }

  /**
   * The number in Keycloak.
   *
   * @throws ConfigurationError if `loa` was left out and no realm has the level yet
   */
  get loa(): number {
    return this.givenLoa ?? this.inRealm('loa').loa;
  }

  /**
   * How long a proof counts.
   *
   * @throws ConfigurationError if `loa` and `maxAge` were left out and no realm has the level yet
   */
  get maxAge(): Duration {
    if (this.givenMaxAge) return this.givenMaxAge;
    const isFirst = this.givenLoa === undefined ? this.inRealm('maxAge').isLowest : this.givenLoa === 1;
    return isFirst ? Duration.hours(10) : Duration.minutes(5);
  }

  /**
   * Gives the level the number that it has in a realm, if it says none.
   *
   * @throws ConfigurationError if another realm gave it another one, and on LoA 1 that a password alone does not prove
   */
  takeNumber(realm: IConstruct, loa: number, isLowest: boolean): void {
    if (this.givenLoa !== undefined) return;
    const { taken } = this;
    insist(this, taken === undefined || (taken.loa === loa && taken.isLowest === isLowest), () => ({
      value: `level "${this.acr}" of ${realm.node.path} (loa ${loa})`,
      why: `it is a level of ${taken?.realm.node.path} too, where it has loa ${taken?.loa}${taken?.isLowest ? ' and is the lowest' : ''}`,
      instead: 'Make an AssuranceLevel for each realm, or give it a loa',
    }));
    insistOnNumber(this, loa);
    this.taken ??= { loa, isLowest, realm };
  }

  private inRealm(prop: string) {
    const { taken } = this;
    insist(this, taken !== undefined, () => ({
      value: `${prop} of level "${this.acr}"`,
      why: 'loa was left out, and no StepUpRealm has given the level its number yet',
      instead: 'Put the level into the levels of a StepUpRealm first, or give it a loa',
    }));
    return taken;
  }
}

function insistOnNumber(level: AssuranceLevel, loa: number): void {
  insist(level, Number.isInteger(loa) && loa >= 1 && loa <= HIGHEST_LOA, () => ({
    value: `loa ${loa}`,
    why: 'a LoA is a whole number, and level 0 is what Keycloak gives to a login that proved nothing',
    instead: `Number the levels from 1 upwards (at most ${HIGHEST_LOA}), or leave loa out`,
  }));
  insist(level, loa > 1 || passwordSuffices(level.provedBy), () => ({
    value: `loa 1 proved by ${level.provedBy.name}`,
    why: `Keycloak writes the acr of LoA 1 into the token of every login that passed no level (a password reset, an identity provider, a client's secret), so "${level.acr}" would be had without the proof`,
    instead:
      'Number it from 2 and leave LoA 1 out, with maxAge: Duration.hours(10) if it is the lowest level; or prove a level 1 below it by Factor.password()',
  }));
}
