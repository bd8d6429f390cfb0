import { type GenerateResult, generate } from 'selfsigned';

/** A certificate with its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { algorithm: 'sha256', keyType: 'rsa', keySize: 2048 } as const;

/** A certificate authority of a test, which lives as long as the test. */
export class CertificateAuthority {
  private constructor(private readonly own: Certificate) {}

  static async create(name: string): Promise<CertificateAuthority> {
    const pems = await generate([{ name: 'commonName', value: name }], {
      ...ALGORITHM,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
    return new CertificateAuthority(pairOf(pems));
  }

  /** The authority's own certificate, PEM. */
  get cert(): string {
    return this.own.cert;
  }

  /** A certificate of a server on this machine. */
  server(): Promise<Certificate> {
    return this.issue('localhost', 'server');
  }

  /** A certificate of a user, whose name is its common name. */
  client(commonName: string, validity: { notBeforeDate?: Date; notAfterDate?: Date } = {}): Promise<Certificate> {
    return this.issue(commonName, 'client', validity);
  }

  private async issue(
    commonName: string,
    use: 'server' | 'client',
    validity: { notBeforeDate?: Date; notAfterDate?: Date } = {},
  ): Promise<Certificate> {
    const pems = await generate([{ name: 'commonName', value: commonName }], {
      ...ALGORITHM,
      ...validity,
      ca: this.own,
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
        { name: 'extKeyUsage', ...(use === 'server' ? { serverAuth: true } : { clientAuth: true }) },
        ...(use === 'server'
          ? [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: 'localhost' }] }]
          : []),
      ],
    });
    return pairOf(pems);
  }
}

function pairOf({ cert, private: key }: GenerateResult): Certificate {
  return { cert, key };
}
