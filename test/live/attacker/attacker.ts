import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival, LiveLogin, LivePage } from '../conformance/driver';
import { beginning, type Place, post, redeem, type TokenAnswer } from '../conformance/perform';
import { actionUrl } from '../moves/support/action-url';
import type { Mailbox } from '../moves/support/mailbox';
import { type Filled, type Knowledge, pageId } from './knowledge';
import type { Move, OpenedRequest } from './move';
import type { Gain } from './oracle';

/** A login that waits in a tab. */
export interface Tab {
  readonly browser: number;
  readonly clientId: string;
  readonly action?: string;
  page: LivePage;
  before?: LivePage;
  /** Whether it has come to where a forgotten password is set anew: past the mail, if there is one. */
  inReset: boolean;
  whose?: 'user' | 'own';
}

interface Device {
  readonly clientId: string;
  readonly code: string;
}

/** Somebody who knows some things of an account and stands before the server with some browsers. */
export class Attacker {
  readonly tabs: Tab[] = [];
  readonly tokens: { readonly clientId: string; readonly refreshToken: string }[] = [];
  readonly devices: Device[] = [];
  private readonly owners = new Map<number, 'user' | 'own'>();

  /** @param session a browser of the user's, with a session, if the attacker holds one */
  constructor(
    private readonly place: Place,
    readonly knowledge: Knowledge,
    private readonly mailbox: Mailbox,
    private readonly credentialId: (type: string) => Promise<string | undefined>,
    readonly browsers: readonly LiveLogin[],
    session: number | undefined,
    /** Whether “Forgot password?” asks for no mail. */
    private readonly resetsWithoutMail: boolean,
  ) {
    if (session !== undefined) this.owners.set(session, 'user');
  }

  /** @returns what was had by it; nothing if the move can't be made */
  async make(move: Move): Promise<readonly Gain[]> {
    switch (move.does) {
      case 'open':
        return this.open(move.browser, move.request);
      case 'answer':
      case 'answer again':
        return this.answer(move);
      case 'wait':
        await sleep(move.seconds * 1000);
        return [];
      case 'forget cookie':
        await this.browser(move.browser).forget(move.cookie, new URL(`${this.place.url}/realms/${this.place.realm}/`));
        return [];
      case 'open mail':
        return this.openMail(move.browser);
      case 'refresh':
        return this.refresh(move.token);
      case 'password grant': {
        const fields = this.knowledge.grantFields(move.choice);
        const grant = { grant_type: 'password', client_id: move.clientId, scope: move.scope.join(' '), ...fields };
        return fields ? this.gained(move.clientId, await post(this.place, 'token', grant)) : [];
      }
      case 'device':
        return this.startDevice(move.browser, move.clientId, move.scope);
      case 'poll':
        return this.poll(move.device);
      default:
        return this.inTab(move);
    }
  }

  private async open(browser: number, request: OpenedRequest): Promise<readonly Gain[]> {
    const { clientId, headers = {} } = request;
    const [alias, type] = request.action?.split(':') ?? [];
    const action = type === undefined ? alias : `${alias}:${await this.credentialId(type)}`;
    const url = beginning(this.place, { ...request, ...(action !== undefined && { action }) });
    const arrival = await this.browser(browser).open(url, { headers: { ...headers } });
    const tab = { browser, clientId, ...(request.action !== undefined && { action: request.action }), inReset: false };
    return this.arrive(arrival, tab);
  }

  private async answer({ tab: index, choice, does }: Extract<Move, { choice: unknown; tab: unknown }>) {
    const tab = this.tabs[index];
    const page = does === 'answer' ? tab?.page : tab?.before;
    if (!tab || !page) return [];
    const filled = this.knowledge.fill(page, choice, tab.inReset);
    if (!filled) return [];
    if (filled.whose) tab.whose = filled.whose;
    const body = new URLSearchParams(filled.values);
    const arrival = await this.browser(tab.browser).open(filled.action, { method: 'POST', body });
    const done = this.did(filled, tab, page, arrival);
    return [...done, ...(await this.arrive(arrival, tab))];
  }

  /** A form that Keycloak has taken leads on. */
  private did({ does, learn }: Filled, tab: Tab, page: LivePage, arrival: Arrival): Gain[] {
    const failed = 'page' in arrival && (arrival.page.kind === 'error' || pageId(arrival.page) === pageId(page));
    if (failed || does === undefined) return [];
    learn?.();
    const name = does === 'delete_credential' && tab.action !== undefined ? tab.action : does;
    return (tab.whose ?? this.owners.get(tab.browser)) === 'user' ? [{ kind: 'action', name }] : [];
  }

