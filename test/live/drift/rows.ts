import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type AuthenticationExecutionInfoRepresentation from '@keycloak/keycloak-admin-client/lib/defs/authenticationExecutionInfoRepresentation';
import type ClientRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientRepresentation';
import { Browser, type LoginRequest, type LoginResult, type TestUser, TotpDevice } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { claimsOf, post } from '../support/grants';
import type { Mailbox } from '../support/mailbox';
import type { Site } from '../support/site';
import { Visitor } from '../support/visitor';

/** What a row does and looks at. */
export interface Hand {
  readonly admin: KeycloakAdminClient;
  readonly site: Site;
  readonly mailbox: Mailbox;
  /** A user with an authenticator app whose password alone is known to the thief. */
  readonly bob: TestUser;
  /** A login by bob's password and nothing else. */
  byPassword(clientId: string, request?: Partial<LoginRequest>): Promise<LoginResult>;
}

/** One change in the console. */
export interface Row {
  readonly changed: string;
  change(hand: Hand): Promise<void>;
  /** What the password alone gets then: it throws, or says something else, if it gets nothing. */
  readonly hostile?: { readonly gets: string; login(hand: Hand): Promise<string> };
  /** What the plan says. */
  readonly plan: 'shown' | 'EMPTY' | 'stopped: flow not as one apply made it';
  /** What `check --against` says, without the generation of names and addresses. */
  readonly says: readonly string[];
  /** Undoes what no command of Terraform undoes. */
  mend?(hand: Hand): Promise<void>;
}

/** What the console calls the subflows of a level and of a scope's rule. */
const GOLD = /level-2\.gold$/;
const RULE = /rule\.?scope-1\.?payments$/;

const NEVER = { attribute_name: 'nobody-has-it', attribute_expected_value: 'never' };
const SCOPE = { scope: ['openid', 'payments'] } as const;

/** The acr that the client with a minimum of gold gives for a password. */
async function entersMinimum({ byPassword }: Hand): Promise<string> {
  const { outcome, acr } = await byPassword('minimum');
  return outcome === 'granted' ? `the client with minimum gold, at ${acr}` : outcome;
}

/** Rules fail closed. */
const ASKED = 'nothing: the OTP is asked for';

async function hasScope({ byPassword }: Hand): Promise<string> {
  const { scope, outcome } = await byPassword('plain', SCOPE);
  if (scope.includes('payments')) return 'scope payments';
  return outcome === 'unanswered' ? ASKED : `nothing: ${outcome}`;
}

