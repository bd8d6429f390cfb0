import { ProofFlow, StepUpClientScope, StepUpFlow } from '../../../lib';
import type { Mailbox } from '../support/mailbox';
import type { SiteParts } from '../support/site';

const ESSENTIAL = JSON.stringify({ id_token: { acr: { essential: true, values: ['gold'] } } });

/** What gold guards there, by the client and the request that ask for it. */
export const GUARDED: readonly (readonly [what: string, client: string, request: Readonly<Record<string, string>>])[] =
  [
    ['a scope', 'plain', { scope: 'openid payments' }],
    ['a client with a minimum level', 'minimum', {}],
    ['an essential acr', 'plain', { claims: ESSENTIAL }],
    ['a client with a flow of its own', 'proved', {}],
  ];

/** Builds a site in which gold guards all of {@link GUARDED}, and whose mails come to the mailbox. */
export const guardedSite =
  (mailbox: Mailbox) =>
  ({ stack, realm, gold, client }: SiteParts): void => {
    realm.resource.putSmtpServer(mailbox.smtpServer());
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
    client('plain', { optionalScopes: [payments] });
    client('minimum', { minimumLevel: gold });
    client('proved', { browserFlow: new ProofFlow(stack, 'proof', { realm, level: gold }) });
  };
