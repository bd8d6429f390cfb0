import type { Flow } from '../realm-model';

/** Works something out once for each flow: models are never changed, and a search makes thousands of logins through one. */
export function perFlow<T>(workOut: (flow: Flow) => T): (flow: Flow) => T {
  const known = new WeakMap<Flow, { readonly value: T }>();
  return (flow) => {
    const found = known.get(flow) ?? { value: workOut(flow) };
    known.set(flow, found);
    return found.value;
  };
}
