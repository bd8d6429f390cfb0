import { UserError } from '../protocol/diagnostics';
import type { AdminApi } from './api';

type Providers = Record<string, { providers: Record<string, unknown> } | undefined>;
type Themes = Record<string, { name: string }[] | undefined>;

/** Refuses the name of a provider (a required action, a password policy) that the server has not installed. */
export async function requireProvider(api: AdminApi, kind: string, name: string): Promise<void> {
  const { providers } = (await api.serverInfo()) as { providers: Providers };
  const installed = Object.keys(providers[kind]?.providers ?? {});
  if (installed.includes(name)) return;
  throw new UserError(`the server has no ${kind} "${name}"; it has: ${installed.sort().join(', ')}`);
}

/** Refuses a component of a provider that the server has not installed. */
export async function requireComponent(api: AdminApi, type: string, id: string): Promise<void> {
  const { componentTypes } = (await api.serverInfo()) as { componentTypes: Record<string, { id: string }[]> };
  const installed = (componentTypes[type] ?? []).map((component) => component.id);
  if (installed.includes(id)) return;
  throw new UserError(`the server has no provider "${id}"; it has: ${installed.sort().join(', ')}`);
}

/** Refuses the name of a theme that the server has not installed: Keycloak itself would take any name. */
export async function requireTheme(api: AdminApi, kind: string, name: string): Promise<void> {
  if (name === '') return;
  const { themes } = (await api.serverInfo()) as { themes: Themes };
  if (themes[kind]?.some((theme) => theme.name === name)) return;
  throw new UserError(`the server has no ${kind} theme "${name}"`);
}
