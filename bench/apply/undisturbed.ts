import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { adminClient } from '../../sandbox/keycloak';
import type { Progress } from '../../sandbox/progress';
import { differences, type Standing, standingOf } from './declared';
import { visitors } from './logins';
import type { Ground } from './run';
import { synthesizeFull } from './stacks';
import { realmFolder } from './terraform';

export interface UndisturbedOptions {
  /** How many applies, after the first. */
  readonly applies: number;
  /** Requests at once. @default 10, which is Terraform's */
  readonly parallelism?: number;
  /** No apply is begun later than this. @default never */
  readonly minutes?: number;
  readonly progress: Progress;
}

export interface UndisturbedResult {
  readonly applies: number;
  /** What Terraform said of each apply that failed. */
  readonly failed: readonly string[];
  /** What a thief had while an apply ran or after it. */
  readonly passed: readonly string[];
  /** Logins of the owner that did not end well in the moment in which a flow is exchanged. */
  readonly refused: readonly string[];
  /** How what was bound differed from what was bound after the first apply of the same stack. */
  readonly differs: readonly string[];
  /** Logins on the whole. */
  readonly logins: number;
}

const PAUSE_MS = 500;

/** Applies a full stack, a third level on and off, while a thief and an owner log in. */
export async function runUndisturbed(ground: Ground, options: UndisturbedOptions): Promise<UndisturbedResult> {
  const { server, provider, root } = ground;
  const { applies, parallelism = 10, minutes = Number.POSITIVE_INFINITY, progress } = options;
  const deadline = Date.now() + 60_000 * minutes;
  const admin = await adminClient(server);
  const realm = `undisturbed-${randomBytes(4).toString('hex')}`;
  const stacks = [synthesizeFull(false), synthesizeFull(true)] as const;
  const folder = await realmFolder({ root, provider, keycloak: server }, realm, server.url, stacks[0]);
  const result = {
    applies: 0,
    failed: [] as string[],
    passed: [] as string[],
    refused: [] as string[],
    differs: [] as string[],
    logins: 0,
  };
  const step = progress.step(`Applying ${applies} times, undisturbed`);
  let isOver = false;
  try {
    const first = await folder.apply(stacks[0], { parallelism });
    if (!first.ok) throw new Error(`the first apply failed: ${first.errors}`);
    const people = await visitors(admin, server.url, realm);
    const loginsBeside = (async () => {
      while (!isOver) {
        result.passed.push(...(await people.thief()));
        result.refused.push(...(await people.owner(false)));
        result.logins = people.logins;
        await sleep(PAUSE_MS);
      }
    })();
    const references = new Map<string, Standing>([[stacks[0], await standingOf(admin, realm, stacks[0])]]);
    try {
      while (result.applies < applies && Date.now() < deadline) {
        const json = stacks[(result.applies + 1) % 2] as string;
        const { ok, errors } = await folder.apply(json, { parallelism });
        result.applies += 1;
        step.update(`${result.applies}, ${result.failed.length} failed`);
        if (!ok) {
          result.failed.push(errors);
          progress.note(`apply ${result.applies} failed: ${errors.slice(0, 300)}`);
          continue;
        }
        const standing = await standingOf(admin, realm, json);
        const reference = references.get(json);
        if (reference) result.differs.push(...differences(reference, standing));
        else references.set(json, standing);
      }
    } finally {
      isOver = true;
      await loginsBeside;
    }
    step.done(`${result.applies} applies, ${result.failed.length} failed`);
    return result;
  } finally {
    if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
  }
}
