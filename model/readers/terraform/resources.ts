import type { Unknown } from '../../realm-model';
import type { Value } from './expression';

/** A Keycloak resource or data source, as far as it is known. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  /** Whether Terraform manages it, or only reads it (a data source). */
  readonly managed: boolean;
  readonly values: Readonly<Record<string, Value>>;
  /** Addresses that are applied before it, if the source says. */
  readonly after: ReadonlySet<string>;
  /** The first address that its `lifecycle` says to replace it with, if the source says. */
  readonly replacedWith?: string;
}

/** What a Terraform source holds. */
export interface ResourceSet {
  readonly resources: readonly Resource[];
  /** The provider's source address. */
  readonly provider?: string;
  /** Parts that couldn't be read at all, such as modules of a configuration. */
  readonly unread: readonly UnreadPart[];
}

export interface UnreadPart extends Unknown {
  readonly address: string;
  /** Of a resource; a module can hold any. */
  readonly type?: string;
}

/** Only these matter; `keycloak_` is the prefix of both providers. */
export function isKeycloak(type: string): boolean {
  return type.startsWith('keycloak_');
}