  private async inTab(move: Extract<Move, { does: 'cancel' | 'try another way' | 'restart' | 'reload' | 'go to' }>) {
    const tab = this.tabs[move.tab];
    if (!tab) return [];
    const browser = this.browser(tab.browser);
    const { page } = tab;
    // Such a page has no form that would take it.
    if (page.kind !== 'form' && (move.does === 'cancel' || move.does === 'try another way')) return [];
    switch (move.does) {
      case 'cancel':
        return this.arrive(await browser.cancel(page, {}), tab);
      case 'try another way':
        return this.arrive(await browser.choose(page, move.index, {}), tab);
      case 'restart':
        tab.inReset = false;
        return this.arrive(await browser.restart(page, {}, move.keeping), tab);
      case 'reload':
        return this.arrive(await browser.open(page.url), tab);
      case 'go to':
        tab.inReset = move.door === 'reset-credentials' && this.resetsWithoutMail;
        return this.arrive(await browser.open(actionUrl(page, move.door)), tab);
    }
  }

  private async openMail(browser: number): Promise<readonly Gain[]> {
    for (const address of this.knowledge.addresses) {
      const link = this.mailbox.newestLinkTo(address);
      if (!link) continue;
      const clientId = link.searchParams.get('client_id') ?? '';
      return this.arrive(await this.browser(browser).open(link), { browser, clientId, inReset: true, whose: 'user' });
    }
    return [];
  }

  private async refresh(index: number): Promise<readonly Gain[]> {
    const token = this.tokens[index];
    if (!token) return [];
    const fields = { grant_type: 'refresh_token', client_id: token.clientId, refresh_token: token.refreshToken };
    return this.gained(token.clientId, await post(this.place, 'token', fields));
  }

  private async startDevice(browser: number, clientId: string, scope: readonly string[]): Promise<readonly Gain[]> {
    const device = await post(this.place, 'auth/device', { client_id: clientId, scope: scope.join(' ') });
    if (device.error !== undefined) return [];
    this.devices.push({ clientId, code: device.device_code as string });
    const verification = new URL(device.verification_uri_complete as string);
    return this.arrive(await this.browser(browser).open(verification), { browser, clientId, inReset: false });
  }

  private async poll(index: number): Promise<readonly Gain[]> {
    const device = this.devices[index];
    if (!device) return [];
    const { clientId } = device;
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const fields = { grant_type, device_code: device.code, client_id: clientId };
    return this.gained(clientId, await post(this.place, 'token', fields));
  }

  /** A login shows its next page in its tab, or ends. */
  private async arrive(arrival: Arrival, tab: Omit<Tab, 'page'> & { page?: LivePage }): Promise<readonly Gain[]> {
    const at = this.tabs.indexOf(tab as Tab);
    if ('page' in arrival) {
      if (at >= 0) Object.assign(tab, { before: tab.page, page: arrival.page });
      else this.tabs.push({ ...tab, page: arrival.page });
      return [];
    }
    if (at >= 0) this.tabs.splice(at, 1);
    if (arrival.redirect.searchParams.get('code') === null) return [];
    return this.gained(tab.clientId, await redeem(this.place, tab.clientId, arrival.redirect), tab.browser);
  }

  private gained(clientId: string, answer: TokenAnswer, browser?: number): readonly Gain[] {
    if (answer.access_token === undefined) return [];
    if (typeof answer.refresh_token === 'string') this.tokens.push({ clientId, refreshToken: answer.refresh_token });
    const access = claimsOf(answer.access_token);
    const claims = [access, ...(answer.id_token === undefined ? [] : [claimsOf(answer.id_token)])];
    if (browser !== undefined) {
      this.owners.set(browser, access.preferred_username === this.knowledge.username ? 'user' : 'own');
    }
    return [
      {
        kind: 'token',
        clientId,
        acrs: claims.flatMap(({ acr }) => acr ?? []),
        scopes: (answer.scope ?? '').split(' '),
        roles: [
          ...(access.realm_access?.roles ?? []),
          ...Object.entries(access.resource_access ?? {}).flatMap(([client, { roles }]) =>
            roles.map((role) => `${client}.${role}`),
          ),
        ],
      },
    ];
  }

  private browser(index: number): LiveLogin {
    return this.browsers[index % this.browsers.length] as LiveLogin;
  }
}

interface Claims {
  readonly acr?: string;
  readonly preferred_username?: string;
  readonly realm_access?: { readonly roles: readonly string[] };
  readonly resource_access?: Readonly<Record<string, { readonly roles: readonly string[] }>>;
}

function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
