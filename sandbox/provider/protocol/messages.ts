/** A value of a resource on the wire. Terraform sends msgpack; JSON is allowed by the protocol. */
export interface DynamicValue {
  msgpack: Buffer;
  json: Buffer;
}

/** The fields of the provider service's requests; each call has those of its own message. */
export interface ProviderRequest {
  type_name: string;
  id: string;
  config: DynamicValue;
  prior_state: DynamicValue;
  proposed_new_state: DynamicValue;
  planned_state: DynamicValue;
  current_state: DynamicValue;
  raw_state: { json: Buffer };
}
