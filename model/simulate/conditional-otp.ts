import { matchesJavaPattern } from '../keycloak/java';
import type { Login } from './login';
import { roleExists } from './names';
import { CannotTell, ServerError } from './signals';

/** The config of `auth-conditional-otp-form`. */
export interface OtpConditions {
  /** User attribute that says `skip` or `force`. */
  readonly otpControlAttribute?: string;
  readonly skipOtpRole?: string;
  readonly forceOtpRole?: string;
  /** Pattern for a whole header, as `Name: value`. */
  readonly noOtpRequiredForHeaderPattern?: string;
  readonly forceOtpForHeaderPattern?: string;
  readonly defaultOtpOutcome?: string;
}

export const OTP_CONDITION_KEYS: readonly (keyof OtpConditions)[] = [
  'otpControlAttribute',
  'skipOtpRole',
  'forceOtpRole',
  'noOtpRequiredForHeaderPattern',
  'forceOtpForHeaderPattern',
  'defaultOtpOutcome',
];

export type OtpDecision = 'skip' | 'show' | undefined;

/**
 * Whether an OTP is asked: the user's attribute, then roles, then headers, then the default; in each, skip goes before force.
 * Source: `ConditionalOtpFormAuthenticator.authenticate`.
 */
export function decideOtp(
  login: Login,
  config: OtpConditions,
): { readonly byRule: OtpDecision; readonly byDefault: OtpDecision } {
  return {
    byRule: byAttribute(login, config) ?? byRole(login, config) ?? byHeader(login, config),
    byDefault: decision(config.defaultOtpOutcome),
  };
}

function decision(text: string | undefined): OtpDecision {
  if (text === 'skip') return 'skip';
  return text === 'force' ? 'show' : undefined;
}

function byAttribute({ user }: Login, { otpControlAttribute: name }: OtpConditions): OtpDecision {
  return name === undefined ? undefined : decision(user.attributes?.[name]?.[0]?.trim());
}

function byRole(login: Login, { skipOtpRole, forceOtpRole }: OtpConditions): OtpDecision {
  const has = (role: string | undefined) =>
    role !== undefined && (login.user.roles ?? []).includes(role) && roleExists(login.model, role);
  if (has(skipOtpRole)) return 'skip';
  return has(forceOtpRole) ? 'show' : undefined;
}

function byHeader({ request }: Login, config: OtpConditions): OtpDecision {
  const matches = (pattern: string | undefined) => {
    if (pattern === undefined) return false;
    if (request.matchedHeaderPatterns?.includes(pattern)) return true;
    // A broken pattern fails whether or not there is a header.
    const headers = Object.entries(request.headers ?? {}).map(([name, value]) => `${name.trim()}: ${value.trim()}`);
    return ['', ...headers].some((header) => {
      const verdict = matchesJavaPattern(pattern, header, 'is');
      if (verdict === 'invalid') throw new ServerError(`The header pattern ${pattern} is broken`);
      if (verdict === 'undetermined') throw new CannotTell(`The header pattern ${pattern} is Java's own`);
      return header !== '' && verdict === 'matches';
    });
  };
  if (matches(config.noOtpRequiredForHeaderPattern)) return 'skip';
  return matches(config.forceOtpForHeaderPattern) ? 'show' : undefined;
}
