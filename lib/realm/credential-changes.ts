import type { AssuranceLevel } from '../assurance/assurance-level';
import { isOpen } from '../assurance/enrolment';
import { singleFactors } from '../assurance/factor';
import type { AuthenticationFlow } from '../flow/authentication-flow';
import { describe } from '../support/configuration-error';

/** What a realm lets its users do with credentials, and where. */
export interface CredentialChanges {
  readonly levels: readonly AssuranceLevel[];
  /** The flows that users log in by; `undefined` is Keycloak's own. */
  readonly flows: readonly (AuthenticationFlow | undefined)[];
  readonly deletion: 'deny' | 'prove';
}

/**
 * Messages on levels that let users enrol while a flow does not ask owners of the credential for it. Enrolment is open in every flow of
 * the realm or in none, so one such flow lets a stolen password add a device to their account.
 */
export function enrolmentProblems({ levels, flows }: CredentialChanges): string[] {
  return levels.filter(isOpen).flatMap((level) =>
    weak(flows, level).map((flow) =>
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

/**
 * Messages on levels whose credential is deleted for less: Keycloak deletes it for whoever has the level under which the flow has its
 * authenticator, and a rule's stands under none.
 */
export function deletionProblems({ levels, flows, deletion }: CredentialChanges): string[] {
  if (deletion === 'deny') return [];
  const provable = levels.filter(({ provedBy }) => singleFactors(provedBy).some(({ enrolment }) => enrolment));
  return provable.flatMap((level) =>
    weak(flows, level).map((flow) =>
      describe({
        value: `credentialDeletion 'prove' with level "${level.acr}"`,
        why: `${flow ? flow.node.path : "Keycloak's own browser flow, which is bound,"} does not ask owners of its credential for it, so the proof of a lower level deletes the credential`,
        instead: flow
          ? "Write 'deny', or ask for the level by acr and in all flows"
          : 'Bind a StepUpFlow with all levels by bindBrowserFlow',
      }),
    ),
  );
}

/** The flows in which owners of the level's credential don't prove the level. */
function weak(flows: CredentialChanges['flows'], level: AssuranceLevel): CredentialChanges['flows'] {
  return flows.filter((flow) => !flow?.guardsEnrolment(level));
}
