import type { Client, RealmModel } from '../realm-model';
import { type PossibleGrant, possibleGrants } from '../simulate/possible-grants';
import type { LoginRequest } from '../simulate/types';
import type { ProofTable } from './proofs';

/** A way to tokens of a client. */
export interface Door {
  readonly request: Pick<LoginRequest, 'grant' | 'door' | 'broker' | 'midway' | 'initiatedByProvider'>;
  /** Whether it is the authorization request of a browser, with nothing beside the login. */
  readonly browser: boolean;
  /** Whether `kc_action` can be added. */
  readonly startsActions: boolean;
  /** Whether what is asked for in acr can make a difference. */
  readonly asksForLevels: boolean;
  /** Whether a session in the browser can make a difference. */
  readonly usesSession: boolean;
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

function doorOf({ request, asksForLevels, usesSession }: PossibleGrant): Door {
  const { door, grant, initiatedByProvider } = request;
  const browser = door === undefined && grant === undefined && !initiatedByProvider;
  return {
    request,
    browser,
    startsActions: grant === undefined && (browser || door === 'reset' || door === 'broker'),
    asksForLevels,
    usesSession,
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
