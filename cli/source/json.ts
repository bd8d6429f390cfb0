import { CouldNotRun } from '../could-not-run';

/**
 * Parses a source. It may hold secrets, so that an error says where it is broken and never quotes it, as Node's own would.
 *
 * @param name of the source, for the error
 * @throws CouldNotRun if it is no JSON
 */
export function parseJson(content: string, name: string): unknown {
  const text = content.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.slice(0, brokenAt(text)).split('\n');
    const column = (lines.at(-1) as string).length + 1;
    throw new CouldNotRun(`${name}: no valid JSON, at line ${lines.length}, column ${column}`);
  }
}

const SPACE = /[ \t\r\n]*/y;
const TOKEN =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/uy;

/** What may come next, by what came last. */
const AFTER: Readonly<Record<string, string>> = { '[': ']v', '{': '}k', ':': 'v', ',': 'v', k: ':' };

/** The offset of the first token that JSON does not have there. */
function brokenAt(text: string): number {
  const open: string[] = [];
  let expected = 'v';
  let at = skip(text, 0);
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return at;
    const kind = kindOf(token, expected);
    const opens = kind === '{' || kind === '[';
    if (!expected.includes(opens ? 'v' : kind)) return at;
    if (opens) open.push(kind);
    if (kind === '}' || kind === ']') open.pop();
    const inside = open.at(-1);
    if (kind === ',' && inside === '{') expected = 'k';
    else expected = AFTER[kind] ?? (inside === undefined ? '' : inside === '{' ? ',}' : ',]');
    at = skip(text, at + token.length);
  }
  return at;
}

/** A key (k), a plain value (v), or punctuation. */
function kindOf(token: string, expected: string): string {
  if (token.startsWith('"')) return expected.includes('k') ? 'k' : 'v';
  if (!/^[{}[\],:]$/.test(token)) return 'v';
  return token;
}

function skip(text: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.exec(text);
  return SPACE.lastIndex;
}
