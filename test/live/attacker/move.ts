import type { Choice } from './knowledge';

/** One thing that an attacker does; plain data, so that an attack can be done again. */
export type Move =
  | { readonly does: 'open'; readonly browser: number; readonly request: OpenedRequest }
  | { readonly does: 'answer'; readonly tab: number; readonly choice: Choice }
  /** The form of the page before, sent again. */
  | { readonly does: 'answer again'; readonly tab: number; readonly choice: Choice }
  | { readonly does: 'cancel'; readonly tab: number }
  | { readonly does: 'try another way'; readonly tab: number; readonly index: number }
  | { readonly does: 'restart'; readonly tab: number; readonly keeping: boolean }
  | { readonly does: 'reload'; readonly tab: number }
  | { readonly does: 'forget cookie'; readonly browser: number; readonly cookie: string }
  | { readonly does: 'go to'; readonly tab: number; readonly door: 'reset-credentials' | 'registration' }
  | { readonly does: 'open mail'; readonly browser: number }
  | { readonly does: 'refresh'; readonly token: number }
  | {
      readonly does: 'password grant';
      readonly clientId: string;
      readonly scope: readonly string[];
      readonly choice: Choice;
    }
  | {
      readonly does: 'device';
      readonly browser: number;
      readonly clientId: string;
      readonly scope: readonly string[];
    }
  | { readonly does: 'poll'; readonly device: number }
  | { readonly does: 'wait'; readonly seconds: number };

/** An authorization request. */
export interface OpenedRequest {
  readonly clientId: string;
  readonly acrValues?: readonly string[];
  readonly acrClaim?: { readonly essential?: boolean; readonly values: readonly string[] };
  readonly scope?: readonly string[];
  readonly prompt?: readonly ('none' | 'login' | 'consent')[];
  readonly maxAge?: number;
  readonly action?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
