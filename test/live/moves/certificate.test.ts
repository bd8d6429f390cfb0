import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoginRequest, type Page, type RealmModel, type SimulatedUser, simulate } from '../../../model';
import { type Certificate, CertificateAuthority } from '../../../sandbox/certificates/authority';
import { tlsFetch } from '../../../sandbox/certificates/tls-fetch';
import { COND, flow, LOA, PASSWORD, REQ, realm } from '../../model/support/realm';
import { authorizationUrl, endOf, endOfLive } from '../conformance/compare';
import { LiveLogin } from '../conformance/driver';
import { describeUnlessMissing } from '../factors/factor-realm';
import { withOwnKeycloak } from '../factors/own-keycloak';
import { publishedKeycloak } from '../support/shared';
import { ALICE, type MovePlace, withPlace } from './support/place';

const keycloak = publishedKeycloak();
const missing = 'missing' in keycloak ? keycloak.missing : undefined;
const existing = process.env.KEYCLOAK_URL && 'KEYCLOAK_URL is set: this needs a Keycloak of its own, with HTTPS';

const clientId = 'app';
const GOLD = { clientId, acrValues: ['gold'] };

/** Level 2 by a certificate that names its user, or whose user's attribute names it. */
function byCertificate(config: Readonly<Record<string, string>>): RealmModel['flows'][number] {
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

describeUnlessMissing(missing ?? (existing || undefined), 'Moves: a certificate of whoever edits the account', () => {
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

  /** A login of alice with a certificate: what is asked for on pages, and how it ends. */
  async function login(place: MovePlace, request: LoginRequest, certificate: Certificate | undefined): Promise<string> {
    const identity = { trusted: authority.cert, ...(certificate && { client: certificate }) };
    const browser = new LiveLogin('alice', undefined, { base: tlsFetch(identity) });
    const seen: string[] = [];
    let arrival = await browser.open(authorizationUrl({ ...place.known(), url: server().httpsUrl as string }, request));
    while ('page' in arrival && arrival.page.kind === 'form' && seen.length < 5) {
      seen.push(arrival.page.text);
      arrival = await browser.answer(arrival.page, {});
    }
    return [...seen, await endOfLive(place.known(), clientId, arrival)].join(', ');
  }

  /** What the simulator says of the end of a login with these proofs. */
  function simulated(place: MovePlace, user: SimulatedUser, proofs: readonly string[]): string {
    const actor = (page: Page) => {
      if (page.kind !== 'form') return { give: 0 };
      const give = page.accepts.findIndex((set) => set.every((proof) => proofs.includes(proof)));
      return give >= 0 ? { give } : ({ stop: true } as const);
    };
    return endOf(simulate(place.model, GOLD, user, undefined, { actor }));
  }

  const selfService = { registration: false, resetPassword: false, organizations: false };
  const editable = {
    attributes: ['username', 'email', 'firstName', 'lastName'].map((name) => ({ name, userEdits: true })),
    unmanaged: 'ENABLED',
  } as const;
  const KNOWN = ['username', 'password'];

  describe('by e-mail', () => {
    const byEmail = byCertificate({ 'x509-cert-auth.mapper-selection': 'Username or Email' });
    const place = withPlace(realm(byEmail, { selfService, userProfile: editable }));

    test('a password moves the address, and the own certificate is taken', async () => {
      const mine = await authority.client('alice@thief.invalid');
      expect(await login(place, GOLD, mine)).toBe('username+password, refused 400');
      expect(simulated(place, ALICE, [...KNOWN, 'own-certificate'])).toBe('refused 400');

      const { result } = await place.compare({
        request: { clientId, action: 'UPDATE_PROFILE' },
        user: ALICE,
        username: 'alice',
        change: ({ kind }) => kind === 'email',
      });
      expect(result.user.emailMoved).toBe(true);
      expect(await login(place, GOLD, mine)).toBe('username+password, acr gold');
      expect(simulated(place, result.user, [...KNOWN, 'own-certificate'])).toBe('acr gold');
      expect(await login(place, GOLD, undefined)).toBe('username+password, refused 400');
      expect(simulated(place, result.user, KNOWN)).toBe('refused 400');
    });
  });

  describe('by e-mail that nobody logs in with', () => {
    const byEmail = byCertificate({ 'x509-cert-auth.mapper-selection': 'Username or Email' });
    const model = realm(byEmail, { selfService: { ...selfService, loginWithEmail: false }, userProfile: editable });
    const place = withPlace(model);

    test('the moved address makes no difference', async () => {
      const mine = await authority.client('alice@thief.invalid');
      const { result } = await place.compare({
        request: { clientId, action: 'UPDATE_PROFILE' },
        user: ALICE,
        username: 'alice',
        change: ({ kind }) => kind === 'email',
      });
      expect(await login(place, GOLD, mine)).toBe('username+password, refused 400');
      expect(simulated(place, result.user, [...KNOWN, 'own-certificate'])).toBe('refused 400');
    });
  });

  describe('by an attribute', () => {
    const byAttribute = byCertificate({
      'x509-cert-auth.mapper-selection': 'Custom Attribute Mapper',
      'x509-cert-auth.mapper-selection.user-attribute-name': 'badge',
    });
    const place = withPlace(realm(byAttribute, { selfService, userProfile: editable }));

    test('that the user may edit, the own certificate is taken', async () => {
      const mine = await authority.client('badge-of-the-thief');
      const { result, live } = await place.compare({
        request: { clientId, action: 'UPDATE_PROFILE' },
        user: ALICE,
        username: 'alice',
        change: (change) => change.kind === 'attribute' && change.name === 'badge',
        ownCertificate: 'badge-of-the-thief',
      });
      expect(live).toBe('username+password, UPDATE_PROFILE, acr silver');
      expect(await login(place, GOLD, mine)).toBe('username+password, acr gold');
      expect(simulated(place, result.user, [...KNOWN, 'own-certificate'])).toBe('acr gold');
      expect(simulated(place, ALICE, [...KNOWN, 'own-certificate'])).toBe('refused 400');
    });
  });
});
