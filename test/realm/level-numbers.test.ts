import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import type { StepUpRealmProps } from '../../lib';
import { AssuranceLevel, type AssuranceLevelProps, Duration, Factor, KeycloakProvider, StepUpRealm } from '../../lib';
import { contentOf } from '../../lib/support/content';
import { printLevelHistory, type RecordedLevel } from '../../model/levels';

const folder = mkdtempSync(join(tmpdir(), 'step-up-levels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** A file with the levels of a realm. */
function fileWith(levels: readonly RecordedLevel[], realm = 'acme'): string {
  files += 1;
  const file = join(folder, `levels-${files}.json`);
  writeFileSync(file, printLevelHistory({ [realm]: levels }));
  return file;
}

function newStack(context?: Record<string, unknown>): TerraformStack {
  const stack = new TerraformStack(Testing.app(context ? { context } : {}), 'test');
  new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com' });
  return stack;
}

type Given = Pick<AssuranceLevelProps, 'acr' | 'loa' | 'maxAge'>;

function realmOf(given: readonly Given[], props: Partial<StepUpRealmProps> = {}, stack = newStack()): StepUpRealm {
  const levels = given.map(
    (each, index) =>
      new AssuranceLevel(stack, each.acr, { provedBy: index === 0 ? Factor.password() : Factor.otp(), ...each }),
  );
  return new StepUpRealm(stack, 'realm', { name: 'acme', levels, ...props });
}

const numbersOf = ({ levels }: StepUpRealm) => Object.fromEntries(levels.map(({ acr, loa }) => [acr, loa]));

/** What `cdktf` shows of a construct. */
const annotationsOf = ({ node }: StepUpRealm): [string, string][] =>
  node.metadata.filter(({ type }) => type.startsWith('@cdktf/')).map(({ type, data }) => [type, data]);

const SILVER = { acr: 'silver', loa: 10 };
const GOLD = { acr: 'gold', loa: 20 };

describe('Levels whose loa is left out', () => {
  test('are 10, 20, 30 by their place, with room between', () => {
    const realm = realmOf([{ acr: 'silver' }, { acr: 'mid' }, { acr: 'gold' }]);
    expect(numbersOf(realm)).toEqual({ silver: 10, mid: 20, gold: 30 });
    const { attributes } = contentOf(realm.resource) as { attributes: Record<string, string> };
    expect(attributes['acr.loa.map']).toBe('{"silver":10,"mid":20,"gold":30}');
  });

  test('count ten hours as the lowest level, five minutes above, unless they say otherwise', () => {
    const { levels } = realmOf([{ acr: 'a' }, { acr: 'b' }, { acr: 'c', maxAge: Duration.seconds(7) }]);
    expect(levels.map(({ maxAge }) => maxAge.toSeconds())).toEqual([36_000, 300, 7]);
  });

  test('have no number before a realm has them', () => {
    const level = new AssuranceLevel(newStack(), 'gold', { acr: 'gold', provedBy: Factor.otp() });
    expect(() => level.loa).toThrow(
      /^test\/gold: loa of level "gold": .*Put the level into the levels of a StepUpRealm/,
    );
    expect(() => level.maxAge).toThrow(/^test\/gold: maxAge of level "gold"/);
  });

  test('may be those of two realms that number them alike, and of no others', () => {
    const stack = newStack();
    const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', provedBy: Factor.password() });
    const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', provedBy: Factor.usernameThenPassword() });
    const make = (id: string, ...levels: AssuranceLevel[]) => new StepUpRealm(stack, id, { name: id, levels });
    make('one', silver, gold);
    make('two', silver, gold);
    expect(() => make('three', gold)).toThrow(
      /^test\/gold: level "gold" of test\/three \(loa 10\): it is a level of test\/one too, where it has loa 20\. Make an/,
    );
  });
});

describe('The history of levels', () => {
  const history = (file: string, realm?: string) => ({ levelHistory: { file, ...(realm && { realm }) } });

  test('says the numbers', () => {
    const props = history(
      fileWith([
        { acr: 'silver', loa: 1 },
        { acr: 'mid', loa: 5, retired: true },
        { acr: 'gold', loa: 9 },
      ]),
    );
    expect(numbersOf(realmOf([{ acr: 'silver' }, { acr: 'gold' }], props))).toEqual({ silver: 1, gold: 9 });
  });

  test.each<[string, Given[], RegExp]>([
    ['another number', [SILVER, { ...GOLD, loa: 30 }], /level "gold" with loa 30: it has 20 .*or write loa: 20/],
    ['another name', [SILVER, { acr: 'aurum', loa: 20 }], /20 is the number of "gold"/],
    [
      'a level that is not recorded',
      [SILVER, { acr: 'mid' }, GOLD],
      /"mid" with loa 18: .*Run "npx step-up levels record" and commit the file\.$/,
    ],
    ['another level', [SILVER, { acr: 'aurum' }], /"npx step-up levels record --rename gold=aurum"\.$/],
    ['a level that is retired', [SILVER, { acr: 'old' }, GOLD], /the name is retired/],
    [
      'levels of another order',
      [{ acr: 'gold' }, { acr: 'silver' }],
      /level "silver" \(loa 10\) after "gold" \(loa 20\)/,
    ],
  ])('refuses %s, at the path of the construct', (_what, given, message) => {
    const file = fileWith([SILVER, { acr: 'old', loa: 17, retired: true }, GOLD]);
    const make = () => realmOf(given, history(file));
    expect(make).toThrow(/^test\/realm: /);
    expect(make).toThrow(message);
  });

  test('refuses LoA 1 for what a password alone does not prove', () => {
    const stack = newStack();
    const levels = [new AssuranceLevel(stack, 'gold', { acr: 'gold', provedBy: Factor.usernameThenPasskey() })];
    const levelHistory = { file: fileWith([{ acr: 'gold', loa: 1 }]) };
    expect(() => new StepUpRealm(stack, 'realm', { name: 'acme', levels, levelHistory })).toThrow(
      /^test\/gold: loa 1 proved by/,
    );
  });

  test('is that of the realm, by its name, what is said, or its path where the name is a variable', () => {
    const given = [{ acr: 'silver' }, { acr: 'gold' }];
    const levels = [{ ...SILVER, loa: 3 }, GOLD];
    expect(numbersOf(realmOf(given, history(fileWith(levels), 'acme')))).toEqual({ silver: 3, gold: 20 });
    expect(() => realmOf(given, history(fileWith(levels, 'staff')))).toThrow(/does not have it yet/);
    expect(numbersOf(realmOf(given, history(fileWith(levels, 'staff'), 'staff')))).toEqual({ silver: 3, gold: 20 });
    const stack = newStack();
    const name = new TerraformVariable(stack, 'name', { type: 'string' }).stringValue;
    const props = { name, ...history(fileWith(levels, 'realm')) };
    expect(numbersOf(realmOf(given, props, stack))).toEqual({ silver: 3, gold: 20 });
  });

  test('is looked for where the context says; a file that is named and is not there is refused', () => {
    const given = [{ acr: 'silver' }, { acr: 'gold' }];
    const file = fileWith([{ ...SILVER, loa: 3 }, GOLD]);
    withContext({}, () => {
      expect(numbersOf(realmOf(given, {}, newStack({ stepUpLevels: file })))).toEqual({ silver: 3, gold: 20 });
      const missing = newStack({ stepUpLevels: join(folder, 'none.json') });
      expect(() => realmOf(given, {}, missing)).toThrow(/^test\/realm: levels in .*: there is no such file\. Run/);
      expect(() => realmOf(given, {}, newStack({ stepUpLevels: 7 }))).toThrow(/context stepUpLevels 7: it is no path/);
    });
  });

  test('that is broken is refused, not passed over', () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{');
    expect(() => realmOf([SILVER], history(file))).toThrow(/^test\/realm: step-up\.levels\.json: .*no valid JSON/);
  });

  test('that is nowhere is warned of once an app; levels without one are not', () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      withContext({}, () => {
        const app = new App({ outdir: join(folder, 'out') });
        const stacks = ['one', 'two'].map((id) => new TerraformStack(app, id));
        const realms = stacks.map((stack) => {
          new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com' });
          return realmOf([{ acr: 'silver' }, { acr: 'gold' }], {}, stack);
        });
        expect(realms.map(annotationsOf)).toEqual([
          [['@cdktf/warn', expect.stringMatching(/no history.*Run "npx step-up levels record" once/)]],
          [],
        ]);
      });
    } finally {
      process.chdir(before);
    }
    expect(annotationsOf(realmOf([SILVER, GOLD], history('none')))).toEqual([]);
  });

  test('has a level that is not here: told, and its number is not given away', () => {
    const props = history(fileWith([SILVER, { acr: 'mid', loa: 15 }, GOLD]));
    expect(annotationsOf(realmOf([SILVER, GOLD], props))).toEqual([
      ['@cdktf/info', expect.stringMatching(/^"mid" \(15\) .* is no level here/)],
    ]);
  });

  test('has open sessions: what ends them, and after which time they have ended, is told at synth', () => {
    const stack = newStack();
    const props = history(fileWith([SILVER, { acr: 'mid', loa: 15, sessions: 'open' }, GOLD]));
    const given = [SILVER, { acr: 'mid' }, GOLD];
    const realm = realmOf(given, { ...props, ssoSessionMax: Duration.hours(2) }, stack);
    realm.resource.ssoSessionMaxLifespanRememberMe = '12h30m0s';
    Testing.synth(stack, true);
    Testing.synth(stack, true);
    expect(annotationsOf(realm)).toEqual([['@cdktf/warn', expect.stringContaining('from before "mid" (15)')]]);
    expect(annotationsOf(realm)[0]?.[1]).toMatch(
      /POST \/admin\/realms\/REALM\/logout-all.* 45000 seconds \(12\.5 hours\) after its login.* an offline session never, .*--settled mid"/,
    );
    const other = newStack();
    const limited = realmOf(given, props, other);
    limited.resource.offlineSessionMaxLifespanEnabled = true;
    limited.resource.offlineSessionMaxLifespan = '720h';
    Testing.synth(other, true);
    expect(annotationsOf(limited)[0]?.[1]).toMatch(
      /36000 seconds .*an offline session after 2592000 seconds \(720 hours\)/,
    );
  });
});

/** What the tests' own context says is not heard meanwhile. */
function withContext(context: object, run: () => void): void {
  const before = process.env.CDKTF_CONTEXT_JSON;
  process.env.CDKTF_CONTEXT_JSON = JSON.stringify(context);
  try {
    run();
  } finally {
    process.env.CDKTF_CONTEXT_JSON = before;
  }
}
