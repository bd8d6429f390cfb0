import type { Inspection } from './inspection';
import type { Place } from './places';

/** Whether something exists; if the source leaves that open, it is told and taken as existing. */
export function exists(inspection: Inspection, place: Place, ask: () => boolean): boolean {
  try {
    return ask();
  } catch (error) {
    inspection.cannotTell(place.location, (error as Error).message);
    return true;
  }
}
