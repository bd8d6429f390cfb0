/** Programs of users, which see the packed package alone. */

/** CommonJS: a stack, synthesized. */
export const INFRASTRUCTURE = `
const { App, TerraformStack } = require('cdktf');
const { AssuranceLevel, Factor, KeycloakProvider, StepUpFlow, StepUpRealm } = require('keycloak-step-up');
const app = new App({ outdir: 'out' });
const stack = new TerraformStack(app, 'mine');
new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com' });
const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver] });
realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
app.synth();
const { resource } = require('./out/stacks/mine/cdk.tf.json');
const { bindings } = require('keycloak-step-up');
console.log(JSON.stringify({ types: Object.keys(resource).sort(), raw: bindings.group.Group.tfResourceType }));
`;

/** An ES module of somebody who has no CDKTF. */
export const ESM_API = `
import { fromNetworks, ResourceServer } from 'keycloak-step-up/resource-server';
import { readRealmRepresentation } from 'keycloak-step-up/model';
import { check, RULES } from 'keycloak-step-up/checks';
import { movedLevels } from 'keycloak-step-up/review';
const server = new ResourceServer({ issuer: 'https://id.example.com/realms/acme', audience: 'api', levels: ['silver', 'gold'] });
const { status } = await server.requires({ acr: 'gold' })({});
const inside = fromNetworks(['10.0.0.0/8']).contains('10.1.2.3');
const model = readRealmRepresentation({ realm: 'acme' });
console.log(JSON.stringify({ status, inside, realm: check(model).model.realm, rules: RULES.length, moved: movedLevels(model, model) }));
`;

/** The entry points that are free of CDKTF, with types that must hold. */
export const TYPED_API = `
import { type AccessToken, accessTokenOf, fromNetworks, type Guard, protect, ResourceServer } from 'keycloak-step-up/resource-server';
import { readRealmRepresentation, type RealmModel, simulate } from 'keycloak-step-up/model';
import { check, type Finding } from 'keycloak-step-up/checks';
import { type MovedLevel, movedLevels } from 'keycloak-step-up/review';
import { createServer } from 'node:http';

const server = new ResourceServer({ issuer: 'https://id.example.com/realms/acme', audience: 'api', levels: { silver: 1, gold: 2 } });
const guard: Guard = server.requires({ acr: 'gold', maxAge: 300, amr: ['otp'], from: fromNetworks(['10.0.0.0/8']) });
const handler = protect(server, { acr: 'gold' });
createServer((request, response) =>
  handler(request, response, () => {
    const token: AccessToken = accessTokenOf(request);
    const subject: string | undefined = token.claims.sub;
    // @ts-expect-error a claim's type is known, so jose's types were found
    const wrong: number | undefined = token.claims.sub;
    response.end(subject);
    void wrong;
  }),
);
// @ts-expect-error a requirement names a level
server.requires({});
const model: RealmModel = readRealmRepresentation({ realm: 'acme' });
const findings: readonly Finding[] = check(model).findings;
const moved: readonly MovedLevel[] = movedLevels(model, model);
export { findings, guard, moved, simulate };
`;

/** The main entry point, with types that must hold. */
export const TYPED_INFRASTRUCTURE = `
import { App, TerraformStack } from 'cdktf';
import { AssuranceLevel, bindings, Duration, Factor, KeycloakProvider, StepUpChecks, StepUpFlow, StepUpRealm } from 'keycloak-step-up';

const stack = new TerraformStack(new App(), 'mine');
new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com' });
const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password(), maxAge: Duration.hours(1) });
const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver] });
realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
new bindings.group.Group(stack, 'operators', { realmId: realm.realmId, name: 'operators' });
// @ts-expect-error a group has a name
new bindings.group.Group(stack, 'others', { realmId: realm.realmId });
// @ts-expect-error a level has an acr
new AssuranceLevel(stack, 'gold', { loa: 2, provedBy: Factor.otp() });
StepUpChecks.applyTo(stack);
`;
