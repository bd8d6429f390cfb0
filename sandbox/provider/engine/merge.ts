import type { Representation } from './api';

/**
 * What is wanted, and for all that is left empty in it what exists: how an object that is taken over keeps its settings.
 * False counts as empty, so a switch that is on cannot be switched off by taking over.
 */
export function mergeMissing(wanted: Representation, existing: Representation): Representation {
  const merged: Representation = { ...existing };
  for (const [key, value] of Object.entries(wanted)) {
    if (isRecord(value)) merged[key] = mergeMissing(value, isRecord(existing[key]) ? existing[key] : {});
    else if (Array.isArray(value) ? value.length > 0 : Boolean(value)) merged[key] = value;
  }
  return merged;
}

function isRecord(value: unknown): value is Representation {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
