import type { Representation } from '../engine/api';
import { quotedFlag } from '../engine/codecs';
import { at, block, type Field, type Fields, held } from '../engine/table';
import { isObject, type Obj, type Value } from '../protocol/values';

/** Keycloak leaves out a flag that is off. */
const flag = (property: string): Field =>
  at(property, { codec: { encode: (value) => (value === true ? 'true' : ''), decode: quotedFlag.decode } });

const plain: Fields = {
  host: at('host'),
  port: at('port'),
  from: at('from'),
  from_display_name: at('fromDisplayName'),
  reply_to: at('replyTo'),
  reply_to_display_name: at('replyToDisplayName'),
  envelope_from: at('envelopeFrom'),
  ssl: flag('ssl'),
  starttls: flag('starttls'),
  allow_utf8: flag('allowutf8'),
};

const basic: Fields = { username: at('user'), password: at('password') };

const token: Fields = {
  username: at('user'),
  url: at('authTokenUrl'),
  client_id: at('authTokenClientId'),
  client_secret: at('authTokenClientSecret'),
  scope: at('authTokenScope'),
};

/** Keycloak answers this for a secret: the one that Terraform knows stays in the state. */
const MASKED = '**********';

/** After an import only the mask is known, which cannot be compared: it counts as no change. */
const secret = held({ same: (_configured, known) => known === MASKED });

/** The mail server. Keycloak keeps it as a flat map of texts and leaves out what is not set. */
export const smtpServer: Field = {
  block: {
    ...plain,
    auth: block({ username: held(), password: secret }, { conflictsWith: ['token_auth'] }),
    token_auth: block({ username: held(), url: held(), client_id: held(), client_secret: secret, scope: held() }),
  },
  write: (value, realm) => {
    const server = firstOf(value);
    const sent: Representation = {};
    if (server) {
      send(plain, server, sent);
      const login = firstOf(server.auth);
      const tokenLogin = firstOf(server.token_auth);
      if (login) Object.assign(sent, send(basic, login, sent), { auth: 'true', authType: 'basic' });
      else if (tokenLogin) Object.assign(sent, send(token, tokenLogin, sent), { auth: 'true', authType: 'token' });
    }
    realm.smtpServer = sent;
  },
  read: (realm, change) => {
    const sent = (realm.smtpServer ?? {}) as Representation;
    if (Object.keys(sent).length === 0) return [];
    const held = change.block('smtp_server');
    const usesLogin = quotedFlag.decode(sent.auth) === true;
    const usesToken = sent.authType === 'token';
    return [
      {
        ...receive(plain, sent, undefined),
        auth: usesLogin && !usesToken ? [receive(basic, sent, firstOf(held?.auth))] : [],
        token_auth: usesLogin && usesToken ? [receive(token, sent, firstOf(held?.token_auth))] : [],
      },
    ];
  },
};

function firstOf(value: Value | undefined): Obj | undefined {
  const first = Array.isArray(value) ? value[0] : undefined;
  return isObject(first) ? first : undefined;
}

function send(fields: Fields, values: Obj, target: Representation): Representation {
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name] ?? '';
    const sent = field.codec ? field.codec.encode(value) : value;
    if (sent !== '') target[field.at?.[0] ?? ''] = sent;
  }
  return target;
}

function receive(fields: Fields, source: Representation, held: Obj | undefined): Obj {
  const values = Object.entries(fields).map(([name, field]) => {
    const raw = source[field.at?.[0] ?? ''];
    if (raw === MASKED) return [name, held?.[name] ?? MASKED];
    return [name, field.codec ? field.codec.decode(raw) : ((raw ?? '') as Value)];
  });
  return Object.fromEntries(values);
}