export const ROWS: readonly Row[] = [
  {
    changed: "client's own `acr.loa.map` {silver: 1, gold: 1}",
    change: (hand) => changeClient(hand, 'minimum', { attributes: { 'acr.loa.map': '{"silver":1,"gold":1}' } }),
    hostile: { gets: 'the client with minimum gold, at gold', login: entersMinimum },
    plan: 'shown',
    says: ['client minimum: own acr.loa.map is "{"silver":1,"gold":1}", which the stack does not set'],
  },
  {
    changed: "a client's minimum level taken off",
    change: (hand) =>
      changeClient(hand, 'minimum', { attributes: { 'minimum.acr.value': '', 'default.acr.values': '' } }),
    hostile: { gets: 'the client with minimum gold, at silver', login: entersMinimum },
    plan: 'shown',
    says: [
      'client minimum: default.acr.values is empty, not gold',
      'client minimum: minimum.acr.value is not set to "gold"',
    ],
  },
  {
    changed: "a client's own flow: Keycloak's `browser`",
    change: async (hand) => {
      const flows = await hand.admin.authenticationManagement.getFlows({ realm: hand.site.realm });
      const browser = flows.find(({ alias }) => alias === 'browser')?.id as string;
      await changeClient(hand, 'plain', { authenticationFlowBindingOverrides: { browser } });
    },
    hostile: {
      gets: 'scope payments',
      async login(hand) {
        // Keycloak's own flow asks who has an app for it, and nobody else.
        const user = await hand.site.user({ totp: undefined });
        const { scope } = await hand.site.signIn('plain', passwordOf(user), SCOPE);
        return scope.includes('payments') ? 'scope payments' : 'nothing';
      },
    },
    plan: 'shown',
    says: ['client plain: own browser flow is "browser", which the stack does not set'],
  },
  {
    changed: 'client scope `acr` taken off a client',
    change: async ({ admin, site: { realm } }) => {
      const id = await clientId(admin, realm, 'plain');
      const scopes = await admin.clientScopes.find({ realm });
      await admin.clients.delDefaultClientScope({
        realm,
        id,
        clientScopeId: scopes.find(({ name }) => name === 'acr')?.id as string,
      });
    },
    hostile: {
      gets: 'tokens without acr',
      async login({ byPassword }) {
        const { tokens } = await byPassword('plain');
        return 'acr' in claimsOf({ status: 200, ...tokens }) ? 'tokens with acr' : 'tokens without acr';
      },
    },
    plan: 'shown',
    says: [
      'client plain: default scopes is basic, email, profile, roles, web-origins, not acr, basic, email, profile, roles, web-origins',
    ],
  },
  {
    changed: 'PKCE no longer required of a client',
    change: (hand) => changeClient(hand, 'plain', { attributes: { 'pkce.code.challenge.method': '' } }),
    hostile: {
      gets: 'a code without PKCE',
      async login({ site }) {
        const user = await site.user();
        const visitor = new Visitor(site);
        const url = new URL(`${await site.issuer()}/protocol/openid-connect/auth`);
        const request = { client_id: 'plain', response_type: 'code', scope: 'openid', redirect_uri: REDIRECT_URI };
        url.search = new URLSearchParams(request).toString();
        await visitor.open(url);
        await visitor.fill(passwordOf(user));
        return visitor.hasCode ? 'a code without PKCE' : `${visitor.id}`;
      },
    },
    plan: 'shown',
    says: ['client plain: pkce.code.challenge.method is not set to "S256"'],
  },
  {
    changed: 'a condition that is never true, in gold',
    change: (hand) => addStep(hand, GOLD, 'conditional-user-attribute', 'REQUIRED', NEVER),
    hostile: { gets: 'the client with minimum gold, at silver', login: entersMinimum },
    plan: 'EMPTY',
    says: ['level-2.gold: has the step conditional-user-attribute (REQUIRED), which the stack does not declare'],
  },
  {
    changed: "a condition that is never true, in a scope's rule",
    change: (hand) => addStep(hand, RULE, 'conditional-user-attribute', 'REQUIRED', NEVER),
    hostile: { gets: ASKED, login: hasScope },
    plan: 'EMPTY',
    says: ['has the step conditional-user-attribute (REQUIRED), which the stack does not declare'],
  },
  {
    changed: 'a disabled step, in gold',
    change: (hand) => addStep(hand, GOLD, 'allow-access-authenticator', 'DISABLED'),
    plan: 'EMPTY',
    says: [
      'has the step allow-access-authenticator (DISABLED: it does nothing until somebody enables it), which the stack does not declare',
    ],
  },
  {
    changed: 'a subflow with LoA 2 and a password form, before gold',
    change: async (hand) => {
      const { admin, site } = hand;
      const forms = await execution(hand, /forms$/);
      await admin.authenticationManagement.addFlowToFlow({
        realm: site.realm,
        flow: forms.displayName as string,
        alias: 'also gold',
        type: 'basic-flow',
        provider: 'registration-page-form',
        description: '',
      });
      const added = await execution(hand, /^also gold$/);
      await admin.authenticationManagement.updateExecution({ realm: site.realm, flow: await browserFlow(hand) }, {
        ...added,
        requirement: 'CONDITIONAL',
        priority: 11,
      } as never);
      const place = { realm: site.realm, flow: 'also gold' };
      await admin.authenticationManagement.addExecutionToFlow({
        ...place,
        provider: 'conditional-level-of-authentication',
      });
      await admin.authenticationManagement.addExecutionToFlow({ ...place, provider: 'auth-password-form' });
      const steps = await admin.authenticationManagement.getExecutions({
        realm: site.realm,
        flow: await browserFlow(hand),
      });
      const start = steps.findIndex(({ displayName }) => displayName === 'also gold');
      for (const step of steps.slice(start + 1, start + 3)) {
        await admin.authenticationManagement.updateExecution(
          { realm: site.realm, flow: await browserFlow(hand) },
          { ...step, requirement: 'REQUIRED' },
        );
      }
      await admin.authenticationManagement.createConfig({
        realm: site.realm,
        id: steps[start + 1]?.id as string,
        alias: 'also gold',
        config: { 'loa-condition-level': '2', 'loa-max-age': '36000' },
      });
    },
    hostile: {
      gets: 'the client with minimum gold, at gold',
      // Keycloak's discovery document fails where a level stands twice, so the driver, which reads it first, can't be used.
      async login({ site, bob }) {
        const visitor = await new Visitor(site).login('minimum');
        await visitor.fill(passwordOf(bob));
        if (!visitor.left) await visitor.fill({ password: bob.password });
        return visitor.hasCode ? `the client with minimum gold, at ${(await visitor.redeem()).acr}` : `${visitor.id}`;
      },
    },
    plan: 'EMPTY',
    says: ['has the subflow "also gold" (CONDITIONAL), which the stack does not declare'],
  },
  {
    changed: 'the level gold disabled',
    change: (hand) => changeStep(hand, GOLD, { requirement: 'DISABLED' }),
    hostile: { gets: 'the client with minimum gold, at silver', login: entersMinimum },
    plan: 'shown',
    says: ['requirement is "DISABLED", not "CONDITIONAL"'],
  },
  {
    changed: "a scope's rule deleted",
    change: async (hand) => {
      const { id } = await execution(hand, RULE);
      await hand.admin.authenticationManagement.delExecution({ realm: hand.site.realm, id: id as string });
    },
    hostile: { gets: 'nothing: refused', login: hasScope },
    plan: 'stopped: flow not as one apply made it',
    says: ['lacks the subflow'],
  },
  {
    changed: "another scope in a rule's condition",
    change: async (hand) => {
      const { realm } = hand.site;
      const { authenticationConfig: id = '' } = await execution(hand, /^Condition - client scope$/);
      const config = await hand.admin.authenticationManagement.getConfig({ realm, id });
      const changed = { ...config.config, client_scope: 'address' };
      await hand.admin.authenticationManagement.updateConfig({ realm, ...config, config: changed });
    },
    hostile: { gets: 'scope payments', login: hasScope },
    plan: 'shown',
    says: ['client_scope is "address", not "payments"'],
  },
  {
    changed: 'an amr value',
    change: async (hand) => {
      const { realm } = hand.site;
      const { authenticationConfig: id = '' } = await execution(hand, /^Username Password Form$/);
      const config = await hand.admin.authenticationManagement.getConfig({ realm, id });
      await hand.admin.authenticationManagement.updateConfig({
        realm,
        ...config,
        config: { 'default.reference.value': 'hwk', 'default.reference.maxAge': '36000' },
      });
    },
    hostile: {
      gets: 'amr hwk',
      async login({ byPassword }) {
        return `amr ${(await byPassword('plain')).amr}`;
      },
    },
    plan: 'EMPTY',
    says: [],
    mend: async ({ site }) => {
      const [, replace = ''] = /(-replace=\S+)/.exec(await madeAnewBy(site)) ?? [];
      await site.folder.again(replace);
    },
  },
  {
    changed: "the realm's `acr.loa.map` {silver: 1, gold: 1}",
    change: async ({ admin, site: { realm } }) => {
      const { attributes } = (await admin.realms.findOne({ realm })) ?? {};
      await admin.realms.update({ realm }, { attributes: { ...attributes, 'acr.loa.map': '{"silver":1,"gold":1}' } });
    },
    hostile: { gets: 'the client with minimum gold, at gold', login: entersMinimum },
    plan: 'shown',
    says: ['realm: acr.loa.map is "{"silver":1,"gold":1}", not "{"silver":1,"gold":2}"'],
  },
  {
    changed: 'brute force detection switched off',
    change: async ({ admin, site: { realm } }) => admin.realms.update({ realm }, { bruteForceProtected: false }),
    plan: 'shown',
    says: ['realm: brute force detection is false, not true'],
  },
  {
    changed: "the binding of the reset flow: Keycloak's",
    change: async ({ admin, site: { realm } }) =>
      admin.realms.update({ realm }, { resetCredentialsFlow: 'reset credentials' }),
    hostile: {
      gets: 'scope payments, for the mailbox',
      async login({ site, mailbox }) {
        const { username } = await site.user();
        const visitor = await new Visitor(site).login('plain', { scope: 'openid payments' });
        await visitor.follow(/reset-credentials/);
        await visitor.fill({ username });
        await visitor.open(await mailbox.link(`${username}@sandbox.invalid`));
        await visitor.fill({ 'password-new': 'chosen', 'password-confirm': 'chosen' });
        const { scope } = await visitor.redeem();
        return scope.includes('payments') ? 'scope payments, for the mailbox' : 'nothing';
      },
    },
    plan: 'shown',
    says: ['bindings: reset credentials is "reset credentials", not "password-reset'],
  },
  {
    changed: 'a required action that enrols a factor, enabled',
    change: async ({ admin, site: { realm } }) => {
      const place = { realm, alias: 'CONFIGURE_TOTP' };
      const action = await admin.authenticationManagement.getRequiredActionForAlias(place);
      await admin.authenticationManagement.updateRequiredAction(place, { ...action, enabled: true });
    },
    hostile: {
      gets: 'gold, with an app that the thief enrolled',
      async login({ site }) {
        const alice = await site.user({ totp: undefined });
        let device: TotpDevice | undefined;
        const enrolling = {
          ...passwordOf(alice),
          'enrol-otp': (page: { fields: Readonly<Record<string, string>> }) => {
            device = new TotpDevice(page.fields.totpSecret as string);
            return device.next();
          },
        };
        await site.signIn('plain', enrolling, { parameters: { kc_action: 'CONFIGURE_TOTP' } });
        const otp = () => (device as TotpDevice).next();
        const { acr } = await site.signIn(
          'plain',
          { ...passwordOf(alice), otp },
          { acrValues: ['gold'] },
          new Browser(),
        );
        return `${acr}, with an app that the thief enrolled`;
      },
    },
    plan: 'shown',
    says: ['required action CONFIGURE_TOTP: enabled is true, not false'],
  },
  {
    changed: 'the client policy that rejects the password grant removed from the list, and the grant switched on',
    change: async (hand) => {
      const { admin, site } = hand;
      await admin.clientPolicies.updatePolicy({ realm: site.realm, policies: [] });
      await changeClient(hand, 'plain', { directAccessGrantsEnabled: true });
    },
    hostile: {
      gets: 'scope payments, by the password grant',
      async login({ site }) {
        // Keycloak's own flow asks who has an app for it, and nobody else.
        const { username, password } = await site.user({ totp: undefined });
        const fields = { grant_type: 'password', client_id: 'plain', username, password, scope: 'openid payments' };
        const { scope = '' } = await post(site, 'token', fields);
        return scope.includes('payments') ? 'scope payments, by the password grant' : 'nothing';
      },
    },
    plan: 'shown',
    says: ['client plain: grant password is true, not false', 'client policy no-password-grant: is gone'],
  },
  {
    changed: "somebody else's client policy: any client to Keycloak's `browser`",
    change: ({ admin, site: { realm } }) => enforceFlow(admin, realm, 'browser'),
    hostile: {
      gets: 'scope payments',
      async login(hand) {
        const user = await hand.site.user({ totp: undefined });
        const { scope } = await hand.site.signIn('plain', passwordOf(user), SCOPE);
        return scope.includes('payments') ? 'scope payments' : 'nothing';
      },
    },
    plan: 'EMPTY',
    says: [
      'client policy theirs: is not of this stack and sends the logins that it matches through the flow "browser"',
    ],
    async mend({ admin, site: { realm } }) {
      const { policies = [] } = await admin.clientPolicies.listPolicies({ realm });
      await admin.clientPolicies.updatePolicy({ realm, policies: policies.filter(({ name }) => name !== 'theirs') });
    },
  },
  {
    changed: 'a client that is not of the stack uses its flow',
    change: async (hand) => {
      const { admin, site } = hand;
      const flows = await admin.authenticationManagement.getFlows({ realm: site.realm });
      const alias = await browserFlow(hand);
      const browser = flows.find((flow) => flow.alias === alias)?.id as string;
      await admin.clients.create({
        realm: site.realm,
        clientId: 'theirs',
        authenticationFlowBindingOverrides: { browser },
      });
    },
    plan: 'EMPTY',
    says: [
      'client theirs: is not of this stack and uses its flow "step-up": the next change of the flow takes it apart under the client',
    ],
    async mend({ admin, site: { realm } }) {
      await admin.clients.del({ realm, id: await clientId(admin, realm, 'theirs') });
    },
  },
  {
    changed: 'a flow left over of an apply that broke off',
    change: async (hand) => {
      const { admin, site } = hand;
      const alias = (await browserFlow(hand)).replace(/\d{14}$/, '20200101000000');
      await admin.authenticationManagement.copyFlow({
        realm: site.realm,
        flow: await browserFlow(hand),
        newName: alias,
      });
    },
    plan: 'EMPTY',
    says: ['is left over of an apply that broke off: nothing uses it'],
    async mend({ admin, site: { realm } }) {
      const flows = await admin.authenticationManagement.getFlows({ realm });
      const left = flows.find(({ alias }) => alias?.endsWith('-20200101000000'));
      await admin.authenticationManagement.deleteFlow({ realm, flowId: left?.id as string });
    },
  },
];

