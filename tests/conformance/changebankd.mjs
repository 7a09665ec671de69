// Starts changebankd for a test.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** A port that was free a moment ago, for a setting that must name it before the daemon listens. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts changebankd with these settings, on a free port unless they name one; `config` is the file for further ones,
 * `under` a command that runs it. Resolves to its URL, its log so far, its process, and functions that make it read its
 * settings again and stop it. The error of one that does not start has its exit status. */
export async function startChangebankd(settings, { config, under = [] } = {}) {
  const all = { 'server.port': 0, 'admin.socket': '', 'log.access': false, ...settings };
  const [program, ...options] = [
    ...under,
    `${process.env.CHANGEBANK_BIN}/changebankd`,
    ...(config ? [`--config=${config}`] : []),
    ...Object.entries(all).map(([key, value]) => `--define=${key}=${value}`),
  ];
  const child = spawn(
    program,
    options,
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Without the variables of the test, which changebankd would take for misspelt settings.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CHANGEBANK_'))),
    },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  ended.then(() => process.off('exit', kill));
  const log = [];
  const lines = createInterface({ input: child.stderr });
  const url = await new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      log.push(line);
      const match = /listening on ([^,\s"]+)/.exec(line);
      if (match) resolve(`http://${match[1]}`);
    });
    ended.then((status) => {
      const error = new Error(`changebankd ended before it listened:\n${log.join('\n')}`);
      reject(Object.assign(error, { status }));
    });
  });
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  const reload = () =>
    new Promise((resolve, reject) => {
      lines.on('line', function look(line) {
        if (!/ settings reloaded$/.test(line)) return;
        lines.off('line', look);
        resolve();
      });
      ended.then(() => reject(new Error(`changebankd ended instead of reloading:\n${log.join('\n')}`)));
      child.kill('SIGHUP');
    });
  return { url, log, child, ended, reload, stop };
}

/** The challenge of a response: its scheme, and its parameters by name. */
export function challengeOf(response) {
  const text = response.headers.get('www-authenticate') ?? '';
  const [, scheme, rest] = /^(\S+)(.*)$/.exec(text) ?? [undefined, '', ''];
  const parameters = [...rest.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  return { scheme, ...Object.fromEntries(parameters) };
}

/** Asks a route of the daemon with a token, or without one. */
export function ask(url, token, { path = '/make-change?total=1.02', method = 'GET' } = {}) {
  return fetch(new URL(path, url), { method, headers: token ? { authorization: `Bearer ${token}` } : {} });
}
