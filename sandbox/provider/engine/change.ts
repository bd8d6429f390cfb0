import type { ResourceSchema } from '../protocol/schema';
import type { Obj, Value } from '../protocol/values';
import type { AdminApi, Representation } from './api';
import { toRepresentation } from './representation';
import type { ResourceTable } from './table';

interface Parts {
  api: AdminApi;
  table: ResourceTable;
  schema: ResourceSchema;
  /** The values that are to be: the plan's in an apply, the state's in a read, an import or a delete. */
  data: Obj;
  /** The state before an apply; null where there is none. */
  prior?: Obj | null;
  /** The configuration of an apply: the only place where a write-only value is. */
  config?: Obj | null;
}

/** One operation on one resource: its values, and what is known of the object so far. */
export class Change {
  readonly api: AdminApi;
  readonly table: ResourceTable;
  readonly schema: ResourceSchema;
  readonly data: Obj;
  readonly prior: Obj | null;
  readonly config: Obj | null;
  #representation: Representation | undefined;

  constructor({ api, table, schema, data, prior = null, config = null }: Parts) {
    this.api = api;
    this.table = table;
    this.schema = schema;
    this.data = data;
    this.prior = prior;
    this.config = config;
  }

  /** The object's id in Terraform's state; empty before it is created. */
  get id(): string {
    return this.text('id');
  }

  /** Records that the object exists from here on, under this id. */
  created(id: string): void {
    this.data.id = id;
  }

  /** The representation that Keycloak is to have. */
  get representation(): Representation {
    this.#representation ??= toRepresentation(this);
    return this.#representation;
  }

  text(name: string): string {
    return (this.data[name] as string | null | undefined) ?? '';
  }

  flag(name: string): boolean {
    return this.data[name] === true;
  }

  number(name: string): number {
    return (this.data[name] as number | null | undefined) ?? 0;
  }

  list(name: string): string[] {
    return (this.data[name] as string[] | null | undefined) ?? [];
  }

  /** The elements of a list before the apply. */
  priorList(name: string): string[] {
    return (this.prior?.[name] as string[] | null | undefined) ?? [];
  }

  map(name: string): Record<string, string> {
    return (this.data[name] as Record<string, string> | null | undefined) ?? {};
  }

  /** The first element of a nested block, if the block is there. */
  block(name: string): Obj | undefined {
    return (this.data[name] as Value[] | null | undefined)?.[0] as Obj | undefined;
  }
}
