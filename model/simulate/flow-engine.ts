import { traitsOf } from '../keycloak/authenticators';
import type { AuthenticatorExecution, Execution, Flow } from '../realm-model';
import { LOA_CONDITION, levelOf, maxAgeOf, reach, requestedLevel } from './acr-store';
import { answerStep, beginStep } from './authenticators';
import { matchesCondition } from './conditions';
import { isConfiguredFor } from './configured';
import { enrol } from './enrolment';
import type { Login, Status } from './login';
import {
  authenticatorOf,
  type ConditionalSubflows,
  isConditionExecution,
  isProcessed,
  listsOf,
  requirementOf,
  selectionFor,
} from './selection';
import { CannotTell, FlowError, type Response } from './signals';
import type { StepResult } from './step';
import type { Answer, FormPage } from './types';

/**
 * Keycloak's flow engine. It walks the tree anew on each request, remembers a status for each execution, and goes on from the
 * step that was answered up through the flows around it.
 *
 * Source: `DefaultAuthenticationFlow` and `AuthenticationProcessor`.
 */
export class FlowEngine implements ConditionalSubflows {
  /** Whether the walk of the current request found the top-level flow successful. */
  private topSuccessful = false;

  constructor(private readonly login: Login) {}

  /** The first request: a page, or undefined when the flow is done. */
  begin(): Response | undefined {
    this.topSuccessful = false;
    const response = this.walk(this.login.flow.top).response;
    return response ?? this.finish();
  }

  /** The answer to a page: the next page, or undefined when the flow is done. */
  submit(page: FormPage, answer: Answer): Response | undefined {
    this.topSuccessful = false;
    const { execution } = this.login.flow.places.get(page.execution) as { execution: AuthenticatorExecution };
    return this.act(execution, page, answer) ?? this.finish();
  }

  isDisabled(login: Login, execution: Execution): boolean {
    if (execution.kind !== 'subflow' || requirementOf(execution) !== 'CONDITIONAL') return false;
    const { flow } = execution;
    const conditions = flow.executions.filter(isConditionExecution);
    if (conditions.length === 0) {
      login.note('no-condition', flow.alias);
      return true;
    }
    const unmet = conditions.find((condition) => {
      const met = matchesCondition(login, condition, flow);
      login.status.set(condition.id, met ? 'EVALUATED_TRUE' : 'EVALUATED_FALSE');
      return !met;
    });
    login.note(unmet ? 'condition-not-met' : 'condition-met', flow.alias, unmet && authenticatorOf(unmet));
    return unmet !== undefined;
  }

  private finish(): undefined {
    if (!this.login.userKnown) throw new FlowError('flow-failed', 'No step of the flow has identified the user');
    if (!this.topSuccessful) throw new FlowError('flow-failed', 'The flow has no step left');
    return undefined;
  }

  private walk(flow: Flow): { readonly response?: Response; readonly successful: boolean } {
    const { login } = this;
    const { required, alternative, ignored } = listsOf(flow);
    if (ignored) login.note('alternatives-ignored', flow.alias);
    let pending = 0;
    let successful = true;
    for (const execution of required) {
      if (
        requirementOf(execution) === 'CONDITIONAL' &&
        !isProcessed(login, execution) &&
        this.isDisabled(login, execution)
      )
        continue;
      pending++;
      const response = this.process(execution, true);
      if (response) return { response, successful: false };
      if (this.passed(execution)) continue;
      successful = false;
      break;
    }
    if (pending > 0) return { successful: successful && this.succeed(flow) };
    if (alternative.some((execution) => this.passed(execution))) return { successful: this.succeed(flow) };
    for (const execution of alternative) {
      try {
        const response = this.process(execution, true);
        if (response) return { response, successful: false };
        if (this.passed(execution)) return { successful: this.succeed(flow) };
      } catch (error) {
        if (!(error instanceof FlowError)) throw error;
        this.setStatus(execution, 'ATTEMPTED');
      }
    }
    return { successful: false };
  }

  /** Whether an execution lets its flow go on: passed, or left to enrolment. */
  private passed(execution: Execution): boolean {
    const status = this.login.status.get(execution.id);
    return status === 'SUCCESS' || status === 'SETUP_REQUIRED';
  }

  private succeed(flow: Flow): true {
    if (flow === this.login.flow.top) {
      this.onTopFlowSuccess();
      this.topSuccessful = true;
    }
    return true;
  }

  /** @param inTurn whether the flow comes to the step by itself; else the user chose it or a flow above goes on with it */
  private process(execution: Execution, inTurn: boolean): Response | undefined {
    if (isProcessed(this.login, execution)) return undefined;
    if (execution.kind === 'authenticator') return this.processStep(execution, inTurn);
    const { response, successful } = this.walk(execution.flow);
    this.setStatus(execution, response ? 'CHALLENGED' : successful ? 'SUCCESS' : 'FAILED');
    return response;
  }

  private processStep(execution: AuthenticatorExecution, inTurn: boolean): Response | undefined {
    const { login } = this;
    let step = execution;
    const choices = selectionFor(login, execution, this);
    if (choices.length > 0 && inTurn) {
      const next = choices.find((choice) => !isProcessed(login, choice));
      if (!next) return undefined;
      if (next !== step) login.note('other-way-first', next.id, `before ${step.id}`);
      step = next;
    }
    if (this.isLeftToEnrolment(step)) return undefined;
    return this.take(step, beginStep(login, step), choices);
  }

