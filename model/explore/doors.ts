import type { Client, RealmModel } from '../realm-model';
import { type PossibleGrant, possibleGrants } from '../simulate/possible-grants';
import type { LoginRequest } from '../simulate/types';
import type { ProofTable } from './proofs';

/** A possible grant as somebody with a browser may go about it. */
export interface Door extends Omit<PossibleGrant, 'request'> {
  readonly request: PossibleGrant['request'] & Pick<LoginRequest, 'midway'>;
  /** Whether it is the authorization request of a browser, with nothing beside the login. */
  readonly browser: boolean;
  /** Whether `kc_action` can be added. */
  readonly startsActions: boolean;
}

/** All ways to tokens of a client that aren't surely shut; those by identity providers that have no proof are left out. */
export function doorsOf(model: RealmModel, client: Client, proofs: ProofTable): Door[] {
  return possibleGrants(model, client)
    .filter(({ request: { broker } }) => broker === undefined || proofs.knows(`identity-provider:${broker}`))
    .flatMap((grant) => {
      const { door } = grant.request;
      return door === 'reset' || door === 'broker' ? [doorOf(grant), midwayOf(grant)] : [doorOf(grant)];
    });
}

function doorOf(possible: PossibleGrant): Door {
  const { door, grant, initiatedByProvider } = possible.request;
  const browser = door === undefined && grant === undefined && !initiatedByProvider;
  return {
    ...possible,
    browser,
    startsActions: grant === undefined && (browser || door === 'reset' || door === 'broker'),
  };
}

/** In the middle of a login, a reset or a login at an identity provider keeps what that has proved. */
function midwayOf(grant: PossibleGrant): Door {
  return { ...doorOf(grant), request: { ...grant.request, midway: true }, usesSession: true };
}

/** The clients whose tokens some other client may exchange: a session with them is worth more. */
export function exchangedClients(model: RealmModel): ReadonlySet<string> {
  return new Set(
    model.clients.flatMap((client) => possibleGrants(model, client).flatMap(({ subjects = [] }) => subjects)),
  );
}
