import { AVAILABLE_SINCE } from './available-since';
import { BEHAVIOURS } from './behaviours';
import { MEASURED_VERSIONS, NOT_AGREED, PARTLY_MEASURED_VERSIONS, PINNED_VERSION } from './versions';

/** The page about the releases of Keycloak, in Markdown. */
export function versionsPage(): string {
  const available = AVAILABLE_SINCE.map(({ id, what, since, preview, before }) => {
    const early = preview ? `${preview.since} (\`--features=${preview.feature}\`)` : '';
    return `| \`${id}\` | ${what} | ${since} | ${early} | ${before} |`;
  });
  const behaviours = Object.values(BEHAVIOURS).map(
    ({ since, says, before, found }) => `| ${since} | ${says} | ${before} | ${found} |`,
  );
  return `${[
    '# Versions of Keycloak',
    `The sandbox runs ${PINNED_VERSION} unless \`KEYCLOAK_VERSION\` names another release that Maven has, from 24.0.0: ` +
      '`KEYCLOAK_VERSION=26.4.7 npm run quickstart`, `npm run test:live`, `npm run conformance -- --keycloak 26.4.7`.',
    'Tell the version once: `keycloakVersion` of `StepUpRealm`, of `StepUpChecks` or of `KeycloakProvider`, or `--keycloak-version` of the command. What the release lacks is ' +
      'then refused at synth, `step-up` no longer asks which version runs, and the simulator does what that release does.',
    '## Measured',
    `Random cases and the kept ones were logged in on ${MEASURED_VERSIONS.join(', ')}, and came out as the simulator says; on each, the cases that it has all parts of. ` +
      `On ${PARTLY_MEASURED_VERSIONS.join(', ')} most did; ${NOT_AGREED} still differ, which \`explain\` and \`check\` say. ` +
      'Of any other release `explain` and `check` say that it was not measured.',
    '## What came with which release',
    'Of a client attribute or the like an older server says nothing: it saves it, and it does nothing.',
    [
      '| setting | what it is for | since | as a preview since | in an older release |',
      '|---|---|---|---|---|',
      ...available,
    ].join('\n'),
    '## What logins do otherwise',
    'With the same configuration.',
    ['| since | Keycloak does | before | found by |', '|---|---|---|---|', ...behaviours].join('\n'),
    '## Starting older releases',
    'The sandbox starts each in its own way: before 26.0 an administrator is made and then a service account by the Admin API, before 25.0 health is told on the main port, and ' +
      'before 26.3 options of SPIs are written with one underscore. Releases before 26.3 have recovery codes only with a feature switched on, which the sandbox leaves alone.',
  ].join('\n\n')}\n`;
}
