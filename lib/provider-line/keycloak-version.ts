import { Annotations, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type RealmModel, readTerraformConfiguration } from '../../model';
import { type Lacking, lackingIn } from '../../model/keycloak/available-since';
import { compareVersions, isVersion, versionNote } from '../../model/keycloak/versions';
import { describe, insist } from '../support/configuration-error';

const told = new WeakMap<TerraformStack, string>();

/**
 * Tells which release of Keycloak the stack of `scope` is for. It is noted in the synthesized JSON, where `step-up` reads it, and
 * what the release lacks is refused when the stack is validated.
 *
 * @throws ConfigurationError if it is no release, or another one than was told before: a stack has one server
 */
export function tellKeycloakVersion(scope: IConstruct, version: string | undefined): void {
  if (version === undefined) return;
  const stack = TerraformStack.of(scope);
  const before = told.get(stack);
  insist(scope, isVersion(version), () => ({
    value: `keycloakVersion ${JSON.stringify(version)}`,
    why: 'it is no release of Keycloak',
    instead: 'Write three numbers, for example "26.7.4"',
  }));
  insist(scope, before === undefined || before === version, () => ({
    value: `keycloakVersion "${version}"`,
    why: `the stack is for ${before} already, and has one server`,
    instead: 'Tell the version once',
  }));
  if (before !== undefined) return;
  told.set(stack, version);
  stack.addOverride('//.keycloakVersion', version);
  const note = versionNote(version);
  if (note !== undefined) Annotations.of(scope).addInfo(note);
  scope.node.addValidation({ validate: () => validate(stack, version) });
}

/** The release that was told for the stack. */
export function toldKeycloakVersion(stack: TerraformStack): string | undefined {
  return told.get(stack);
}

/** Whether the stack of `scope` was told to be for an older release than this one. */
export function isOlderThan(scope: IConstruct, version: string): boolean {
  const ofStack = told.get(TerraformStack.of(scope));
  return ofStack !== undefined && compareVersions(ofStack, version) < 0;
}

function validate(stack: TerraformStack, version: string): string[] {
  return readTerraformConfiguration(stack.toTerraform())
    .flatMap((model: RealmModel) => lackingIn(model, version))
    .filter(({ feature }) => feature === undefined)
    .map((lacking) => describe(problemOf(lacking, version)));
}

function problemOf({ availability: { id, what, since, before }, use }: Lacking, version: string) {
  return {
    value: `${use.address ?? use.path}: ${id} (${what})`,
    why: `it needs Keycloak ${since}, and keycloakVersion is ${version}; an older one: ${before.charAt(0).toLowerCase()}${before.slice(1)}`,
    instead: `Upgrade to ${since} or later, or leave it out`,
  };
}
