import { randomBytes } from 'node:crypto';
import { adminClient } from '../../sandbox/keycloak';
import { differences, type Standing, standingOf } from './declared';
import { type FaultProxy, startFaultProxy } from './fault-proxy';
import { faultOf, type Interruption, type ProbedServer } from './interruption';
import { type Visitors, visitors } from './logins';
import { BASE, type Change, isSame, type Shape, synthesize } from './stacks';
import { type Applied, type FolderOptions, type RealmFolder, realmFolder, toReplace } from './terraform';

/** What was found wrong at one moment. */
export interface Look {
  readonly when: 'after the break' | 'after the next apply' | 'after the command';
  /** Guarded things that a thief had. */
  readonly passed: readonly string[];
  /** Things that the owner was refused. */
  readonly refused: readonly string[];
  /** How what is bound differs from what was declared before or is declared now. */
  readonly differs: readonly string[];
  /** Of the apply that went before, if it failed. */
  readonly error?: string;
}

export interface Outcome {
  /** `not reached`: the apply had fewer requests. */
  readonly end: 'healed by the next apply' | 'healed by the command' | 'stuck' | 'wrong' | 'not reached';
  readonly looks: readonly Look[];
  /** Flows that nothing uses and no state knows. */
  readonly leftOver: number;
  /** Whether the state had 0 bytes and the backup was put back. */
  readonly stateRestored: boolean;
}

/** How a change goes undisturbed. */
export interface Reference {
  /** Changing requests of the apply, on the whole. */
  readonly requests: number;
  readonly from: Standing;
  readonly to: Standing;
}

/** A realm in which one interruption comes after the other. */
export interface Probe {
  /** What is deployed in it, if that is known. */
  readonly current?: Shape;
  /** Makes the change undisturbed. */
  measure(change: Change): Promise<Reference>;
  interrupt(interruption: Interruption, reference: Reference): Promise<Outcome>;
  /** Begins with a new realm the next time. */
  forget(): void;
  stop(): Promise<void>;
}

export async function startProbe(server: ProbedServer, options: FolderOptions): Promise<Probe> {
  const proxy = await startFaultProxy(server.url);
  const realm = `probe-${randomBytes(4).toString('hex')}`;
  const folder = await realmFolder(options, realm, proxy.url, synthesize(BASE));
  return new RealmProbe(server, proxy, folder, realm);
}

/** What an ordinary apply uses. */
const DEFAULT_PARALLELISM = 10;

class RealmProbe implements Probe {
  current?: Shape;
  private people?: Visitors;

  constructor(
    private readonly server: ProbedServer,
    private readonly proxy: FaultProxy,
    private readonly folder: RealmFolder,
    private readonly realm: string,
  ) {}

  async measure({ from, to }: Change): Promise<Reference> {
    await this.bringTo(from);
    const before = await this.standing(from);
    this.proxy.arm();
    await this.must(to);
    const requests = this.proxy.changes.length;
    const after = await this.standing(to);
    for (const [shape, { executions }] of [[from, before] as const, [to, after] as const]) {
      if (shape.bound) insistOnDeclared(shape, executions);
    }
    return { requests, from: before, to: after };
  }

