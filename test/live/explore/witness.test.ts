import { isDeepStrictEqual } from 'node:util';
import {
  explore,
  type HeldProof,
  type LevelExplanation,
  type RealmModel,
  readRealmRepresentation,
  type Way,
} from '../../../model';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { CASES } from '../../checks/cases';
import { COND, LOA, loginFlow, OTP, PASSWORD, realm as realmOf, soundRealm } from '../../checks/support/realms';
import { importRealm } from '../checks/import-realm';
import { describeWithKeycloak, testKeycloak, uniqueRealmName } from '../support/keycloak';
import { type Circumstances, claimed, type Place, replay } from './replay';

interface Explored {
  readonly name: string;
  readonly model: RealmModel;
  readonly circumstances?: Omit<Circumstances, 'levelless'>;
  /** Whether what is less than a way must not reach the level: everything that reaches it was found. */
  readonly sound?: true;
}

const LEVELLESS = 'elsewhere';
/** Seconds; long enough for a login on a busy machine. */
const SHORT = 8;
const QUICK_TRIES = 30;

const vulnerable = (name: string): RealmModel => {
  const found = CASES.find(({ rule }) => rule === name);
  if (!found) throw new Error(`No case shows ${name}`);
  return found.vulnerable;
};

const REALMS: readonly Explored[] = [
  { name: 'a sound realm', model: soundRealm(), sound: true },
  {
    name: 'a level that is soon old',
    model: realmOf(loginFlow(COND('silver', [LOA(1, SHORT), PASSWORD]), COND('gold', [LOA(2, 3600), OTP]))),
    circumstances: { sessionAge: SHORT + 2 },
    sound: true,
  },
  ...['level-by-enrolment', 'enrolment-by-action', 'client-lowers-acr', 'stamped-level-unproven'].map((name) => ({
    name,
    model: vulnerable(name),
  })),
  ...['password-grant-open', 'session-skips-override'].map((name) => ({
    name,
    model: vulnerable(name),
    // The flow of the client itself leaves no session of a level.
    circumstances: { sessionClient: 'other' },
  })),
  {
    name: 'spoofable-header',
    model: vulnerable('spoofable-header'),
    circumstances: { header: ['X-Forwarded-For', '10.0.0.1'] },
  },
];

describeWithKeycloak('the witness of a way', () => {
  describe.each(REALMS)('in $name', ({ model, sound, circumstances }) => {
    const name = uniqueRealmName('explore');
    const where: Circumstances = { ...circumstances, levelless: LEVELLESS };
    let place: Place;
    let levels: LevelExplanation[];

    beforeAll(async () => {
      const { admin, url } = await testKeycloak();
      place = { admin, url, realm: name };
      await importRealm(admin, name, model);
      await addLevelless(place);
      const live = readRealmRepresentation(await fetchRealm(admin, name), 'live');
      levels = explore(live, { clientId: 'app' });
    });

    afterAll(async () => {
      const { admin } = await testKeycloak();
      if (await admin.realms.findOne({ realm: name })) await admin.realms.del({ realm: name });
    });

    test('shows each login as it says', async () => {
      const shown = await forEachWay(levels, async (way) => asOfAnOlder(way, await replayInTime(place, way, where)));
      expect(shown).toEqual(await forEachWay(levels, async (way) => claimed(way)));
      expect(Object.keys(shown).length).toBeGreaterThan(0);
    });

    if (!sound) return;
    test('does not reach the level with less', async () => {
      const reached = await forEachWay(levels, async (way, { acr }) => {
        const higher = levels.map((each) => each.acr).slice(levels.findIndex((each) => each.acr === acr));
        const tries = lessThan(way, levels, where).map(async (less) => {
          const lines = await replay(place, less, less.proofs, where);
          const reaches = lines.some((line) => higher.some((each) => line.endsWith(`→ ${each}`)));
          return reaches ? [`{${less.proofs}} ${less.sessionAge}: ${lines}`] : [];
        });
        return (await Promise.all(tries)).flat();
      });
      expect(Object.values(reached).flat()).toEqual([]);
    });
  });
});

/** A way that must be quick is tried until two logins fall into one second of the server's clock. */
async function replayInTime(place: Place, way: Way, where: Circumstances): Promise<string[]> {
  const quick = way.witness.some(({ does }) => does.endsWith('in the same second'));
  let lines: string[] = [];
  for (let tries = quick ? QUICK_TRIES : 1; tries > 0; tries--) {
    lines = await replay(place, way, way.proofs, where);
    if (isDeepStrictEqual(lines, claimed(way))) break;
  }
  return lines;
}

async function forEachWay<T>(
  levels: readonly LevelExplanation[],
  of: (way: Way, level: LevelExplanation) => Promise<T>,
): Promise<Record<string, T>> {
  const entries = levels.flatMap((level) =>
    level.ways.map(async (way): Promise<[string, T]> => {
      const age = way.sessionAge === undefined ? '' : ` ≤${way.sessionAge}s`;
      return [`${level.acr} ← {${way.proofs.join(', ')}${age}} ${way.when.join(', ')}`.trim(), await of(way, level)];
    }),
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** The way without each of its proofs, with a session of a lower level, and with an older one. */
function lessThan(way: Way, levels: readonly LevelExplanation[], { sessionAge = 0 }: Circumstances): Way[] {
  const older = way.sessionAge !== undefined && way.sessionAge < sessionAge;
  const fewer = way.proofs.flatMap((proof) => {
    const others = way.proofs.filter((each) => each !== proof);
    return [others, ...lowerSessions(proof, levels).map((session) => [...others, session])];
  });
  return [
    ...fewer.map((proofs) => ({ ...way, proofs })),
    ...(older ? [{ ...way, sessionAge: Number.POSITIVE_INFINITY }] : []),
  ];
}

function lowerSessions(proof: HeldProof, levels: readonly LevelExplanation[]): HeldProof[] {
  const [, acr] = /^session:(.*)$/.exec(proof) ?? [];
  if (acr === undefined) return [];
  const below = levels.findIndex((level) => level.acr === acr);
  return ['session', ...levels.slice(0, below).map((level): HeldProof => `session:${level.acr}`)];
}

/** A client with Keycloak's own flow, which knows no levels. It is made when the realm has been explored. */
/**
 * The witness is that of the oldest session that will do. A younger one may be asked for less on the way, but ends the same: such a
 * line counts as what the witness claims.
 */
function asOfAnOlder(way: Way, lines: readonly string[]): string[] {
  const older = claimed(way);
  if (way.sessionAge === undefined) return [...lines];
  return lines.map((line, index) => {
    const [asked = '', end] = line.split('→');
    const [claimedAsked = '', claimedEnd] = older[index]?.split('→') ?? [];
    const proofs = new Set(claimedAsked.trim().split(' '));
    const less =
      asked.trim() === '' ||
      asked
        .trim()
        .split(' ')
        .every((proof) => proofs.has(proof));
    return less && end === claimedEnd ? (older[index] as string) : line;
  });
}

async function addLevelless({ admin, realm }: Place): Promise<void> {
  const [app] = await admin.clients.find({ realm, clientId: 'app' });
  const flows = await admin.authenticationManagement.getFlows({ realm });
  await admin.clients.create({
    realm,
    clientId: LEVELLESS,
    publicClient: true,
    redirectUris: app?.redirectUris as string[],
    authenticationFlowBindingOverrides: { browser: flows.find(({ alias }) => alias === 'browser')?.id as string },
  });
}
