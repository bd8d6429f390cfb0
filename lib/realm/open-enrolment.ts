import type { AssuranceLevel } from '../assurance/assurance-level';
import { isOpen } from '../assurance/enrolment';
import type { AuthenticationFlow } from '../flow/authentication-flow';
import { describe } from '../support/configuration-error';

/**
 * Messages on levels that let users enrol while a flow does not ask owners of the credential for it.
 *
 * Enrolment is open in every flow of the realm or in none, so one such flow lets a stolen password add a device to an
 * account.
 *
 * @param flows the flows that users log in by
 * @param isBound whether the realm has a browser flow of its own
 */
export function openEnrolmentProblems(
  levels: readonly AssuranceLevel[],
  flows: readonly AuthenticationFlow[],
  isBound: boolean,
): string[] {
  return levels.filter(isOpen).flatMap((level) =>
    weakFlows(level, flows, isBound).map((flow) =>
      describe({
        value: `level "${level.acr}", which lets users enrol`,
        why: flow
          ? `in ${flow.node.path} users who own its credential can add another one with the proof of a lower level`
          : "Keycloak's own browser flow is bound, in which users can add a device with a password",
        instead: flow
          ? "Leave unenrolled at 'deny', or ask for the level by acr and in all flows"
          : 'Bind a StepUpFlow with all levels by bindBrowserFlow',
      }),
    ),
  );
}

/** The flows in which owners of the level's credential don't prove the level; `undefined` is Keycloak's own. */
export function weakFlows(
  level: AssuranceLevel,
  flows: readonly AuthenticationFlow[],
  isBound: boolean,
): (AuthenticationFlow | undefined)[] {
  const weak = flows.filter((flow) => !flow.guardsEnrolment(level));
  return isBound ? weak : [...weak, undefined];
}
