import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = `
const { untilInterrupted } = require('./sandbox/cleanup');
const alive = untilInterrupted();
console.log('ready');
alive.then(() => setTimeout(() => console.log('tidied up'), 3_000));
`;

describe('Ctrl-C while the sandbox is left running', () => {
  /** Sends SIGINT twice, this long after each other. */
  async function interrupted(between: number): Promise<{ code: number | null; output: string }> {
    const program = spawn(process.execPath, ['--import', 'tsx', '--eval', PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    program.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await once(program.stdout, 'data');
    program.kill('SIGINT');
    await sleep(between);
    program.kill('SIGINT');
    const [code] = await once(program, 'close');
    return { code, output };
  }

  // Each waits more than it works, so they wait at once.
  const [passedOn, pressedAgain] = [100, 1_500].map(interrupted);

  test('is one, even if npm or tsx passes it on', async () => {
    expect(await passedOn).toEqual({ code: 0, output: 'ready\ntidied up\n' });
  });

  test('ends at once when it is pressed again', async () => {
    expect(await pressedAgain).toEqual({ code: 130, output: 'ready\n' });
  });
});