  /** Whether the user lacks what the step asks and may enrol it. */
  private isLeftToEnrolment(step: AuthenticatorExecution): boolean {
    const { login } = this;
    const authenticator = authenticatorOf(step);
    const traits = traitsOf(authenticator);
    if (!traits) throw new CannotTell(`${step.id}: ${authenticator} is not followed here`);
    if (traits.requiresUser) {
      if (!login.userKnown) {
        login.note('needs-user', step.id);
        throw new FlowError('flow-failed', `${step.id} needs to know the user`);
      }
      if (isConfiguredFor(login, authenticator)) return false;
      if (requirementOf(step) === 'REQUIRED' && enrol(login, step)) {
        this.setStatus(step, 'SETUP_REQUIRED');
        return true;
      }
    } else if (!login.userKnown || !traits.validates || traits.setupAllowed || isConfiguredFor(login, authenticator)) {
      return false;
    }
    login.note('credential-missing', step.id);
    throw new FlowError('flow-failed', `The user lacks the credential of ${step.id}`);
  }

  private take(
    step: AuthenticatorExecution,
    result: StepResult,
    choices: readonly AuthenticatorExecution[],
  ): Response | undefined {
    if (result === 'success') {
      this.setStatus(step, 'SUCCESS');
      return undefined;
    }
    if (result === 'attempted') {
      this.setStatus(step, 'ATTEMPTED');
      return undefined;
    }
    if ('error' in result) {
      this.setStatus(step, 'FAILED');
      return { kind: 'error', ...result.error };
    }
    this.setStatus(step, 'CHALLENGED');
    if ('provider' in result) {
      const { provider } = result;
      return {
        kind: 'provider',
        execution: step.id,
        authenticator: authenticatorOf(step),
        provider,
        required: false,
      };
    }
    return {
      kind: 'form',
      execution: step.id,
      authenticator: authenticatorOf(step),
      accepts: result.accepts,
      choices: choices.map((choice) => ({ execution: choice.id, authenticator: authenticatorOf(choice) })),
    };
  }

  private act(execution: AuthenticatorExecution, page: FormPage, answer: Answer): Response | undefined {
    const { login } = this;
    // Keycloak works out the choices before it looks at the answer, and conditions that it evaluates for them have effects.
    const choices = selectionFor(login, execution, this);
    if ('choose' in answer) {
      const chosen = choices.find(({ id }) => id === answer.choose);
      if (!chosen) throw new FlowError('flow-failed', `${answer.choose} is no choice here`);
      return this.process(chosen, false) ?? this.goOnAfter(chosen);
    }
    const response = this.take(execution, answerStep(login, execution, page, answer), choices);
    // The link of a mail opens the flow as a new request does.
    return response ?? (isLink(execution) ? this.walk(login.flow.top).response : this.goOnAfter(execution));
  }

  /** Goes on after a finished step: marks the flows that it completes and takes up the first one that isn't complete. */
  private goOnAfter(execution: Execution): Response | undefined {
    const unfinished = this.completeFlowsAround(execution);
    const above = this.login.flow.executionOf.get(unfinished);
    if (!above) return this.walk(unfinished).response;
    return this.process(above, false) ?? this.goOnAfter(above);
  }

  private completeFlowsAround(start: Execution): Flow {
    const { login } = this;
    let execution = start;
    for (;;) {
      const { parent } = login.flow.places.get(execution.id) as { parent: Flow };
      const above = login.flow.executionOf.get(parent);
      if (!above) return parent;
      const { required, alternative } = listsOf(parent);
      const succeeded = ({ id }: Execution) => login.status.get(id) === 'SUCCESS';
      const requirement = requirementOf(execution);
      const complete =
        requirement === 'ALTERNATIVE'
          ? required.length === 0 && alternative.some(succeeded)
          : requirement !== 'DISABLED' && required.every(succeeded);
      if (!complete) return parent;
      this.setStatus(above, 'SUCCESS');
      execution = above;
    }
  }

  private setStatus(execution: Execution, status: Status): void {
    this.login.status.set(execution.id, status);
    if (execution.kind === 'subflow' && status === 'SUCCESS') this.onSubflowSuccess(execution.flow);
  }

  /** `ConditionalLoaAuthenticator.onParentFlowSuccess` for each level condition of the flow that was met. */
  private onSubflowSuccess(flow: Flow): void {
    const { login } = this;
    for (const execution of flow.executions) {
      if (execution.kind !== 'authenticator' || login.status.get(execution.id) !== 'EVALUATED_TRUE') continue;
      if (authenticatorOf(execution) !== LOA_CONDITION) continue;
      login.levelCallback = true;
      login.levelReachedIn = login.flow.top;
      const level = levelOf(execution.config, execution.id);
      if (level === undefined || !execution.config) continue;
      reach(login, level, maxAgeOf(execution.config, execution.id) !== 0);
      login.note('level-reached', flow.alias, `level ${level}`);
    }
  }

  /** `ConditionalLoaAuthenticator.onTopFlowSuccess`, which runs only if some level was reached by its subflow. */
  private onTopFlowSuccess(): void {
    const { login } = this;
    if (!login.levelCallback || !isTopLevel(login)) return;
    if (login.requested.essential && requestedLevel(login) > login.level) {
      login.note('essential-not-reached', login.client.clientId, `level ${login.level}`);
      throw new FlowError('acr-not-fulfilled', 'The essential acr was not reached');
    }
    login.levelsKept = true;
  }
}

function isLink(execution: AuthenticatorExecution): boolean {
  return authenticatorOf(execution) === 'reset-credential-email';
}

/** A subflow that a client or a policy names runs, but its end isn't that of a top-level flow. */
function isTopLevel({ model, flow }: Login): boolean {
  return model.flows.some(({ alias }) => alias === flow.top.alias);
}
