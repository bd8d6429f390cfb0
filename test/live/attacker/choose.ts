import { isUnknown, type RealmModel } from '../../../model/realm-model';
import { acrLoaMap } from '../../../model/simulate/requested-level';
import { HEADER } from '../conformance/case';
import type { Attacker } from './attacker';
import { type Choice, pageId } from './knowledge';
import type { Move, OpenedRequest } from './move';
import type { Dice } from './random';

const COOKIES = ['AUTH_SESSION_ID', 'KC_RESTART', 'KEYCLOAK_IDENTITY', 'KEYCLOAK_SESSION'];
const ACTIONS = [
  'CONFIGURE_TOTP',
  'UPDATE_PASSWORD',
  'CONFIGURE_RECOVERY_AUTHN_CODES',
  'UPDATE_PROFILE',
  'UPDATE_EMAIL',
  'delete_credential:otp',
];
/** More logins than this wait for nothing. */
const MOST_TABS = 4;

/** Chooses what an attacker does next: mostly to go on with a login, sometimes anything else. */
export class Chooser {
  private readonly clientIds: readonly string[];

  constructor(
    private readonly model: RealmModel,
    private readonly dice: Dice,
    /** Whether headers are sent that the realm may trust. */
    private readonly withHeaders: boolean,
  ) {
    this.clientIds = model.clients.filter(({ builtIn }) => !builtIn).map(({ clientId }) => clientId);
  }

  next({ tabs, tokens, devices, browsers }: Attacker): Move {
    const { dice } = this;
    const browser = Math.floor(dice.next() * browsers.length);
    const tab = Math.floor(dice.next() * tabs.length);
    const waiting = tabs[tab];
    const open: Move = { does: 'open', browser, request: this.request() };
    if (!waiting) return dice.chance(85) ? open : this.beside(browser, tokens.length, devices.length);
    const { kind } = waiting.page;
    if (kind === 'error' || dice.chance(12)) return tabs.length < MOST_TABS ? open : { does: 'reload', tab };
    if (pageId(waiting.page).startsWith('login-info') || dice.chance(8)) {
      return this.beside(browser, tokens.length, devices.length);
    }
    if (dice.chance(70)) return { does: 'answer', tab, choice: this.choice() };
    const others: readonly Move[] = [
      { does: 'restart', tab, keeping: dice.chance(70) },
      { does: 'try another way', tab, index: Math.floor(dice.next() * 3) },
      { does: 'go to', tab, door: dice.chance(70) ? 'reset-credentials' : 'registration' },
      { does: 'go to', tab, door: 'reset-credentials' },
      { does: 'cancel', tab },
      { does: 'reload', tab },
      { does: 'answer again', tab, choice: this.choice() },
      { does: 'forget cookie', browser, cookie: dice.pick(COOKIES) ?? '' },
      { does: 'open mail', browser },
    ];
    return dice.pick(others) as Move;
  }

  private beside(browser: number, tokens: number, devices: number): Move {
    const { dice } = this;
    const clientId = dice.pick(this.clientIds) ?? '';
    const scope = this.scope(clientId);
    const others: readonly Move[] = [
      { does: 'open mail', browser },
      { does: 'open mail', browser },
      { does: 'password grant', clientId, scope, choice: this.choice() },
      { does: 'device', browser, clientId, scope },
      { does: 'wait', seconds: 1.2 },
      { does: 'forget cookie', browser, cookie: dice.pick(COOKIES) ?? '' },
      ...(tokens > 0 ? [{ does: 'refresh', token: Math.floor(dice.next() * tokens) } as const] : []),
      ...(devices > 0 ? [{ does: 'poll', device: devices - 1 } as const] : []),
    ];
    return dice.pick(others) as Move;
  }

  private choice(): Choice {
    const { dice } = this;
    const change = dice.pick(['email', 'skip', 'force', undefined] as const);
    return { device: [Math.floor(dice.next() * 3), Math.floor(dice.next() * 3)], ...(change && { change }) };
  }

  private request(): OpenedRequest {
    const { dice } = this;
    const clientId = dice.pick(this.clientIds) ?? '';
    const acrs = this.acrs(clientId);
    const value = dice.pick(acrs) ?? '1';
    const kind = dice.pick(['none', 'values', 'values', 'essential', 'several'] as const);
    const prompt = dice.chance(15) ? dice.pick(['none', 'login', 'consent'] as const) : undefined;
    return {
      clientId,
      ...(kind === 'values' && { acrValues: [value] }),
      ...(kind === 'several' && { acrValues: [value, dice.pick([...acrs, '0']) ?? '0'] }),
      ...(kind === 'essential' && { acrClaim: { essential: true, values: [value] } }),
      scope: this.scope(clientId),
      ...(prompt && { prompt: [prompt] }),
      ...(dice.chance(10) && { maxAge: dice.pick([0, 1, 10_000]) }),
      ...(dice.chance(20) && { action: dice.pick(ACTIONS) }),
      ...(this.withHeaders && dice.chance(50) && { headers: { [HEADER]: dice.pick(['inside', 'outside']) ?? '' } }),
    };
  }

  private scope(clientId: string): string[] {
    const client = this.model.clients.find((each) => each.clientId === clientId);
    const optional = !client || isUnknown(client.optionalScopes) ? [] : client.optionalScopes;
    return ['openid', ...this.dice.some(optional, 40)];
  }

  private acrs(clientId: string): string[] {
    const client = this.model.clients.find((each) => each.clientId === clientId);
    return client ? acrLoaMap(this.model, client).levels.map(({ acr }) => acr) : [];
  }
}
