import { generate } from 'selfsigned';

const DAY = 24 * 60 * 60 * 1000;

/** The provider's own certificate for one run: Terraform trusts it because it reads it from the handshake. */
export async function createCertificate(): Promise<{ key: string; certificate: string }> {
  const now = Date.now();
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY),
    notAfterDate: new Date(now + 30 * DAY),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  return { key: pems.private, certificate: pems.cert };
}

/** A PEM certificate as the handshake carries it: the DER bytes in base64 without padding. */
export function toHandshakeCertificate(pem: string): string {
  return pem
    .replace(/-----[A-Z ]+-----/g, '')
    .replace(/\s/g, '')
    .replace(/=+$/, '');
}
