import type { IConstruct } from 'constructs';
import type { AssuranceLevel } from '../assurance/assurance-level';
import type { StepUpRealm } from '../realm/step-up-realm';
import { insist } from '../support/configuration-error';

/** The acr names of one client, with the level that each stands for. */
export type ClientAcrMap = Readonly<Record<string, AssuranceLevel>>;

const ACR = /^[A-Za-z][A-Za-z0-9._:/-]*$/;

/**
 * Checks that a client's acr map weakens nothing. It replaces the realm's map for the client, so a name that stands for a
 * higher level in the realm would be had with the proof of a lower one.
 *
 * @throws ConfigurationError at `client`
 */
export function insistOnSoundAcrMap(client: IConstruct, realm: StepUpRealm, acrMap: ClientAcrMap): void {
  const names = new Map<AssuranceLevel, string>();
  for (const [acr, level] of Object.entries(acrMap)) {
    insist(client, ACR.test(acr), () => ({
      value: `acrMap name ${JSON.stringify(acr)}`,
      why: 'an acr name must fit in the space-separated acr_values and must not look like a LoA number',
      instead: 'Begin with a letter and use letters, digits and . _ : / - only',
    }));
    realm.insistOnOwnLevel(client, `acrMap "${acr}"`, level);
    const realms = realm.levels.find((one) => one.acr === acr);
    insist(client, realms === undefined || level.loa >= realms.loa, () => ({
      value: `acrMap "${acr}" as loa ${level.loa}`,
      why: `it is loa ${realms?.loa} in ${realm.node.path}, so this client would get "${acr}" for the proof of "${level.acr}"`,
      instead: 'Use another name for the lower level',
    }));
    insist(client, !names.has(level), () => ({
      value: `acrMap "${names.get(level)}" and "${acr}" for "${level.acr}"`,
      why: 'a token has one acr, and which of the two it is would be left to chance',
      instead: 'Give each level one name',
    }));
    names.set(level, acr);
  }
}

/**
 * The name by which a client asks for a level.
 *
 * @throws ConfigurationError at `client` if its own map has none: Keycloak refuses to save it as default or minimum
 */
export function acrOf(client: IConstruct, prop: string, level: AssuranceLevel, acrMap?: ClientAcrMap): string {
  if (acrMap === undefined) return level.acr;
  const name = Object.keys(acrMap).find((acr) => acrMap[acr] === level);
  insist(client, name !== undefined, () => ({
    value: `${prop} "${level.acr}"`,
    why: "the client's acrMap has no name for it, and it replaces the realm's map",
    instead: `Add a name for the level to acrMap`,
  }));
  return name;
}
