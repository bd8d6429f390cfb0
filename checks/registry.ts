import type { Rule } from './rule';
import { accountLinkedUnproven } from './rules/account-linked-unproven';
import { acrMapBroken } from './rules/acr-map-broken';
import { acrNameUnknown } from './rules/acr-name-unknown';
import { acrNamesShareLevel } from './rules/acr-names-share-level';
import { acrNotInToken } from './rules/acr-not-in-token';
import { acrWithoutLevel } from './rules/acr-without-level';
import { alternativeInLevel } from './rules/alternative-in-level';
import { attributeCondition } from './rules/attribute-condition';
import { brokerWithoutPostLogin } from './rules/broker-without-post-login';
import { clientLowersAcr } from './rules/client-lowers-acr';
import { conditionWithoutConfig } from './rules/condition-without-config';
import { conditionalWithoutCondition } from './rules/conditional-without-condition';
import { cookieIgnored } from './rules/cookie-ignored';
import { cookieRequired } from './rules/cookie-required';
import { customAuthenticator } from './rules/custom-authenticator';
import { danglingFlow } from './rules/dangling-flow';
import { defaultAcrOnly } from './rules/default-acr-only';
import { deviceGrantOpen } from './rules/device-grant-open';
import { enrolmentAgeIgnored } from './rules/enrolment-age-ignored';
import { enrolmentByAction } from './rules/enrolment-by-action';
import { enrolmentPrepared } from './rules/enrolment-prepared';
import { essentialNotRefused } from './rules/essential-not-refused';
import { flowWithoutLevels } from './rules/flow-without-levels';
import { flowWithoutLogin } from './rules/flow-without-login';
import { guardBypassed } from './rules/guard-bypassed';
import { headerPatternBroken } from './rules/header-pattern-broken';
import { higherLevelWeaker } from './rules/higher-level-weaker';
import { knownDefect } from './rules/known-defect';
import { levelByEnrolment } from './rules/level-by-enrolment';
import { levelExpiresEarly } from './rules/level-expires-early';
import { levelNotANumber } from './rules/level-not-a-number';
import { levelNotConditional } from './rules/level-not-conditional';
import { levelTwice } from './rules/level-twice';
import { levelWithoutAcr } from './rules/level-without-acr';
import { levelWithoutConfig } from './rules/level-without-config';
import { levelWithoutProof } from './rules/level-without-proof';
import { levelsDescending } from './rules/levels-descending';
import { loginIgnored } from './rules/login-ignored';
import { maxAgeExceedsLower } from './rules/max-age-exceeds-lower';
import { maxAgeExceedsSession } from './rules/max-age-exceeds-session';
import { minimumNotEnforced } from './rules/minimum-not-enforced';
import { nameOnlyLogin } from './rules/name-only-login';
import { needsNewerKeycloak } from './rules/needs-newer-keycloak';
import { otpSkippedInLevel } from './rules/otp-skipped-in-level';
import { passwordGrantOpen } from './rules/password-grant-open';
import { policyFlowMissing } from './rules/policy-flow-missing';
import { policyNeverMatches } from './rules/policy-never-matches';
import { policyWithoutEffect } from './rules/policy-without-effect';
import { proofAskedTwice } from './rules/proof-asked-twice';
import { proofDisabled } from './rules/proof-disabled';
import { proofIgnored } from './rules/proof-ignored';
import { scopeBehindLevel } from './rules/scope-behind-level';
import { sessionSkipsCondition } from './rules/session-skips-condition';
import { sessionSkipsOverride } from './rules/session-skips-override';
import { spoofableHeader } from './rules/spoofable-header';
import { stampedLevelUnproven } from './rules/stamped-level-unproven';
import { stepUpFails } from './rules/step-up-fails';
import { stepUpOff } from './rules/step-up-off';
import { unenrolledStaysLower } from './rules/unenrolled-stays-lower';
import { unknownRole } from './rules/unknown-role';
import { unknownScope } from './rules/unknown-scope';
import { unknownSubflow } from './rules/unknown-subflow';
import { unreadPart } from './rules/unread-part';
import { webauthnWithoutUserVerification } from './rules/webauthn-without-user-verification';

/** All rules, by their codes. */
export const RULES: readonly Rule[] = [
  conditionalWithoutCondition,
  proofIgnored,
  loginIgnored,
  cookieIgnored,
  cookieRequired,
  flowWithoutLogin,
  nameOnlyLogin,
  danglingFlow,
  sessionSkipsCondition,
  scopeBehindLevel,
  stepUpFails,
  essentialNotRefused,
  customAuthenticator,
  unreadPart,
  levelTwice,
  levelsDescending,
  levelWithoutConfig,
  levelExpiresEarly,
  levelNotANumber,
  levelNotConditional,
  levelWithoutProof,
  alternativeInLevel,
  proofAskedTwice,
  proofDisabled,
  maxAgeExceedsSession,
  maxAgeExceedsLower,
  higherLevelWeaker,
  webauthnWithoutUserVerification,
  acrWithoutLevel,
  levelWithoutAcr,
  acrMapBroken,
  acrNamesShareLevel,
  clientLowersAcr,
  flowWithoutLevels,
  sessionSkipsOverride,
  passwordGrantOpen,
  deviceGrantOpen,
  defaultAcrOnly,
  minimumNotEnforced,
  acrNotInToken,
  acrNameUnknown,
  stampedLevelUnproven,
  policyNeverMatches,
  policyWithoutEffect,
  policyFlowMissing,
  unknownScope,
  unknownRole,
  unknownSubflow,
  conditionWithoutConfig,
  attributeCondition,
  spoofableHeader,
  otpSkippedInLevel,
  headerPatternBroken,
  levelByEnrolment,
  enrolmentByAction,
  unenrolledStaysLower,
  enrolmentAgeIgnored,
  enrolmentPrepared,
  knownDefect,
  stepUpOff,
  guardBypassed,
  brokerWithoutPostLogin,
  accountLinkedUnproven,
  needsNewerKeycloak,
];

export function ruleById(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}
