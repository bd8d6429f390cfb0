import { setTimeout as sleep } from 'node:timers/promises';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { Client, LoginRequest, RealmModel, Session, SimulatedUser } from '../../../model';
import { AVAILABLE_SINCE, lackingIn } from '../../../model/keycloak/available-since';
import { compareVersions, PINNED_VERSION } from '../../../model/keycloak/versions';
import { configuredLevels } from '../../../model/simulate/acr-store';
import { boundFlow } from '../../../model/simulate/choose-flow';
import { acrLoaMap } from '../../../model/simulate/requested-level';
import { OTP_SECRET } from '../../checks/support/representation';
import { importRealm } from '../checks/import-realm';
import type { Move } from '../conformance/case';
import { compareLogin } from '../conformance/compare';
import { LiveLogin } from '../conformance/driver';
import { setClient, setLevelAges } from './live-changes';

/** What happens in one realm, in order: one user, bob, at one browser. */
export interface Scenario {
  readonly name: string;
  readonly model: RealmModel;
  readonly steps: readonly Step[];
  /** First release in which logins come to this; older ones have other tests of it. @default all that have what the realm uses */
  readonly since?: string;
}

/** Whether a release has what the scenario is about. */
export function isThere({ model, steps, since }: Scenario, version: string): boolean {
  if (since !== undefined && compareVersions(version, since) < 0) return false;
  const models = [model, ...steps.flatMap((step) => (step.kind === 'client' ? [withClient(model, step.change)] : []))];
  if (models.some((each) => lackingIn(each, version).length > 0)) return false;
  const lacks = (id: string) =>
    AVAILABLE_SINCE.some((each) => each.id === id && compareVersions(version, each.since) < 0);
  const text = JSON.stringify(steps);
  return !(text.includes('RECOVERY_AUTHN_CODES') && lacks('auth-recovery-authn-code-form'));
}

export type Step =
  | {
      readonly kind: 'login';
      readonly request: Omit<LoginRequest, 'clientId'>;
      readonly moves: readonly Move[];
      /** Pages and the end. */
      readonly sees: string;
    }
  | { readonly kind: 'wait'; readonly seconds: number }
  /** The browser loses a cookie. */
  | { readonly kind: 'forget'; readonly cookie: string }
  /** Somebody changes the client `app`; Keycloak may refuse to save that. */
  | { readonly kind: 'client'; readonly change: Partial<Client>; readonly sees: 'saved' | 'refused' }
  /** Somebody changes the max ages of the levels of the flow, level 1 first. */
  | { readonly kind: 'ages'; readonly ages: readonly number[]; readonly change: (model: RealmModel) => RealmModel };

export const login = (request: Omit<LoginRequest, 'clientId'>, sees: string, ...moves: Move[]): Step => ({
  kind: 'login',
  request,
  sees,
  moves,
});
export const wait = (seconds: number): Step => ({ kind: 'wait', seconds });
export const forget = (cookie: string): Step => ({ kind: 'forget', cookie });
export const save = (change: Partial<Client>): Step => ({ kind: 'client', change, sees: 'saved' });
export const refuse = (change: Partial<Client>): Step => ({ kind: 'client', change, sees: 'refused' });

/** What the steps that are seen came to. */
export interface Seen {
  readonly expected: readonly string[];
  readonly simulated: readonly string[];
  readonly live: readonly string[];
}

/** Plays a scenario on the simulator and on a live realm. */
export async function play(
  url: string,
  admin: KeycloakAdminClient,
  realm: string,
  scenario: Scenario,
  keycloakVersion = PINNED_VERSION,
): Promise<Seen> {
  await importRealm(admin, realm, scenario.model);
  const browser = new LiveLogin('bob', OTP_SECRET);
  let model: RealmModel = { ...scenario.model, keycloakVersion };
  let session: Session | undefined;
  let user: SimulatedUser = { credentials: ['password', 'otp'] };
  const seen: Record<keyof Seen, string[]> = { expected: [], simulated: [], live: [] };
  for (const step of scenario.steps) {
    switch (step.kind) {
      case 'login': {
        const request = { clientId: 'app', ...step.request };
        const attempt = {
          request,
          live: await withCredentialId(admin, realm, request),
          moves: step.moves,
          user,
          session,
          now: Math.floor(Date.now() / 1000),
          browser,
        };
        const { result, simulated, live } = await compareLogin({ url, realm, model }, attempt);
        ({ session, user } = result);
        seen.expected.push(step.sees);
        seen.simulated.push(simulated);
        seen.live.push(live);
        if (step.request.action === 'delete_credential:otp' && live.includes('delete_credential'))
          browser.forgetDevice();
        break;
      }
      case 'wait':
        await sleep(step.seconds * 1000);
        break;
      case 'forget':
        await browser.forget(step.cookie, new URL(`${url}/realms/${realm}/`));
        break;
      case 'client': {
        const changed = withClient(model, step.change);
        seen.expected.push(step.sees);
        seen.simulated.push(wouldBeSaved(changed) ? 'saved' : 'refused');
        seen.live.push(await setClient(admin, realm, 'app', step.change));
        if (step.sees === 'saved') model = changed;
        break;
      }
      case 'ages':
        await setLevelAges(admin, realm, step.ages);
        model = step.change(model);
        break;
    }
  }
  return seen;
}

/** A deletion names the credential by its type in the simulator, by its id in Keycloak: the last one of the type. */
async function withCredentialId(
  admin: KeycloakAdminClient,
  realm: string,
  { action }: LoginRequest,
): Promise<Partial<LoginRequest>> {
  const [alias, type] = action?.split(':') ?? [];
  if (type === undefined) return {};
  const [bob] = await admin.users.find({ realm, username: 'bob', exact: true });
  const credentials = await admin.users.getCredentials({ realm, id: bob?.id as string });
  return { action: `${alias}:${credentials.findLast((credential) => credential.type === type)?.id}` };
}

function withClient(model: RealmModel, change: Partial<Client>): RealmModel {
  return {
    ...model,
    clients: model.clients.map((client) => (client.clientId === 'app' ? { ...client, ...change } : client)),
  };
}

/** Whether the map that counts for the client, or a level of the realm's flow, has each acr. */
function wouldBeSaved(model: RealmModel): boolean {
  const app = model.clients.find(({ clientId }) => clientId === 'app') as Client;
  const { minimumAcr, defaultAcrValues } = app;
  const named = [...(defaultAcrValues as string[]), ...(minimumAcr === undefined ? [] : [minimumAcr as string])];
  const known = [
    ...acrLoaMap(model, app).levels.map(({ acr }) => acr),
    ...configuredLevels(boundFlow(model, 'browser')).map(String),
  ];
  return named.every((acr) => known.includes(acr));
}
