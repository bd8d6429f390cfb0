import type { Execution, Flow, SubflowExecution } from '../realm-model';

/** Where an execution stands in a top-level flow. */
export interface Place {
  readonly execution: Execution;
  /** The flow that holds it. */
  readonly parent: Flow;
}

/** A top-level flow with ways up its tree. */
export interface FlowIndex {
  readonly top: Flow;
  /** By the execution's id. */
  readonly places: ReadonlyMap<string, Place>;
  /** The execution that stands for a subflow in its parent. */
  readonly executionOf: ReadonlyMap<Flow, SubflowExecution>;
}

const indexes = new WeakMap<Flow, FlowIndex>();

export function indexOf(top: Flow): FlowIndex {
  const known = indexes.get(top);
  if (known) return known;
  const places = new Map<string, Place>();
  const executionOf = new Map<Flow, SubflowExecution>();
  const visit = (flow: Flow) => {
    for (const execution of flow.executions) {
      places.set(execution.id, { execution, parent: flow });
      if (execution.kind === 'subflow') {
        executionOf.set(execution.flow, execution);
        visit(execution.flow);
      }
    }
  };
  visit(top);
  const index = { top, places, executionOf };
  indexes.set(top, index);
  return index;
}

/** All executions of a flow and its subflows, depth first. */
export function* allExecutions(flow: Flow): Generator<Place> {
  for (const execution of flow.executions) {
    yield { execution, parent: flow };
    if (execution.kind === 'subflow') yield* allExecutions(execution.flow);
  }
}
