import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../sandbox/run';

/** Notes whoever is looked up or called. */
const WATCH = `
const { appendFileSync } = require('node:fs');
const dns = require('node:dns');
const lookup = dns.lookup;
dns.lookup = (name, ...rest) => {
  appendFileSync(process.env.CALLS, name + '\\n');
  return lookup(name, ...rest);
};
`;

describe('The generator of the bindings', () => {
  const home = mkdtempSync(join(tmpdir(), 'step-up-generator-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('calls nobody and keeps nothing on a machine without Terraform', async () => {
    const calls = join(home, 'calls');
    const watch = join(home, 'watch.cjs');
    writeFileSync(calls, '');
    writeFileSync(watch, WATCH);
    const program =
      "require('./lib/bindings/generator').loadGenerator().then((it) => console.log(Object.keys(it).length))";
    const answer = await run(process.execPath, ['--require', watch, '--import', 'tsx', '--eval', program], {
      env: { PATH: home, CALLS: calls, CDKTF_HOME: join(home, 'cdktf') },
    });
    expect(answer).toMatchObject({ stdout: '5', stderr: '', code: 0 });
    expect(readFileSync(calls, 'utf8')).toBe('');
    expect(readdirSync(home)).not.toContain('cdktf');
  });
});
