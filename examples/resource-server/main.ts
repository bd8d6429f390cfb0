import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { KeycloakProvider } from '../../lib';
import { ordersRealm } from './orders-realm';

const app = new App();
const stack = new TerraformStack(app, 'orders');
const variable = (name: string) => new TerraformVariable(stack, name, { type: 'string', sensitive: true }).stringValue;
new KeycloakProvider(stack, 'keycloak', {
  url: variable('keycloak_url'),
  clientId: variable('keycloak_client_id'),
  clientSecret: variable('keycloak_client_secret'),
});
ordersRealm(stack, { realmName: 'orders', redirectUri: 'http://127.0.0.1:8091/callback' });
stack.runAllValidations();
app.synth();
