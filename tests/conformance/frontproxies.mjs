// Real proxies that stand before changebankd.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './changebankd.mjs';
import { eventually, temporaryFolder } from './revocation.mjs';

/** Why a test that needs the program is left out; false if it is there. */
export function missing(program) {
  return spawnSync(program, ['-v']).error ? `${program} is not installed` : false;
}

/** Starts a program that ends with this one. */
export function startProgram(program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  ended.then(() => process.off('exit', kill));
  return { child, ended, text: () => Buffer.concat(output).toString() };
}

/** Waits until the program listens on the port of this machine. Resolves to the port and a function that stops it. */
export async function listening(port, { child, ended, text }) {
  await eventually(`${child.spawnfile} listens`, () => {
    if (child.exitCode !== null) throw new Error(text());
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  });
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { port, stop };
}

/** Starts nginx with what `http` returns for its port as the content of the block http. Resolves to that port and a
 * function that stops it. */
export async function startNginx(http) {
  const folder = temporaryFolder();
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => {
    mkdirSync(join(folder, name));
    return `  ${name}_temp_path ${join(folder, name)};`;
  });
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(configuration, `
daemon off;
master_process off;
error_log stderr warn;
pid ${join(folder, 'nginx.pid')};
events { worker_connections 512; }
http {
  access_log off;
${paths.join('\n')}
${http(port)}
}
`);
  return listening(port, startProgram('nginx', ['-p', folder, '-c', configuration, '-e', 'stderr']));
}

/** Starts HAProxy with what `sections` returns for its port. Resolves to that port and a function that stops it. */
export async function startHaproxy(sections) {
  const port = await freePort();
  const configuration = join(temporaryFolder(), 'haproxy.cfg');
  writeFileSync(configuration, `
defaults
  timeout connect 5s
  timeout client 30s
  timeout server 30s
${sections(port)}
`);
  // -db: in the foreground.
  return listening(port, startProgram('haproxy', ['-db', '-f', configuration]));
}

/** The limit that askBeyondLimit() goes beyond. */
export const clientLimit = { 'limit.client.rate': 1, 'limit.client.burst': 2 };

/** Sends requests, which get `status`, until one is beyond the limit, whose refusal says when to come back. `send` gets the
 * number of those before. A second later another one would pass, so how many do is not certain. */
export async function askBeyondLimit(status, send) {
  for (let passed = 0; passed < 50; ++passed) {
    const response = await send(passed);
    if (response.status === status) continue;
    assert.equal(response.status, 429);
    assert.equal(response.headers['retry-after'], '1');
    assert.equal(response.headers['ratelimit-policy'], '"client";q=2;w=2');
    assert.equal(response.headers.ratelimit, '"client";r=0;t=1');
    return { response, passed };
  }
  return assert.fail('50 requests are within the limit');
}
