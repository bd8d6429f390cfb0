import { LocalBackend, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import {
  AssuranceLevel,
  Factor,
  KeycloakProvider,
  StepUpChecks,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpRealm,
} from '../lib';
import { useRemoteBackend } from './backend';
import type { Environment } from './environment';

/**
 * A realm with two levels, silver (password) and gold (one-time password), a client and a sensitive scope.
 * Copy it, and change it to what your realm needs.
 */
export class StepUpStack extends TerraformStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment.name);
    StepUpChecks.applyTo(this);
    this.keepState(environment);
    this.connect(environment);

    const silver = new AssuranceLevel(this, 'silver', { acr: 'silver', provedBy: Factor.password() });
    const gold = new AssuranceLevel(this, 'gold', {
      acr: 'gold',
      provedBy: Factor.otp(),
      maxAge: environment.goldMaxAge,
    });
    const realm = new StepUpRealm(this, 'realm', {
      name: this.realmName(environment),
      levels: [silver, gold],
      sslRequired: environment.sslRequired,
      keycloakVersion: environment.keycloakVersion,
    });
    const payments = new StepUpClientScope(this, 'payments', { realm, name: 'payments', requires: gold });
    realm.bindBrowserFlow(new StepUpFlow(this, 'browser', { realm, scopes: [payments] }));
    const shop = new StepUpClient(this, 'shop', {
      realm,
      clientId: 'shop',
      accessType: 'PUBLIC',
      validRedirectUris: environment.shopRedirectUris,
      optionalScopes: [payments],
    });

    new TerraformOutput(this, 'realm_id', { value: realm.realmId });
    new TerraformOutput(this, 'client_id', { value: shop.clientId });
  }

  private keepState(environment: Environment): void {
    if (environment.state === 'remote') {
      useRemoteBackend(this, environment.name);
    } else {
      // Terraform runs in cdktf.out/stacks/<name>; the state must outlive cdktf.out.
      new LocalBackend(this, { path: `../../../terraform.${environment.name}.tfstate` });
    }
  }

  private connect({ sandboxUrl }: Environment): void {
    const url = new TerraformVariable(this, 'keycloak_url', {
      type: 'string',
      description: 'URL of the Keycloak server',
      default: sandboxUrl,
      sensitive: sandboxUrl === undefined,
      nullable: false,
    });
    const clientId = new TerraformVariable(this, 'keycloak_client_id', {
      type: 'string',
      description: 'Client of the realm master that Terraform uses, with a service account',
      sensitive: true,
      nullable: false,
    });
    const clientSecret = new TerraformVariable(this, 'keycloak_client_secret', {
      type: 'string',
      description: 'Secret of that client',
      sensitive: true,
      nullable: false,
    });
    new KeycloakProvider(this, 'keycloak', {
      url: url.stringValue,
      clientId: clientId.stringValue,
      clientSecret: clientSecret.stringValue,
    });
  }

  private realmName({ realmName }: Environment): string {
    return new TerraformVariable(this, 'realm_name', {
      type: 'string',
      description: 'Name of the realm',
      default: realmName,
      nullable: false,
    }).stringValue;
  }
}
