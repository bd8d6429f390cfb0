import { BY_CONDITION, type Case, LEVELS, RULES } from './cases';
import { DAMAGES } from './damages';
import { type Fate, fate, type Row, realmOfRows, rowsOf, VICTIMS, type Victim } from './table';

/** A row and what becomes of the thief of each password. */
interface Seen {
  readonly row: Row;
  readonly fates: Readonly<Record<Victim, Fate>>;
}

function see(cases: readonly Case[]): Seen[] {
  const rows = rowsOf(cases);
  const model = realmOfRows(rows);
  return rows.map((row) => ({
    row,
    fates: { bob: fate(model, row, 'bob'), alice: fate(model, row, 'alice') },
  }));
}

/** The page `docs/fail-closed.md`. */
export function failClosedPage(): string {
  const byCondition = see(BY_CONDITION);
  const rules = see(RULES);
  const levels = see(LEVELS);
  return `# A flow of which something is missing

An apply that breaks off, or a hand in the console, leaves a flow with a part that is missing, has no config, stands there twice or has no
requirement yet (Keycloak makes an execution DISABLED, and the provider enables it by its next request). The flows of \`StepUpFlow\`,
\`PostBrokerFlow\` and \`ProofFlow\` are arranged so that **one such part lets nobody through**: the login asks for the proof, or is refused.

A rule is not "ask if", it is "exempt if, else prove":

    rule.scope-1.payments REQUIRED
      .proved ALTERNATIVE   CONDITIONAL [ level-2.gold was executed, allow ]
      .exempt ALTERNATIVE   CONDITIONAL [ scope payments is not asked for, allow ]
      .prove  ALTERNATIVE   the proof of gold, or deny
    rules.complete REQUIRED CONDITIONAL [ rule.scope-1.payments was executed, allow ]

Below, a thief logs in with the right password and no more, through a flow with one damage. **asked**: the login waits for the proof.
**refused**: it ends with an error. **lower level**: it ends with a token of the level below the one that was asked for.

## The conditions of rules

The password is of a user who owns an authenticator app and whom the rule is about. Of a user without one, ${counted(byCondition, 'alice')}.

| condition | ${['part', ...DAMAGES].join(' | ')} |
|---|${'---|'.repeat(DAMAGES.length + 1)}
${tableOf(byCondition).join('\n')}

## All that a flow has

Every part of these, by each of the damages that it can have, for the password of a user with an authenticator app and of one without:

| | parts and damages | logins: asked | refused | lower level | let through |
|---|---|---|---|---|---|
${summaryOf([...rules, ...levels]).join('\n')}

A level ends **lower** where its own condition, \`conditional-level-of-authentication\`, is deleted or DISABLED: the level is then not
granted, an essential request for it is refused, and a client with a \`minimumLevel\` is given what was reached. No arrangement helps:
Keycloak takes one such condition for each level (a second one with the same number ends logins with an error), and nothing else in a flow
knows which level is asked for. Who must be refused even then, gives the client a flow with a rule without conditions.

## What is not closed

- An attribute whose name is misspelt, in \`When.userAttribute\`: nobody has it, so everybody is exempt. Nothing can tell it from one that
  no user has yet. \`When.noUserAttribute\` asks everybody then. A role or a scope that is gone exempts nobody.
- The flow of \`passwordReset\` asks for a device where the user owns one: without that condition a mailbox is enough to set a new password. It
  still gives no code, and the levels ask for the device.
- Two damages that fit together: a subflow that is gone, and its line in \`rules.complete\`.
- What is added: a step that passes by itself, in a subflow that exempts.
- Of a level of several devices, each of which its user has enrolled, a deleted step is not asked for; the others are.
`;
}

function counted(seen: readonly Seen[], victim: Victim): string {
  const counts = countsOf(seen.map(({ fates }) => fates[victim]));
  return Object.entries(counts)
    .map(([what, count]) => `${count} of ${seen.length} logins are ${what}`)
    .join(', ');
}

function countsOf(fates: readonly Fate[]): Partial<Record<Fate, number>> {
  const counts: Partial<Record<Fate, number>> = {};
  for (const one of fates) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

/** One line for each condition that a rule of the case has. */
function tableOf(seen: readonly Seen[]): string[] {
  const lines = new Map<string, Map<string, Fate>>();
  for (const { row, fates } of seen) {
    if (row.damage === undefined || !row.part.startsWith('conditional-')) continue;
    const key = `\`${row.of.name}\` | \`${row.part.split(' ')[0]}\`${row.spares ? '' : ', in front of the rule'}`;
    lines.set(key, (lines.get(key) ?? new Map()).set(row.damage, fates.bob));
  }
  return [...lines].map(
    ([key, cells]) => `| ${key} | ${DAMAGES.map((damage) => cells.get(damage) ?? '').join(' | ')} |`,
  );
}

function summaryOf(seen: readonly Seen[]): string[] {
  const cases = [...new Set(seen.map(({ row }) => row.of))];
  return cases.map((of) => {
    const own = seen.filter(({ row }) => row.of === of && row.damage !== undefined);
    const counts = countsOf(own.flatMap(({ fates }) => VICTIMS.map((victim) => fates[victim])));
    const cells = (['asked', 'refused', 'lower level', 'PASSES'] as const).map((what) => counts[what] ?? 0);
    return `| ${of.name} | ${[own.length, ...cells].join(' | ')} |`;
  });
}
