import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { LoginRequest } from '../../../../model';
import { REDIRECT_URI } from '../../../support/imported-realm';

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';

/** The request of a SAML client, which asks for the classes of `acrValues`. */
export function authnRequest({ clientId, acrValues = [], comparison = 'exact', prompt = [] }: LoginRequest): string {
  const references = acrValues.map((each) => `<saml:AuthnContextClassRef>${each}</saml:AuthnContextClassRef>`).join('');
  const context = `<samlp:RequestedAuthnContext Comparison="${comparison}">${references}</samlp:RequestedAuthnContext>`;
  return `<samlp:AuthnRequest xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}" ID="_${Date.now()}" Version="2.0"
    IssueInstant="${new Date().toISOString()}" AssertionConsumerServiceURL="${REDIRECT_URI}"
    ForceAuthn="${prompt.includes('login')}" IsPassive="${prompt.includes('none')}"
    ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"><saml:Issuer>${clientId}</saml:Issuer>
    ${acrValues.length > 0 ? context : ''}</samlp:AuthnRequest>`;
}

/** The address at which the login of a SAML client begins. @param protocol that of the realm: `<realm>/protocol` */
export function samlAddress(protocol: string, request: LoginRequest): URL {
  if (request.initiatedByProvider) return new URL(`${protocol}/saml/clients/${request.clientId}`);
  const address = new URL(`${protocol}/saml`);
  address.searchParams.set('SAMLRequest', deflateRawSync(authnRequest(request)).toString('base64'));
  return address;
}

/** What a response says: `granted`, or why not. */
export function samlStatus(redirect: URL): string {
  const xml = inflateRawSync(Buffer.from(redirect.searchParams.get('SAMLResponse') ?? '', 'base64')).toString();
  const [, status] = /StatusCode Value="[^"]*:status:(NoAuthnContext|NoPassive)"/.exec(xml) ?? [];
  return status ?? (xml.includes('status:Success') ? 'granted' : xml);
}
