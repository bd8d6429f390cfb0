import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoginRequest, RealmModel } from '../../../../model';
import { type Certificate, CertificateAuthority } from '../../../../sandbox/certificates/authority';
import { tlsFetch } from '../../../../sandbox/certificates/tls-fetch';
import { COND, flow, LOA, PASSWORD, REQ } from '../../../model/support/realm';
import { authorizationUrl, endOfLive } from '../../conformance/compare';
import { LiveLogin } from '../../conformance/driver';
import { withOwnKeycloak } from '../../factors/own-keycloak';
import { publishedKeycloak } from '../../support/shared';
import type { MovePlace } from './place';

const keycloak = publishedKeycloak();
const existing = process.env.KEYCLOAK_URL
  ? 'KEYCLOAK_URL is set: this needs a Keycloak of its own, with HTTPS'
  : undefined;

/** Why there is no Keycloak with HTTPS, if there is none. */
export const NO_HTTPS = 'missing' in keycloak ? keycloak.missing : existing;

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
export interface CertificateServer {
  readonly authority: () => CertificateAuthority;
  /** A login of alice with a certificate: what is asked for on pages, and how it ends. */
  login(place: MovePlace, request: LoginRequest, certificate: Certificate | undefined): Promise<string>;
}

export function withCertificateServer(): CertificateServer {
  let directory: string;
  let authority: CertificateAuthority;

  const server = withOwnKeycloak(async () => {
    directory = await mkdtemp(join(tmpdir(), 'step-up-moves-'));
    authority = await CertificateAuthority.create('Test CA');
    const own = await authority.server();
    for (const [name, pem] of Object.entries({ ca: authority.cert, cert: own.cert, key: own.key }))
      await writeFile(join(directory, `${name}.pem`), pem, { mode: 0o600 });
    return {
      https: {
        certificateFile: join(directory, 'cert.pem'),
        keyFile: join(directory, 'key.pem'),
        trustedCertificates: [join(directory, 'ca.pem')],
        clientAuth: 'request',
      },
    };
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  return {
    authority: () => authority,
    async login(place, request, certificate) {
      const identity = { trusted: authority.cert, ...(certificate && { client: certificate }) };
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
