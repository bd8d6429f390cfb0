import { spawn, spawnSync } from 'node:child_process';

/** Says whether this machine's curl can answer with a Kerberos ticket; undefined if it can. */
export function missingForNegotiation(): string | undefined {
  const { status, stdout } = spawnSync('curl', ['--version'], { encoding: 'utf8' });
  if (status !== 0) return 'curl is not installed: install curl';
  return /\bSPNEGO\b/.test(stdout) ? undefined : 'curl is built without SPNEGO: install one with GSS-API';
}

/**
 * A `fetch` that shows the ticket of `env` to the server (SPNEGO, RFC 4559), as a browser does that trusts the host. It asks
 * curl, because Node has no GSS-API; redirects are left to the caller.
 */
export function negotiatingFetch(env: NodeJS.ProcessEnv): typeof fetch {
  return async (input, init) => {
    const wanted = new Request(input, init);
    const headers = [...wanted.headers].map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`);
    const body = await wanted.text();
    const config = [
      `url = ${quoted(wanted.url)}`,
      `request = ${wanted.method}`,
      ...headers,
      ...(body === '' ? [] : [`data-raw = ${quoted(body)}`]),
    ];
    const options = ['--silent', '--show-error', '--include', '--negotiate', '--user', ':', '--config', '-'];
    return response(await curl(options, config.join('\n'), env), wanted.url);
  };
}

/** Cookies and codes go by standard input: arguments can be seen in the process list. */
function curl(options: string[], config: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('curl', options, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output.stdout) : reject(new Error(output.stderr.trim()))));
    child.stdin.end(config);
  });
}

/** The last answer: before it curl shows the ones that only asked for the ticket. */
function response(text: string, url: string): Response {
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    rest = rest.slice(end + 4);
    if (rest.startsWith('HTTP/')) continue;
    const status = Number(statusLine.split(' ')[1]);
    const headers = new Headers();
    for (const line of lines)
      headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim());
    const empty = status === 204 || status === 304;
    // A response that is made by hand has no address, and the cookie jar asks for it.
    return Object.defineProperty(new Response(empty ? null : rest, { status, headers }), 'url', { value: url });
  }
}

function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