/** The command that makes the browser flow anew. */
async function madeAnewBy({ folder }: Site): Promise<string> {
  const flow = (await folder.declared()).flows.find(({ alias }) => alias.startsWith('step-up-'));
  return `terraform apply -replace=${flow?.madeAnewBy}`;
}

export function passwordOf({ username, password }: TestUser) {
  return { username, password };
}

async function clientId(admin: KeycloakAdminClient, realm: string, name: string): Promise<string> {
  const [client] = await admin.clients.find({ realm, clientId: name });
  return client?.id as string;
}

async function changeClient(
  { admin, site: { realm } }: Hand,
  name: string,
  change: ClientRepresentation,
): Promise<void> {
  const [client] = await admin.clients.find({ realm, clientId: name });
  const attributes = { ...client?.attributes, ...change.attributes };
  await admin.clients.update({ realm, id: client?.id as string }, { ...client, ...change, attributes });
}

/** The alias of the flow that is bound. */
async function browserFlow({ admin, site: { realm } }: Hand): Promise<string> {
  return (await admin.realms.findOne({ realm }))?.browserFlow as string;
}

/** An execution of the bound flow by what the console calls it. */
async function execution(hand: Hand, name: RegExp): Promise<AuthenticationExecutionInfoRepresentation> {
  const place = { realm: hand.site.realm, flow: await browserFlow(hand) };
  const all = await hand.admin.authenticationManagement.getExecutions(place);
  const found = all.find(({ displayName = '' }) => name.test(displayName));
  if (!found) throw new Error(`No ${name} among ${all.map(({ displayName }) => displayName).join(', ')}`);
  return found;
}

