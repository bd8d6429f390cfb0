import { singleFactors } from '../assurance/factor';
import type { AuthenticationFlow } from '../flow/authentication-flow';
import { describe } from '../support/configuration-error';
import { weakFlows } from './open-enrolment';
import { addRequiredAction } from './required-actions';
import type { StepUpRealm } from './step-up-realm';

/** Keycloak has the action enabled, and asks for the level under which a flow happens to have the credential's authenticator. */
export function addCredentialDeletion(realm: StepUpRealm): void {
  addRequiredAction(
    realm,
    { action: 'delete_credential', displayName: 'Delete Credential', priority: 110 },
    { enabled: realm.credentialDeletion === 'prove' },
  );
}

/**
 * Messages on levels whose credentials can be deleted for less: Keycloak deletes one for whoever has the level under which the flow has
 * its authenticator, and a rule's stands under none.
 *
 * @param flows the flows that users log in by
 */
export function credentialDeletionProblems(
  { levels, credentialDeletion, browserFlow }: StepUpRealm,
  flows: readonly AuthenticationFlow[],
): string[] {
  if (credentialDeletion === 'deny') return [];
  const provable = levels.filter(({ provedBy }) => singleFactors(provedBy).some(({ enrolment }) => enrolment));
  return provable.flatMap((level) =>
    weakFlows(level, flows, browserFlow !== undefined).map((flow) =>
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
