import { isUnknown } from '../../model/realm-model';
import { type Inspection, locate } from './inspection';

/** Tells of each flow that a client policy enforces and that the source leaves open. */
export function tellUnknownEnforcers(inspection: Inspection): void {
  for (const profile of inspection.model.clientProfiles) {
    const at = locate(`client profile ${profile.name}`, profile);
    for (const { provider, config } of profile.executors) {
      const id = inspection.known(provider, 'an executor', at);
      if (id !== undefined && id !== 'auth-flow-enforcer') continue;
      const values = inspection.known(config, 'the config of an executor', at);
      const alias = values?.['auth-flow-alias'];
      if (isUnknown(alias)) inspection.cannotTell(at, `auth-flow-alias: ${alias.unknown}`);
    }
  }
}
