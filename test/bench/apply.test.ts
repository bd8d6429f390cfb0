import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { differences, type Standing } from '../../bench/apply/declared';
import { type FaultProxy, startFaultProxy } from '../../bench/apply/fault-proxy';
import { interruptionsOf, KINDS } from '../../bench/apply/interruption';
import { CHANGES, synthesize } from '../../bench/apply/stacks';
import { toReplace } from '../../bench/apply/terraform';
import { Dice } from '../live/attacker/random';

describe('the command that an error gives', () => {
  test.each([
    ["run terraform apply -replace='terraform_data.browser_1' first", ['terraform_data.browser_1']],
    [
      'terraform apply -replace=terraform_data.a If others: terraform apply -replace="terraform_data.b"',
      ['terraform_data.a', 'terraform_data.b'],
    ],
    ['terraform apply -replace=terraform_data.a and again -replace=terraform_data.a', ['terraform_data.a']],
    ['If other flows say so too, give the -replace of each in one command.', []],
    ['409 Conflict', []],
  ])('in %j', (errors, addresses) => {
    expect(toReplace(errors)).toEqual(addresses);
  });
});

describe('what is bound', () => {
  const standing = (...executions: string[]): Standing => ({ executions, model: '{}', bound: 'flow', leftOver: [] });

  test('is the same where all steps are', () => {
    expect(differences(standing('a REQUIRED', '  b'), standing('a REQUIRED', '  b'))).toEqual([]);
  });

  test('differs by a step that is there twice', () => {
    expect(differences(standing('a', 'b'), standing('a', 'b', 'b'))).toEqual(['too much: b']);
  });

  test('differs by a step without its config', () => {
    expect(differences(standing('condition x=1'), standing('condition'))).toEqual([
      'lacks: condition x=1',
      'too much: condition',
    ]);
  });

  test('differs by order', () => {
    expect(differences(standing('a', 'b'), standing('b', 'a'))).toEqual(['the same steps in another order']);
  });
});

test('each request of a change is broken off in each way, with one and with ten requests at once', () => {
  const all = interruptionsOf(CHANGES[0] as (typeof CHANGES)[number], 3, KINDS, new Dice(1));
  expect(all).toHaveLength(3 * KINDS.length * 2);
  expect(all.every(({ kind, when }) => kind !== 'answer lost' || when === 'after')).toBe(true);
  expect(all.every(({ kind, when }) => kind !== 'refused' || when === 'before')).toBe(true);
});

test.each(CHANGES)('the stacks of "$name" differ, and hold no secret', ({ from, to }) => {
  expect(synthesize(from)).not.toBe(synthesize(to));
  expect(synthesize(to)).toContain('${var.client_secret}');
});

describe('the proxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  const seen: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end('done');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  beforeEach(() => {
    seen.length = 0;
  });
  afterAll(async () => {
    await proxy.stop();
    server.close();
  });
  const send = (method: string, path = '/admin/realms/x') => fetch(proxy.url + path, { method });

  test('passes on and counts what changes something', async () => {
    proxy.arm();
    expect(await (await send('GET')).text()).toBe('done');
    expect(await (await send('POST')).text()).toBe('done');
    expect(await (await send('POST', '/realms/master/protocol/openid-connect/token')).text()).toBe('done');
    expect(proxy.changes).toEqual(['POST /admin/realms/x']);
    expect(proxy.struck).toBe(false);
  });

  test('loses the answer to what was done', async () => {
    proxy.arm({ at: 2, when: 'after' });
    await send('PUT');
    await expect(send('DELETE')).rejects.toThrow();
    expect(seen).toEqual(['PUT /admin/realms/x', 'DELETE /admin/realms/x']);
    expect((await send('PUT')).ok).toBe(true);
  });

  test.each(['503', 'nothing'] as const)('refuses by %s what is never seen', async (answer) => {
    proxy.arm({ at: 1, when: 'before', answer });
    if (answer === '503') expect((await send('PUT')).status).toBe(503);
    else await expect(send('PUT')).rejects.toThrow();
    expect(seen).toEqual([]);
    expect(proxy.struck).toBe(true);
  });

  test('does something first', async () => {
    const acted: string[] = [];
    proxy.arm({ at: 1, when: 'before', act: () => void acted.push('killed') });
    await expect(send('POST')).rejects.toThrow();
    expect(acted).toEqual(['killed']);
    expect(seen).toEqual([]);
  });
});
