import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../../sandbox/certificates/authority';
import type { KeycloakServer } from '../../../sandbox/keycloak';
import { missingForOwnKeycloak, withOwnKeycloak } from './own-keycloak';

/** What the run lacks for a Keycloak that asks for client certificates. */
export const missingForCertificates = (): string | undefined => missingForOwnKeycloak('HTTPS');

/** A Keycloak that speaks HTTPS and asks for client certificates, with the authority that it trusts and one that it does not. */
export interface CertificateServer {
  authority(): CertificateAuthority;
  stranger(): CertificateAuthority;
  server(): KeycloakServer & { readonly httpsUrl?: string };
}

/** Starts such a Keycloak for the tests of this block alone. */
export function withCertificateServer(): CertificateServer {
  let directory: string;
  let authority: CertificateAuthority;
  let stranger: CertificateAuthority;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'step-up-x509-'));
  });

  const server = withOwnKeycloak(async () => {
    [authority, stranger] = await Promise.all([
      CertificateAuthority.create('Test CA'),
      CertificateAuthority.create('Strange CA'),
    ]);
    const own = await authority.server();
    const files = { ca: authority.cert, cert: own.cert, key: own.key };
    for (const [name, pem] of Object.entries(files))
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
  return { authority: () => authority, stranger: () => stranger, server };
}
