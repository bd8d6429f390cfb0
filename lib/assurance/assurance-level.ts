import { Construct } from 'constructs';
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
   */
  readonly loa: number;

  /** How the level is proved, on top of the levels below it. */
  readonly provedBy: Factor;

  /**
   * How long a proof counts before a request for the level asks for it again. Whole seconds; 0 asks at every request.
   * @default 10 hours for LoA 1 (Keycloak's own default), 5 minutes for every higher level
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
const HIGHEST_LOA = 2_147_483_647;

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
  readonly loa: number;
  readonly provedBy: Factor;
  readonly maxAge: Duration;
  readonly enrolmentMaxAge: Duration;
  readonly unenrolled: Unenrolled;

  constructor(scope: Construct, id: string, props: AssuranceLevelProps) {
    super(scope, id);
    insist(this, typeof props.acr === 'string' && ACR.test(props.acr), () => ({
      value: `acr ${JSON.stringify(props.acr)}`,
      why: "an acr name stands in Keycloak's acr map, in the space-separated acr_values and in lists joined by ##, and must not look like a LoA number",
      instead: 'Begin with a letter and use letters, digits and . _ : / - only, for example "gold"',
    }));
    insist(this, Number.isInteger(props.loa) && props.loa >= 1 && props.loa <= HIGHEST_LOA, () => ({
      value: `loa ${props.loa}`,
      why: 'a LoA is a whole number, and level 0 is what Keycloak gives to a login that proved nothing',
      instead: `Number the levels from 1 upwards (at most ${HIGHEST_LOA})`,
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
    insist(this, props.loa > 1 || passwordSuffices(props.provedBy), () => ({
      value: `loa 1 proved by ${props.provedBy.name}`,
      why: `Keycloak writes the acr of LoA 1 into the token of every login that passed no level (a password reset, an identity provider, a client's secret), so "${props.acr}" would be had without the proof`,
      instead:
        'Number it from 2 and leave LoA 1 out, with maxAge: Duration.hours(10) if it is the lowest level; or prove a level 1 below it by Factor.password()',
    }));
    const maxAge = props.maxAge ?? (props.loa === 1 ? Duration.hours(10) : Duration.minutes(5));
    const enrolmentMaxAge = props.enrolmentMaxAge ?? Duration.minutes(5);
    for (const [prop, duration] of Object.entries({ maxAge, enrolmentMaxAge })) {
      const instead = 'Write for example Duration.minutes(5), or Duration.seconds(0) to ask every time';
      wholeSeconds(this, prop, duration, { least: 0, instead });
    }
    const unenrolled = props.unenrolled ?? 'deny';
    insist(this, typeof unenrolled === 'string' || unenrolled.enrolAt?.loa < props.loa, () => ({
      value: `unenrolled enrolAt("${typeof unenrolled === 'string' ? unenrolled : unenrolled.enrolAt?.acr}")`,
      why: `it is not below loa ${props.loa}, so no login could have reached it before`,
      instead: 'Name a lower level of the same realm',
    }));
    if (unenrolled !== 'deny') insistOnEnrollable(this, props.provedBy);
    this.acr = props.acr;
    this.loa = props.loa;
    this.provedBy = props.provedBy;
    this.maxAge = maxAge;
    this.enrolmentMaxAge = enrolmentMaxAge;
    this.unenrolled = unenrolled;
  }
}
