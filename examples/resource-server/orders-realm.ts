import type { Construct } from 'constructs';
import { AssuranceLevel, bindings, Duration, Factor, StepUpClient, StepUpFlow, StepUpRealm } from '../../lib';

/** Name of the API, which Keycloak puts into the audience of the shop's access tokens. */
export const ORDERS_API = 'orders-api';

export interface OrdersRealmProps {
  readonly realmName: string;
  /** Where the shop's logins return to. */
  readonly redirectUri: string;
  /** How long a one-time password counts. @default 5 minutes */
  readonly goldMaxAge?: Duration;
}

/** A realm with the levels silver and gold, and a shop whose access tokens are for the orders API. */
export function ordersRealm(scope: Construct, props: OrdersRealmProps): StepUpRealm {
  const silver = new AssuranceLevel(scope, 'silver', { acr: 'silver', provedBy: Factor.password() });
  const gold = new AssuranceLevel(scope, 'gold', {
    acr: 'gold',
    provedBy: Factor.otp(),
    maxAge: props.goldMaxAge ?? Duration.minutes(5),
  });
  const realm = new StepUpRealm(scope, 'realm', { name: props.realmName, levels: [silver, gold] });
  realm.bindBrowserFlow(new StepUpFlow(scope, 'browser', { realm }));
  const shop = new StepUpClient(scope, 'shop', {
    realm,
    clientId: 'shop',
    accessType: 'PUBLIC',
    validRedirectUris: [props.redirectUri],
  });
  new bindings.openidAudienceProtocolMapper.OpenidAudienceProtocolMapper(scope, 'audience', {
    realmId: realm.realmId,
    clientId: shop.resource.id,
    name: ORDERS_API,
    includedCustomAudience: ORDERS_API,
    addToIdToken: false,
  });
  return realm;
}
