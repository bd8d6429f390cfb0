import { createHash } from 'node:crypto';
import type { ConformanceCase, ProviderSettings, ResetFlow, TreeNode } from './case';
import { FIRST_LOGIN_TREES, firstLoginAlias, POST_LOGIN_TREES, postLoginAlias } from './realm-provider';

export const GUIDE_FLOW = 'guide';
/** A subflow of it: its levels, without the cookie. */
export const GUIDE_SUBFLOW = 'guide forms';
export const STRONG_FLOW = 'strong';
const RESET_FLOW = 'reset';
/** No two realms of a server share one, and it has at most 36 characters. */
export const flowIdOf = (realm: string, alias: string) =>
  createHash('sha256').update(`${realm} ${alias}`).digest('hex').slice(0, 36);
export const clientIdOf = (index: number) => `app-${index}`;
export const aliasOf = (index: number, letter?: string) => `case ${index}${letter === undefined ? '' : ` ${letter}`}`;
export const directGrantAliasOf = (index: number) => `case ${index} direct grant`;

/** The flows of cases, as Keycloak imports them. */
export class FlowRepresentations {
  readonly flows: object[] = [];
  readonly configs: object[] = [];

  constructor(private readonly realm: string) {
    this.addGuide();
    this.addStrong();
  }

  add({ flow, directGrant }: ConformanceCase, index: number): void {
    this.addTree(aliasOf(index), flow, index, true);
    if (directGrant) this.addTree(directGrantAliasOf(index), directGrant, index, true);
  }

  /** @returns the flow's alias */
  addReset(kind: ResetFlow): string {
    const required = (authenticator: string, config?: Record<string, string>): TreeNode => ({
      requirement: 'REQUIRED',
      authenticator,
      ...(config && { config }),
    });
    const chosen = required('reset-credentials-choose-user');
    const mail = required('reset-credential-email', kind === 'force-login' ? { 'force-login': 'true' } : undefined);
    const password = required('reset-password');
    const level = required('conditional-level-of-authentication', {
      'loa-condition-level': '2',
      'loa-max-age': '36000',
    });
    const nodes: Readonly<Record<ResetFlow, readonly TreeNode[]>> = {
      plain: [chosen, mail, password],
      'force-login': [chosen, mail, password],
      otp: [chosen, mail, password, required('reset-otp')],
      'no-mail': [chosen, password],
      level: [chosen, { requirement: 'CONDITIONAL', subflow: 'level', nodes: [level, mail, password] }],
    };
    this.addTree(RESET_FLOW, nodes[kind], 0, true);
    return RESET_FLOW;
  }

  /** @returns the aliases of its flows */
  addProvider(settings: ProviderSettings): { readonly firstLogin: string; readonly postLogin: string | undefined } {
    const firstLogin = firstLoginAlias(settings);
    const postLogin = postLoginAlias(settings);
    if (settings.firstLogin !== 'built-in') this.addTree(firstLogin, FIRST_LOGIN_TREES[settings.firstLogin], 0, true);
    if (settings.postLogin && postLogin) this.addTree(postLogin, POST_LOGIN_TREES[settings.postLogin], 0, true);
    return { firstLogin, postLogin };
  }

  private addTree(alias: string, nodes: readonly TreeNode[], index: number, topLevel = false): void {
    const executions = nodes.map((node, position) => {
      if ('subflow' in node) {
        const flowAlias = aliasOf(index, node.subflow);
        this.addTree(flowAlias, node.nodes, index);
        return { requirement: node.requirement, authenticatorFlow: true, flowAlias };
      }
      const { requirement, authenticator, config } = node;
      if (!config) return { requirement, authenticator };
      const authenticatorConfig = `${alias} ${position}`;
      this.configs.push({ alias: authenticatorConfig, config: ofCase(config, index) });
      return { requirement, authenticator, authenticatorConfig };
    });
    this.addFlow(alias, executions, topLevel);
  }

  /** The flow of Keycloak's step-up guide. */
  private addGuide(): void {
    this.addFlow(
      GUIDE_FLOW,
      [
        { authenticator: 'auth-cookie', requirement: 'ALTERNATIVE' },
        { flowAlias: GUIDE_SUBFLOW, authenticatorFlow: true, requirement: 'ALTERNATIVE' },
      ],
      true,
    );
    this.addFlow(GUIDE_SUBFLOW, [
      { flowAlias: 'guide 1', authenticatorFlow: true, requirement: 'CONDITIONAL' },
      { flowAlias: 'guide 2', authenticatorFlow: true, requirement: 'CONDITIONAL' },
    ]);
    this.addGuideLevel(1, 'auth-username-password-form');
    this.addGuideLevel(2, 'auth-otp-form');
  }

  private addGuideLevel(level: number, authenticator: string): void {
    const alias = `guide ${level}`;
    this.configs.push({ alias, config: { 'loa-condition-level': String(level), 'loa-max-age': '36000' } });
    this.addFlow(alias, [
      { authenticator: 'conditional-level-of-authentication', requirement: 'REQUIRED', authenticatorConfig: alias },
      { authenticator, requirement: 'REQUIRED' },
    ]);
  }

  private addStrong(): void {
    this.addFlow(
      STRONG_FLOW,
      [
        { authenticator: 'auth-username-password-form', requirement: 'REQUIRED' },
        { authenticator: 'auth-otp-form', requirement: 'REQUIRED' },
      ],
      true,
    );
  }

  private addFlow(alias: string, executions: readonly object[], topLevel = false): void {
    this.flows.push({
      id: flowIdOf(this.realm, alias),
      alias,
      topLevel,
      builtIn: false,
      providerId: 'basic-flow',
      authenticationExecutions: executions.map((each, position) => ({ priority: 10 * (position + 1), ...each })),
    });
  }
}

/** Names of subflows and of the client's roles become those of the case. */
function ofCase(config: Readonly<Record<string, string>>, index: number): Record<string, string> {
  const entries = Object.entries(config).map(([key, value]) => {
    if (key === 'flow_to_check') return [key, aliasOf(index, value)];
    return [key, ROLE_KEYS.has(key) ? roleOfCase(value, index) : value];
  });
  return Object.fromEntries(entries);
}

const ROLE_KEYS = new Set(['condUserRole', 'skipOtpRole', 'forceOtpRole']);

/** `own.reader` is the role `reader` of the case's client. */
export function roleOfCase(role: string, index: number): string {
  return role.replace(/^own\./, `${clientIdOf(index)}.`);
}
