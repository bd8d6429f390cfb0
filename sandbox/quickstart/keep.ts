import { randomBytes } from 'node:crypto';
import pc from 'picocolors';
import { untilInterrupted } from '../cleanup';
import { createUser } from '../login';
import type { Play } from './play';
import { openShop } from './shop';

/**
 * Leaves the sandbox running until Ctrl-C and prints where to click, with the passwords of users made for just that.
 *
 * @param print writes to the terminal; nothing else gets the passwords
 */
export async function keepRunning({ stage, server }: Play, print: (line: string) => void): Promise<void> {
  const user = await createUser(stage.admin, stage.realm, { username: 'you', totp: true });
  const client = { issuer: `${stage.url}/realms/${stage.realm}`, clientId: stage.clientId };
  const shop = await openShop(client, stage.redirectUri, user);
  const lines: [string, string][] = [
    ['shop', shop ? shop.url : `not opened, as the port of ${stage.redirectUri} is taken`],
    ['user', `${user.username}, password ${user.password}`],
    ['authenticator app', user.totp?.uri(stage.realm, user.username) ?? ''],
    ['account console', `${client.issuer}/account/`],
    ['admin console', `${stage.url}/admin/master/console/#/${stage.realm}/authentication`],
  ];
  if (server.origin !== 'existing') lines.push(['administrator', await createAdministrator(stage.admin)]);
  print(lines.map(([what, where]) => `${pc.bold(what.padEnd(18))} ${where}`).join('\n'));
  print('Running until you press Ctrl-C.');
  await untilInterrupted();
  shop?.close();
}

async function createAdministrator(admin: Play['stage']['admin']): Promise<string> {
  const realm = 'master';
  const username = 'admin';
  const value = randomBytes(12).toString('base64url');
  const { id } = await admin.users.create({
    realm,
    username,
    enabled: true,
    credentials: [{ type: 'password', value, temporary: false }],
  });
  const role = await admin.roles.findOneByName({ realm, name: 'admin' });
  if (!role?.id || !role.name) throw new Error('The realm master has no role admin');
  await admin.users.addRealmRoleMappings({ realm, id, roles: [{ id: role.id, name: role.name }] });
  return `${username}, password ${value}`;
}
