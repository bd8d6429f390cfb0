import { CustomUserFederation } from '@cdktf/provider-keycloak/lib/custom-user-federation';
import { Construct } from 'constructs';
import { insist } from '../support/configuration-error';
import type { StepUpRealm } from './step-up-realm';

export interface KerberosFederationProps {
  /** The realm of Keycloak whose users come from Kerberos. */
  readonly realm: StepUpRealm;
  /** Name of the Kerberos realm: `EXAMPLE.COM`. */
  readonly kerberosRealm: string;
  /** Principal of Keycloak's HTTP service, for the host name that browsers use: `HTTP/login.example.com@EXAMPLE.COM`. */
  readonly serverPrincipal: string;
  /** Absolute path, on the server that Keycloak runs on, of the keytab with that principal's key. */
  readonly keyTab: string;
  /**
   * Name of the federation in the admin console.
   * @default 'kerberos'
   */
  readonly name?: string;
  /**
   * Whether users may type their Kerberos password where a login asks for a password.
   * @default false: a ticket only
   */
  readonly allowPasswordAuthentication?: boolean;
  /**
   * Whether users complete their profile at the first login. Keycloak learns nothing but the user name from a ticket.
   * @default false
   */
  readonly updateProfileFirstLogin?: boolean;
}

const PRINCIPAL = /^HTTP\/[^/@\s]+@[^/@\s]+$/;

/**
 * Users of a Kerberos realm, as `Factor.kerberos()` needs them: a federation by the provider `kerberos`. A user is made in
 * Keycloak at the first login with a ticket, and can't change their password there (edit mode `READ_ONLY`).
 *
 * Source: Server Administration Guide, "Kerberos".
 *
 * @throws ConfigurationError on a principal that is not of an HTTP service of the Kerberos realm, and a path that is not
 * absolute.
 */
export class KerberosFederation extends Construct {
  /** The Terraform resource, for what the props don't cover. */
  readonly resource: CustomUserFederation;

  constructor(scope: Construct, id: string, props: KerberosFederationProps) {
    super(scope, id);
    const { realm, kerberosRealm, serverPrincipal, keyTab } = props;
    insist(this, PRINCIPAL.test(serverPrincipal) && serverPrincipal.endsWith(`@${kerberosRealm}`), () => ({
      value: `serverPrincipal ${JSON.stringify(serverPrincipal)}`,
      why: 'browsers ask the Kerberos realm for a ticket of the HTTP service of the host in the address bar',
      instead: `Write HTTP/<host name>@${kerberosRealm}`,
    }));
    insist(this, keyTab.startsWith('/'), () => ({
      value: `keyTab ${JSON.stringify(keyTab)}`,
      why: "a relative path is looked up in whatever folder Keycloak's process was started in",
      instead: 'Give the absolute path on the server',
    }));
    this.resource = new CustomUserFederation(this, 'Resource', {
      realmId: realm.realmId,
      name: props.name ?? 'kerberos',
      providerId: 'kerberos',
      enabled: true,
      config: {
        kerberosRealm,
        serverPrincipal,
        keyTab,
        editMode: 'READ_ONLY',
        allowPasswordAuthentication: String(props.allowPasswordAuthentication ?? false),
        updateProfileFirstLogin: String(props.updateProfileFirstLogin ?? false),
        debug: 'false',
      },
    });
  }
}
