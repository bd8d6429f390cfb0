import type { RealmOtpPolicy } from '@cdktf/provider-keycloak/lib/realm';
import type { IConstruct } from 'constructs';
import { Duration } from '../assurance/duration';
import { wholeSeconds } from '../assurance/whole-seconds';
import type { ProviderLine } from '../provider-line/provider-line';
import { insist } from '../support/configuration-error';

/** How the realm's one-time passwords are made and checked. Source: Server Administration Guide, "One Time Password (OTP) policies". */
export interface OtpPolicy {
  /**
   * By time (TOTP, RFC 6238) or by counter (HOTP, RFC 4226).
   * @default 'totp'
   */
  readonly type?: 'totp' | 'hotp';
  /** @default 'HmacSHA1', which every authenticator application knows */
  readonly algorithm?: 'HmacSHA1' | 'HmacSHA256' | 'HmacSHA512';
  /** @default 6 */
  readonly digits?: 6 | 8;
  /**
   * How long a TOTP code lasts. Whole seconds from 1.
   * @default 30 seconds
   */
  readonly period?: Duration;
  /**
   * How many codes before and after the expected one are accepted, for clocks that differ.
   * @default 1
   */
  readonly lookAheadWindow?: number;
  /**
   * First counter of a HOTP device.
   * @default 0
   */
  readonly initialCounter?: number;
}

/**
 * The policy as the provider takes it. A code is never accepted twice.
 *
 * @throws ConfigurationError at `scope` on a period, window or counter that Keycloak can't use
 */
export function otpPolicyConfig(scope: IConstruct, policy: OtpPolicy, line: ProviderLine): RealmOtpPolicy {
  const period = wholeSeconds(scope, 'otpPolicy.period', policy.period ?? Duration.seconds(30), {
    least: 1,
    instead: 'Write Duration.seconds(30)',
  });
  const wholeNumbers = { lookAheadWindow: policy.lookAheadWindow ?? 1, initialCounter: policy.initialCounter ?? 0 };
  for (const [prop, value] of Object.entries(wholeNumbers)) {
    insist(scope, Number.isInteger(value) && value >= 0, () => ({
      value: `otpPolicy.${prop} ${value}`,
      why: 'Keycloak counts it in whole numbers from 0',
      instead: `Write a whole number, or leave it out`,
    }));
  }
  return {
    type: policy.type ?? 'totp',
    algorithm: policy.algorithm ?? 'HmacSHA1',
    digits: policy.digits ?? 6,
    period,
    ...wholeNumbers,
    ...(line.hasReusableCodes && { codeReusable: false }),
  };
}
