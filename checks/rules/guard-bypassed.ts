import type { GoalExplanation, Way } from '../../model';
import { guardText } from '../guard';
import type { Location, Rule } from '../rule';
import { type ExploredGuard, exploredGuards } from '../support/explored-guards';
import type { GuardedThing } from '../support/guards';
import { type Inspection, locate } from '../support/inspection';
import { REALM, realmMap } from '../support/levels';
import { guide, source } from '../support/sources';
import { witnessText } from '../support/witness-text';

export const guardBypassed: Rule = {
  id: 'guard-bypassed',
  code: 'SU901',
  level: 'error',
  summary: 'Something that is guarded by a level is had for less.',
  cause:
    'A browser flow guards the logins that run through it. Other doors end in tokens as well: the reset of a password, self-registration, identity providers, flows of ' +
    'other clients in one session, grants without a browser, a login that is begun anew. What is guarded is every acr of the realm, the tokens of a client with a minimum acr, ' +
    'scopes that the browser flow asks a proof for, and what is said by --guard or noted by a construct.',
  attack: [
    'The witness of the finding is what the attacker does, step by step.',
    'It ends with a token that holds what was guarded, and less was proved than the level takes.',
  ],
  remedy:
    'Close the door that the witness goes through, or ask for the proof there too: a reset that ends without tokens (force-login), a post login flow for the identity provider, the ' +
    'rule in the flow of that client, the grant switched off.',
  sources: [guide('Creating a browser login flow with step-up mechanism'), source('AuthenticationFlowResolver')],
  inspect(inspection) {
    const map = realmMap(inspection);
    if (!map) return;
    for (const { level } of inspection.guards) {
      if (map.levels.some(({ acr }) => acr === level)) continue;
      inspection.cannotTell(REALM, `a guard names the level "${level}", which the acr map of the realm lacks`);
    }
    for (const explored of exploredGuards(inspection)) inspectThing(inspection, explored);
  },
};

function inspectThing(inspection: Inspection, { thing, explained }: ExploredGuard): void {
  const groups = new Map<string, { readonly ways: readonly Way[]; readonly of: GoalExplanation[] }>();
  for (const { of, bypasses: ways } of explained) {
    if (ways.length === 0) continue;
    const key = JSON.stringify(ways.map(({ proofs, when }) => [proofs, when]));
    const group = groups.get(key) ?? { ways, of: [] };
    group.of.push(of);
    groups.set(key, group);
  }
  for (const { ways, of } of groups.values()) {
    for (const at of placesOf(inspection, of, explained.length)) report(inspection, thing, at, ways);
  }
  const because = [...new Set(explained.flatMap(({ of }) => of.cannotTell))];
  if (groups.size === 0 && because.length > 0) {
    inspection.cannotTell({ path: placeOf(thing) }, because.join('; '));
  }
}

function placeOf({ guard }: GuardedThing): string {
  return guard.clientId === undefined ? 'realm' : `client ${guard.clientId}`;
}

/** The clients, or the realm if each of them has it. */
function placesOf({ model }: Inspection, of: readonly GoalExplanation[], all: number): Location[] {
  if (of.length === all && all > 1) return [{ path: 'realm' }];
  return of.map(({ clientId }) => {
    const client = model.clients.find((each) => each.clientId === clientId);
    return client ? locate(`client ${clientId}`, client) : { path: 'realm' };
  });
}

function report(inspection: Inspection, thing: GuardedThing, at: Location, ways: readonly Way[]): void {
  const [way] = ways as [Way, ...Way[]];
  const needed = thing
    .proofs([])
    .map((set) => [...set].join(' and '))
    .join(', or ');
  inspection.found(at, {
    what: `${guardText(thing.guard)} is had for ${ways.map(setText).join(' or ')}; ${thing.by} takes ${needed}`,
    gain: witnessText(way),
    instead: remedyOf(way),
  });
}

function setText({ proofs, when }: Way): string {
  const facts = when.length > 0 ? ` (${when.join(', ')})` : '';
  return `{${proofs.join(', ')}}${facts}`;
}

function remedyOf({ witness }: Way): string {
  const doors = new Set(witness.map(({ by }) => by));
  if (doors.has('reset'))
    return 'End the reset without tokens (force-login: true on reset-credential-email), and let it reset nothing but the password';
  if (doors.has('registration')) return 'Switch self-registration off, or end it without tokens';
  if (doors.has('broker'))
    return 'Give the identity provider a post login flow with the levels and rules of the browser flow';
  if (doors.has('restart'))
    return 'Ask for the proof in the flow that is bound, as a client policy is forgotten when a login begins anew';
  if (doors.has('provider-initiated'))
    return 'Take the name for IdP-initiated logins (saml_idp_initiated_sso_url_name) from the client: they ask for no class; or give it a flow that asks for the proof every time';
  if (doors.has('saml-ecp')) return 'Switch ECP (saml.allow.ecp.flow) off for the client';
  const grant = [...doors].find((door) => door !== undefined);
  if (grant !== undefined) return `Switch the grant ${grant} off for the client`;
  return 'Ask for the proof wherever the witness comes by';
}
