import { type AssuranceLevelProps, Factor, type FlowNode } from '../../lib';
import { proofNodes } from '../../lib/flow/factor-nodes';
import { level, testStack } from '../support/stack';

const { otp, webAuthn, recoveryCode, password, passkey, usernameThenPasskey, x509, anyOf, allOf } = Factor;

/** The nodes that prove a level by the factor, one line each, indented. */
function drawing(provedBy: Factor, unenrolled: AssuranceLevelProps['unenrolled'] = 'deny'): string[] {
  const lines = (nodes: readonly FlowNode[], indent: string): string[] =>
    nodes.flatMap((node) => [
      `${indent}${node.kind === 'subflow' ? node.name : node.authenticator} ${node.requirement}`,
      ...(node.kind === 'subflow' ? lines(node.children, `${indent}  `) : []),
    ]);
  return lines(proofNodes(level(testStack(), { acr: 'gold', loa: 2, provedBy, unenrolled }), 'gold'), '');
}

const DENIAL = ['  conditional-sub-flow-executed REQUIRED', '  deny-access-authenticator REQUIRED'];

/** Passed if the one part that can be skipped was not. */
const COMPLETE = [
  'gold.complete REQUIRED',
  '  gold.complete.if CONDITIONAL',
  '    conditional-sub-flow-executed REQUIRED',
  '    allow-access-authenticator REQUIRED',
];

describe('The proof of a level', () => {
  test('by any of several stands beside the condition that looks at what the user owns', () => {
    expect(drawing(anyOf(otp(), webAuthn()))).toEqual([
      'gold.enrolled CONDITIONAL',
      '  conditional-user-configured REQUIRED',
      '  auth-otp-form ALTERNATIVE',
      '  webauthn-authenticator ALTERNATIVE',
      'gold.unenrolled CONDITIONAL',
      ...DENIAL,
    ]);
  });

  test('by any of any of several is by any of them', () => {
    expect(drawing(anyOf(anyOf(otp(), webAuthn()), recoveryCode()))).toEqual(
      drawing(anyOf(otp(), webAuthn(), recoveryCode())),
    );
  });

  test('by all of several asks for all in their order', () => {
    expect(drawing(allOf(webAuthn(), otp()))).toEqual([
      'gold.enrolled CONDITIONAL',
      '  conditional-user-configured REQUIRED',
      '  webauthn-authenticator REQUIRED',
      '  auth-otp-form REQUIRED',
      'gold.unenrolled CONDITIONAL',
      ...DENIAL,
    ]);
  });

  test('finds out the user before it looks at what the user owns', () => {
    expect(drawing(usernameThenPasskey())).toEqual([
      'auth-username-form REQUIRED',
      'gold.username-passkey REQUIRED',
      '  gold.enrolled CONDITIONAL',
      '    conditional-user-configured REQUIRED',
      '    webauthn-authenticator-passwordless REQUIRED',
      '  gold.unenrolled CONDITIONAL',
      ...DENIAL.map((line) => `  ${line}`),
      ...COMPLETE,
    ]);
    expect(drawing(allOf(password(), otp())).slice(0, 4)).toEqual([
      'gold.1-password REQUIRED',
      '  auth-username-password-form REQUIRED',
      'gold.2-otp REQUIRED',
      '  gold.2-otp.enrolled CONDITIONAL',
    ]);
  });

  test('by an alternative of several parts fails for who lacks one, and leaves the other alternatives', () => {
    expect(drawing(anyOf(webAuthn(), allOf(otp(), recoveryCode())))).toEqual([
      'gold.any REQUIRED',
      '  webauthn-authenticator ALTERNATIVE',
      '  gold.any.otp-and-recovery-code ALTERNATIVE',
      '    gold.any.otp-and-recovery-code.enrolled CONDITIONAL',
      '      conditional-user-configured REQUIRED',
      '      auth-otp-form REQUIRED',
      '      auth-recovery-authn-code-form REQUIRED',
    ]);
  });

  test('by a certificate or an enrolled factor has no condition, which a certificate would always meet', () => {
    expect(drawing(anyOf(x509(), otp()))).toEqual([
      'gold.any REQUIRED',
      '  auth-x509-client-username-form ALTERNATIVE',
      '  auth-otp-form ALTERNATIVE',
    ]);
  });

  test('with enrolment asks for each part apart, so that what the user owns comes before what is missing', () => {
    expect(drawing(allOf(anyOf(otp(), passkey()), recoveryCode()), 'enrol')).toEqual([
      'gold.1-otp-or-passkey REQUIRED',
      '  gold.1-otp-or-passkey.enrolled CONDITIONAL',
      '    conditional-user-configured REQUIRED',
      '    auth-otp-form ALTERNATIVE',
      '    webauthn-authenticator-passwordless ALTERNATIVE',
      '  gold.1-otp-or-passkey.unenrolled CONDITIONAL',
      '    conditional-sub-flow-executed REQUIRED',
      '    auth-otp-form REQUIRED',
      'gold.2-recovery-code REQUIRED',
      '  auth-recovery-authn-code-form REQUIRED',
      'gold.complete REQUIRED',
      '  gold.complete.if CONDITIONAL',
      '    conditional-sub-flow-executed REQUIRED',
      '    conditional-sub-flow-executed REQUIRED',
      '    allow-access-authenticator REQUIRED',
    ]);
  });
});
