import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { describe } from './configuration-error';

type Json = unknown;

const watched = new WeakSet<TerraformStack>();

/**
 * Refuses, at the validation of the stack that holds `scope`, every secret of Keycloak whose text would be written into the
 * synthesized JSON: in the provider's arguments, in any `keycloak_` resource, also by an override or in a map of further settings,
 * and in the default of a variable.
 */
export function refuseLiteralSecrets(scope: IConstruct): void {
  const stack = TerraformStack.of(scope);
  if (watched.has(stack)) return;
  watched.add(stack);
  stack.node.addValidation({ validate: () => literalSecrets(stack.toTerraform()) });
}

/** @returns what is wrong, one sentence each; never the secret itself */
export function literalSecrets(template: Json): string[] {
  const { provider, resource, data, variable, locals } = Object(template) as Record<string, Json>;
  const known: Known = { variables: record(variable), locals: record(locals) };
  const blocks = [
    ...entries(provider).map(([name, content]) => ({ where: `provider "${name}"`, name, content })),
    ...[...entries(resource), ...entries(data)].flatMap(([type, named]) =>
      entries(named).map(([name, content]) => ({ where: pathOf(content) ?? `${type}.${name}`, name: type, content })),
    ),
  ].filter(({ name }) => /^keycloak(_|$)/.test(name));
  return [
    ...blocks.flatMap(({ where, content }) =>
      texts(content)
        .filter(({ path, text }) => isSecret(path, text) && isWritten(text, known))
        .map(({ path }) => literal(`${where}: ${path.join('.')}`)),
    ),
    ...entries(variable).flatMap(([name, content]) => {
      const { sensitive, default: value } = record(content);
      return sensitive === true && holdsText(value) ? [literal(`default of the sensitive variable "${name}"`)] : [];
    }),
  ];
}

/** What is wrong with a secret that is written out. */
export const SECRET = {
  why: 'a secret that is written out is in the synthesized JSON, and with it in repositories, logs and build artifacts',
  instead:
    "Write a sensitive TerraformVariable without a default; the provider's own may be left out and come from its environment, such as KEYCLOAK_CLIENT_SECRET",
} as const;

function literal(value: string): string {
  return describe({ value: `${value} (not shown)`, ...SECRET });
}

/** Whether a text says nothing, or is made of values that are known at the apply only. */
export function isReference(text: string): boolean {
  return text === '' || !isWritten(text, { variables: {}, locals: {} });
}

interface Known {
  readonly variables: Readonly<Record<string, Json>>;
  readonly locals: Readonly<Record<string, Json>>;
}

/** Names of arguments, and of keys in maps of settings, whose value is a secret; dots, dashes and capitals count as `_`. */
const SECRET_NAME =
  /(^|_)(secret|secret_wo|password|passwd|passphrase|bind_credential|private_key|secret_key|signing_key|api_key|jwt_token|access_token|refresh_token|auth_token|authorization|cookie)$/;

/** User info with a password, which Terraform's provider hands on; a private key in any argument. */
const SECRET_TEXT = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*:[^/?#@\s]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/i;

function isSecret(path: readonly string[], text: string): boolean {
  if (/^(true|false)$/.test(text)) return false;
  const names = path.filter((part) => !/^\d+$/.test(part)).map(snake);
  const last = names.at(-1) ?? '';
  const ofPassword = last === 'value' && SECRET_NAME.test(names.at(-2) ?? '');
  return ofPassword || SECRET_NAME.test(last) || SECRET_TEXT.test(text);
}

function snake(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[.-]/g, '_')
    .toLowerCase();
}

/** Whether the text itself is in the template: no reference, or one to something that is written there. */
function isWritten(text: string, known: Known, seen: ReadonlySet<string> = new Set()): boolean {
  if (text === '') return false;
  // `$${` is how Terraform writes the two characters.
  const expressions = text.replaceAll('$${', '').match(/\$\{[^}]*\}/g) ?? [];
  const bare = expressions.map((expression) => expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'));
  const references = bare.flatMap(
    (expression) => expression.match(/[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)+|\bfile\w*\(/g) ?? [],
  );
  if (references.length === 0) return true;
  return references.some((reference) => {
    const [root, name = ''] = reference.split('.');
    if (seen.has(reference)) return false;
    const value =
      root === 'var' ? record(known.variables[name]).default : root === 'local' ? known.locals[name] : undefined;
    return texts(value).some(({ text: inner }) => isWritten(inner, known, new Set([...seen, reference])));
  });
}

function holdsText(value: Json): boolean {
  return texts(value).some(({ text }) => text !== '');
}

/** All texts in a block, with the way to each. What Terraform CDK writes about itself is left out. */
function texts(content: Json, path: readonly string[] = []): { path: readonly string[]; text: string }[] {
  if (typeof content === 'string') return [{ path, text: content }];
  if (content === null || typeof content !== 'object') return [];
  return Object.entries(content)
    .filter(([key]) => key !== '//')
    .flatMap(([key, value]) => texts(value, [...path, key]));
}

function pathOf(content: Json): string | undefined {
  const { metadata } = record(record(content)['//']);
  const { path } = record(metadata);
  return typeof path === 'string' ? path : undefined;
}

function record(value: Json): Readonly<Record<string, Json>> {
  return Object(value) as Record<string, Json>;
}

function entries(value: Json): [string, Json][] {
  return Object.entries(record(value));
}