async function changeStep(hand: Hand, name: RegExp, change: { readonly requirement: string }): Promise<void> {
  const place = { realm: hand.site.realm, flow: await browserFlow(hand) };
  await hand.admin.authenticationManagement.updateExecution(place, { ...(await execution(hand, name)), ...change });
}

async function addStep(
  hand: Hand,
  subflow: RegExp,
  provider: string,
  requirement: string,
  config?: Record<string, string>,
): Promise<void> {
  const { admin, site } = hand;
  const { displayName: flow = '' } = await execution(hand, subflow);
  await admin.authenticationManagement.addExecutionToFlow({ realm: site.realm, flow, provider });
  const all = await admin.authenticationManagement.getExecutions({ realm: site.realm, flow });
  const added = all.findLast(({ providerId }) => providerId === provider);
  await admin.authenticationManagement.updateExecution({ realm: site.realm, flow }, { ...added, requirement });
  if (!config) return;
  await admin.authenticationManagement.createConfig({
    realm: site.realm,
    id: added?.id as string,
    alias: provider,
    config,
  });
}

async function enforceFlow(admin: KeycloakAdminClient, realm: string, alias: string): Promise<void> {
  const { profiles = [] } = await admin.clientPolicies.listProfiles({ realm });
  const configuration = { 'auth-flow-alias': alias, 'auth-flow-loa': '1' };
  const theirs = { name: 'theirs', executors: [{ executor: 'auth-flow-enforcer', configuration }] };
  await admin.clientPolicies.createProfiles({ realm, profiles: [...profiles, theirs] });
  const { policies = [] } = await admin.clientPolicies.listPolicies({ realm });
  const policy = {
    name: 'theirs',
    enabled: true,
    profiles: ['theirs'],
    conditions: [{ condition: 'any-client', configuration: {} }],
  };
  await admin.clientPolicies.updatePolicy({ realm, policies: [...policies, policy] });
}
