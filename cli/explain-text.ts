import type { HeldProof, LevelExplanation, Way, WitnessStep } from '../model';

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
  request: 'altered request',
  header: 'forged header',
};

/** The levels of each client, one way a line, followed by how each is done. */
export function explanationText(levels: readonly LevelExplanation[], realm: string): string {
  const lines: string[] = [];
  let client: string | undefined;
  for (const level of levels) {
    if (level.clientId !== client) lines.push('', `Client ${level.clientId}`);
    client = level.clientId;
    lines.push(`  ${level.acr} ← ${level.ways.map(wayText).join(' | ') || 'nothing reaches it'}`);
    for (const reason of level.cannotTell) lines.push(`    cannot tell whether there are further ways: ${reason}`);
    for (const way of level.ways)
      lines.push(`    ${wayText(way)}`, ...way.witness.map((step) => `      - ${stepText(step, realm)}`));
  }
  return lines.join('\n').trimStart();
}

function wayText({ proofs, sessionAge, when }: Way): string {
  const names = proofs.map((proof) => proofText(proof, sessionAge));
  const facts = when.length > 0 ? ` if ${when.map(factText).join(' and ')}` : '';
  return `{${names.join(', ')}}${facts}`;
}

function proofText(proof: HeldProof, sessionAge: number | undefined): string {
  const [kind, acr] = proof.startsWith('session') ? proof.split(/:(.*)/) : [];
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
