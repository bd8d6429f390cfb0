import type { Goal, GoalExplanation, HeldProof, LevelExplanation, Way, WitnessStep } from '../model';

const NAMES: Readonly<Record<string, string>> = {
  otp: 'OTP',
  webauthn: 'security key',
  'webauthn-passwordless': 'passkey',
  'recovery-authn-codes': 'recovery code',
  'enrol:password': 'set a new password',
  'enrol:otp': 'enrol OTP',
  'enrol:webauthn': 'enrol security key',
  'enrol:webauthn-passwordless': 'enrol passkey',
  'enrol:recovery-authn-codes': 'enrol recovery codes',
  email: 'mailbox',
  kerberos: 'Kerberos ticket',
  certificate: 'client certificate',
  'own-certificate': 'any trusted certificate',
  registration: 'an account of one’s own',
  'client-secret': 'client secret',
  'authentication-device': 'confirmation on the CIBA device',
  request: 'altered request',
  header: 'forged header',
};

/** What is had of each client, one line each, followed by how it is done. */
export function explanationText(
  levels: readonly LevelExplanation[],
  goals: readonly GoalExplanation[],
  realm: string,
): string {
  const clients = new Set([...levels, ...goals].map(({ clientId }) => clientId));
  // What is of the account comes last.
  const ordered = [...clients].sort((a, b) => Number(a === undefined) - Number(b === undefined));
  const lines = ordered.flatMap((client) => [
    '',
    client === undefined ? 'Account' : `Client ${client}`,
    ...levels
      .filter(({ clientId }) => clientId === client)
      .flatMap((level) => explanationLines(level.acr, level, realm)),
    ...goals
      .filter(({ clientId }) => clientId === client)
      .flatMap((goal) => explanationLines(goalText(goal.goal), goal, realm)),
  ]);
  const assumed = new Set([...levels, ...goals].flatMap(({ assumes }) => assumes));
  const granted = assumed.size > 0 ? ['', 'Taken for granted', ...[...assumed].map((each) => `  ${each}`)] : [];
  return [...lines, ...granted].join('\n').trimStart();
}

function explanationLines(
  what: string,
  { ways, cannotTell, unsaid }: Pick<LevelExplanation, 'ways' | 'cannotTell' | 'unsaid'>,
  realm: string,
): string[] {
  const nothing = cannotTell.length > 0 ? 'nothing found, but not all was looked at' : 'nothing reaches it';
  if (unsaid !== undefined) {
    return [
      `  ${what} ← reached, but the token does not say it: ${unsaid.map(wayText).join(' | ')}`,
      ...cannotTell.map((reason) => `    cannot tell whether there are further ways: ${reason}`),
    ];
  }
  return [
    `  ${what} ← ${ways.map(wayText).join(' | ') || nothing}`,
    ...cannotTell.map((reason) => `    cannot tell whether there are further ways: ${reason}`),
    ...ways.flatMap((way) => [`    ${wayText(way)}`, ...way.witness.map((step) => `      - ${stepText(step, realm)}`)]),
  ];
}

function goalText(goal: Goal): string {
  return goal.kind === 'token' ? 'any token' : `${goal.kind} ${goal.name}`;
}

function wayText({ proofs, sessionAge, when }: Way): string {
  const names = proofs.map((proof) => proofText(proof, sessionAge));
  const facts = when.length > 0 ? ` if ${when.map(factText).join(' and ')}` : '';
  return `{${names.join(', ')}}${facts}`;
}

function proofText(proof: HeldProof, sessionAge: number | undefined): string {
  const [kind, acr] = proof.startsWith('session') ? proof.split(/:(.*)/) : [];
  const [provider, alias] = proof.split(/:(.*)/);
  if (provider === 'identity-provider') return `login at ${alias}`;
  if (provider === 'step') return `${alias} passed`;
  if (provider === 'identity-provider-account') return `anybody’s login at ${alias}`;
  if (kind === undefined) return NAMES[proof] ?? proof;
  const level = acr === undefined ? 'live session' : `live session at ${acr}`;
  return `${level}, at most ${sessionAge} s old`;
}

function factText(fact: string): string {
  const [, not, kind, value] = /^(not )?(has|role|attribute):(.*)$/.exec(fact) ?? [];
  const verb = { has: not ? 'has no' : 'has', role: not ? 'lacks the role' : 'has the role' }[kind as string];
  if (verb) return `the account ${verb} ${NAMES[value as string] ?? value}`;
  return `the account ${not ? 'lacks' : 'has'} the attribute ${value}`;
}

function stepText({ does, clientId, parameters, pages, acr }: WitnessStep, realm: string): string {
  const request = clientId && ` ${clientId}: ${requestText(does, clientId, parameters ?? {}, realm)}`;
  const answers = pages && pages.length > 0 ? `; ${pages.join('; ')}` : '';
  return `${does}${request ?? ''}${answers}${acr === undefined ? '' : ` → acr ${acr}`}`;
}

function requestText(
  does: string,
  clientId: string,
  parameters: Readonly<Record<string, string>>,
  realm: string,
): string {
  if (!does.startsWith('Open')) return new URLSearchParams({ client_id: clientId, ...parameters }).toString();
  const query = new URLSearchParams({ response_type: 'code', client_id: clientId, ...parameters });
  return `/realms/${realm}/protocol/openid-connect/auth?${query}`;
}