  async interrupt(interruption: Interruption, reference: Reference): Promise<Outcome> {
    const { change, parallelism } = interruption;
    await this.bringTo(change.from);
    const people = await this.visitors();
    const json = synthesize(change.to);
    const killer = new AbortController();
    this.proxy.arm(faultOf(interruption, this.server, () => killer.abort()));
    const broken = await this.folder.apply(json, { parallelism, killed: killer.signal });
    await this.proxy.settled();
    const { struck } = this.proxy;
    this.proxy.arm();
    if (interruption.kind === 'Keycloak killed' && struck) await this.server.restart?.();
    const stateRestored = await this.folder.restoreState();
    this.current = undefined;
    if (!struck) return { end: 'not reached', looks: [], leftOver: 0, stateRestored };

    const look = async (when: Look['when'], applied: Applied): Promise<Look> => {
      const standing = await this.standing(change.to);
      const differs = applied.ok
        ? differences(reference.to, standing)
        : neither(standing, reference.from, reference.to);
      // Before a first deployment has bound its flow, nothing is guarded.
      const isOurs = applied.ok || standing.bound !== 'browser';
      return {
        when,
        passed: isOurs ? await people.thief() : [],
        refused: isOurs ? await people.owner(applied.ok && change.to.transfers) : [],
        differs,
        ...(!applied.ok && { error: applied.errors }),
      };
    };
    const looks = [await look('after the break', { ...broken, ok: false })];
    let end: Outcome['end'] = 'healed by the next apply';
    let applied = await this.folder.apply(json, { parallelism: DEFAULT_PARALLELISM });
    looks.push(await look('after the next apply', applied));
    if (!applied.ok) {
      const replace = toReplace(applied.errors);
      applied =
        replace.length > 0 ? await this.folder.apply(json, { parallelism: DEFAULT_PARALLELISM, replace }) : applied;
      if (replace.length > 0) looks.push(await look('after the command', applied));
      end = applied.ok ? 'healed by the command' : 'stuck';
    }
    const last = looks.at(-1) as Look;
    const isWrong = looks.some(({ passed, refused, differs }) => passed.length + refused.length + differs.length > 0);
    const leftOver = (await this.standing(change.to)).leftOver.length;
    if (applied.ok && last.differs.length === 0) this.current = change.to;
    return { end: isWrong && end !== 'stuck' ? 'wrong' : end, looks, leftOver, stateRestored };
  }

  forget(): void {
    this.current = undefined;
  }

  async stop(): Promise<void> {
    await this.removeRealm();
    await this.proxy.stop();
  }

  /** Deploys a shape undisturbed; in a new realm where the old one is not as declared. */
  private async bringTo(shape: Shape): Promise<void> {
    this.proxy.arm();
    if (this.current === undefined) {
      await this.removeRealm();
      await this.folder.forget();
    }
    if (!isSame(this.current, shape)) await this.must(shape);
  }

  private async must(shape: Shape): Promise<void> {
    // What is known to be as declared need not be read again.
    const refresh = this.current === undefined;
    const { ok, errors } = await this.folder.apply(synthesize(shape), { parallelism: DEFAULT_PARALLELISM, refresh });
    this.current = ok ? shape : undefined;
    if (!ok) throw new Error(`an undisturbed apply failed: ${errors}`);
  }

  private async standing(shape: Shape): Promise<Standing> {
    return standingOf(await adminClient(this.server), this.realm, synthesize(shape));
  }

  private async visitors(): Promise<Visitors> {
    this.people ??= await visitors(await adminClient(this.server), this.server.url, this.realm);
    return this.people;
  }

  private async removeRealm(): Promise<void> {
    this.people = undefined;
    const admin = await adminClient(this.server);
    if (await admin.realms.findOne({ realm: this.realm })) await admin.realms.del({ realm: this.realm });
  }
}

/** How what is bound differs from both, in its steps; empty if it is one of them. */
function neither(found: Standing, ...wanted: readonly Standing[]): string[] {
  const all = wanted.map(({ executions }) => differences({ ...found, executions }, found));
  return all.find((lines) => lines.length === 0) ?? all.at(-1) ?? [];
}

/** What the run measures itself by must be what is declared: as many steps as the stack has resources of them. */
function insistOnDeclared(shape: Shape, executions: readonly string[]): void {
  const { resource } = JSON.parse(synthesize(shape));
  const kinds = [resource.keycloak_authentication_subflow, resource.keycloak_authentication_execution];
  const declared = kinds.flatMap((resources) => Object.keys(resources)).length;
  if (declared !== executions.length) {
    throw new Error(`the stack declares ${declared} steps, and an undisturbed apply has bound ${executions.length}`);
  }
}
