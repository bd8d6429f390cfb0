import type { LoginRequest, RealmModel } from '../../../../model';
import type { Certificate, CertificateAuthority } from '../../../../sandbox/certificates/authority';
import { tlsFetch } from '../../../../sandbox/certificates/tls-fetch';
import { COND, flow, LOA, PASSWORD, REQ } from '../../../model/support/realm';
import { authorizationUrl, endOfLive } from '../../conformance/compare';
import { LiveLogin } from '../../conformance/driver';
import { missingForCertificates, withCertificateServer } from '../../factors/certificate-server';
import type { MovePlace } from './place';

/** Why there is no Keycloak with HTTPS, if there is none. */
export const NO_HTTPS = missingForCertificates();

/** Level 2 by a certificate that names its user, or whose user's attribute names it. */
export function byCertificate(config: Readonly<Record<string, string>>): RealmModel['flows'][number] {
  return flow('certified', [
    COND('certified silver', [LOA(1), PASSWORD]),
    COND('certified gold', [
      LOA(2),
      REQ('auth-x509-client-username-form', {
        'x509-cert-auth.mapping-source-selection': "Subject's Common Name",
        'x509-cert-auth.confirmation-page-disallowed': 'true',
        ...config,
      }),
    ]),
  ]);
}

/** A Keycloak that asks browsers for a certificate, for the tests of this block. */
export interface CertificateLogins {
  readonly authority: () => CertificateAuthority;
  /** A login of alice with a certificate: what is asked for on pages, and how it ends. */
  login(place: MovePlace, request: LoginRequest, certificate: Certificate | undefined): Promise<string>;
}

export function withCertificateLogins(): CertificateLogins {
  const { authority, server } = withCertificateServer();
  return {
    authority,
    async login(place, request, certificate) {
      const identity = { trusted: authority().cert, ...(certificate && { client: certificate }) };
      const browser = new LiveLogin('alice', undefined, { base: tlsFetch(identity) });
      const seen: string[] = [];
      const known = place.known();
      let arrival = await browser.open(authorizationUrl({ ...known, url: server().httpsUrl as string }, request));
      while ('page' in arrival && arrival.page.kind === 'form' && seen.length < 5) {
        seen.push(arrival.page.text);
        arrival = await browser.answer(arrival.page, {});
      }
      return [...seen, await endOfLive(known, request.clientId, arrival)].join(', ');
    },
  };
}
