import { existsSync, statSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import { type CheckedRealm, type Finding, pageOf, RULES, type Rule } from '../checks';

/** Finding by finding, for code scanning. Source: SARIF 2.1.0 (OASIS). */
export function sarifLog(realms: readonly CheckedRealm[], source: string): Log {
  const uri = uriOf(source);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'step-up', rules: RULES.map(descriptor) } },
        results: realms.flatMap(({ realm, findings, suppressed }) => [
          ...findings.map((finding) => result(finding, realm, uri)),
          ...suppressed.map(({ finding, reason }) => ({
            ...result(finding, realm, uri),
            suppressions: [{ kind: 'external' as const, justification: reason }],
          })),
        ]),
      },
    ],
  };
}

function descriptor(rule: Rule): ReportingDescriptor {
  return {
    id: rule.code,
    name: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.cause },
    help: { text: `${rule.cause}\n\n${rule.remedy}`, markdown: pageOf(rule) },
    defaultConfiguration: { level: rule.level },
  };
}

function result(finding: Finding, realm: string, uri: string): Result {
  const { code, level, verdict, what, gain, instead } = finding;
  return {
    ruleId: code,
    ruleIndex: RULES.findIndex((rule) => rule.code === code),
    // A result that is no failure has no level (section 3.27.9).
    level: verdict === 'found' ? level : 'none',
    kind: verdict === 'found' ? 'fail' : 'review',
    message: { text: `${what}. ${gain} ${instead}.` },
    locations: [location(finding, realm, uri)],
  };
}

function location({ location: { path, address } }: Finding, realm: string, uri: string): Location {
  return {
    physicalLocation: { artifactLocation: { uri } },
    logicalLocations: [
      { fullyQualifiedName: `${realm} > ${path}` },
      ...(address ? [{ fullyQualifiedName: address }] : []),
    ],
  };
}

/** Of a file within the working folder the relative one, which code scanning knows. */
function uriOf(source: string): string {
  if (!existsSync(source)) return source === '-' ? 'standard-input' : source;
  const file = statSync(source).isDirectory() && existsSync(`${source}/cdk.tf.json`) ? `${source}/cdk.tf.json` : source;
  const inside = relative(process.cwd(), file);
  return inside.startsWith('..') || isAbsolute(inside) ? pathToFileURL(file).href : inside.replaceAll('\\', '/');
}
