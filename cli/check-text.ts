import pc from 'picocolors';
import { type CheckedRealm, type Finding, LEVELS, type Level } from '../checks';
import { versionNote } from '../model/keycloak/versions';

const HEADS: Readonly<Record<Level, string>> = {
  error: pc.bold(pc.red('Error: ')),
  warning: pc.bold(pc.yellow('Warning: ')),
  note: pc.bold(pc.cyan('Note: ')),
};

/** What was found, in the manner of Terraform's diagnostics. */
export function checkText(realms: readonly CheckedRealm[]): string {
  return realms.map(realmText).join('\n\n');
}

function realmText({ realm, model, findings, suppressed, unused }: CheckedRealm): string {
  const found = findings.filter(({ verdict }) => verdict === 'found').map(findingText);
  const open = cannotTell(findings);
  const accepted = suppressed.map(
    ({ finding, reason }) => `  ${finding.rule} (${finding.code}), ${finding.location.path}: ${reason}`,
  );
  const note = versionNote(model.keycloakVersion);
  const idle = unused.map(({ id, at }) => `  ${id}${at === undefined ? '' : ` at ${at}`}`);
  return [
    ...found,
    ...open,
    ...(note === undefined ? [] : [`${HEADS.note}${pc.bold(note)}`]),
    ...(accepted.length > 0 ? [[pc.bold('Suppressed:'), ...accepted].join('\n')] : []),
    ...(idle.length > 0 ? [[pc.bold('Suppressions that nothing needed:'), ...idle].join('\n')] : []),
    pc.bold(`Realm ${realm}: ${totals(findings)}.`),
  ].join('\n\n');
}

function findingText({ level, what, rule, code, location, gain, instead }: Finding): string {
  const { path, address } = location;
  return [
    `${HEADS[level]}${pc.bold(what)}`,
    pc.dim(`  ${rule} (${code}), ${path}`),
    ...(address === undefined ? [] : [pc.dim(`  ${address}`)]),
    `  ${gain}`,
    `  ${instead}.`,
  ].join('\n');
}

/** One paragraph for each reason, however many rules stumble over it. */
function cannotTell(findings: readonly Finding[]): string[] {
  const byReason = new Map<string, Finding[]>();
  for (const finding of findings.filter(({ verdict }) => verdict === 'cannot-tell')) {
    const { location, gain } = finding;
    const reason = `${location.address ?? location.path}: ${gain}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), finding]);
  }
  return [...byReason].map(([reason, all]) =>
    [`${HEADS.note}${pc.bold(`Can't tell. ${reason}`)}`, pc.dim(`  ${all.map(({ rule }) => rule).join(', ')}`)].join(
      '\n',
    ),
  );
}

function totals(findings: readonly Finding[]): string {
  const found = findings.filter(({ verdict }) => verdict === 'found');
  const open = findings.length - found.length;
  const counts = LEVELS.map((level) => count(found.filter((each) => each.level === level).length, level));
  return `${counts.join(', ')}${open > 0 ? `; ${count(open, 'question')} that this source leaves open` : ''}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
