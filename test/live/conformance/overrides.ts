import type { ConformanceCase, SecondClientSettings } from './case';
import { samlClientIdOf, secondClientIdOf } from './client-ids';
import { aliasOf, clientIdOf, directGrantAliasOf, flowIdOf, GUIDE_SUBFLOW, STRONG_FLOW } from './realm-flows';

/** The flows that a client uses in place of the realm's, by the ids of the import. */
export type Overrides = Readonly<Partial<Record<'browser' | 'direct_grant', string>>>;

/** What the clients of a case override, by client. */
export function overridesOf(
  { second, saml, directGrant }: ConformanceCase,
  index: number,
  realm: string,
): ReadonlyMap<string, Overrides> {
  const own = flowIdOf(realm, aliasOf(index));
  const flows: Readonly<Record<SecondClientSettings['flow'], string | undefined>> = {
    own,
    realm: undefined,
    strong: flowIdOf(realm, STRONG_FLOW),
    subflow: flowIdOf(realm, GUIDE_SUBFLOW),
  };
  const by = (flow: SecondClientSettings['flow'] | undefined): Overrides => {
    const browser = flow && flows[flow];
    return browser === undefined ? {} : { browser };
  };
  return new Map([
    [
      clientIdOf(index),
      { browser: own, ...(directGrant && { direct_grant: flowIdOf(realm, directGrantAliasOf(index)) }) },
    ],
    [secondClientIdOf(index), by(second?.flow)],
    [samlClientIdOf(index), by(saml?.flow)],
  ]);
}
