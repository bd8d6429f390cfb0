import type { Rule } from './rule';

/** The documentation page of a rule, in Markdown. */
export function pageOf({ id, code, level, summary, cause, attack, remedy, sources }: Rule): string {
  return `${[
    `# ${code} ${id}`,
    `**${level}** · ${summary}`,
    '## Cause',
    cause,
    '## Attack',
    attack.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    '## Remedy',
    remedy,
    'To accept a finding, suppress it with a reason:',
    ['```ts', `StepUpChecks.suppress(construct, { id: '${id}', reason: '…' });`, '```'].join('\n'),
    '## Source',
    sources.map((source) => `- ${source}`).join('\n'),
  ].join('\n\n')}\n`;
}

/** The table of all rules, in Markdown. */
export function indexOf(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, code, level, summary }) => `| ${code} | [${id}](${id}.md) | ${level} | ${summary} |`);
  return `${[
    '# Checks',
    'What Keycloak accepts without a word and a login then does. Each page says how it comes about, what an attacker does with it, step by step, and what to write ' +
      'instead. Every attack that a login can show is made on a real Keycloak by `test/live/checks`, and fails there where the remedy is in place.',
    'An **error** lets an attacker through or locks users out, a **warning** may, a **note** is to be known. What a source leaves open is told as "can\'t tell", never ' +
      'taken as safe. Findings in a flow that no login uses are warnings at most.',
    ['| code | rule | level | what it finds |', '|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n')}\n`;
}
