// What replicas of changebankd have around them: a Redis or Valkey server, the network between, a balancer and clients.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, createServer } from 'node:net';
import { startNginx, startProgram } from './frontproxies.mjs';
import { eventually, statusOf, temporaryFolder } from './revocation.mjs';

export { missing } from './frontproxies.mjs';

/** A Redis or Valkey server, `program`, on a port that stays the same. It is started by start(); without a folder it
 * keeps nothing, with one it keeps everything there. */
export class Store {
  constructor(program, port, more = []) {
    Object.assign(this, { program, port, more });
  }

  async start(folder) {
    await this.kill();
    this.process = startProgram(this.program, [
      '--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--daemonize', 'no',
      '--dir', folder ?? temporaryFolder(),
      ...(folder ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []),
      ...this.more,
    ]);
    const { child, text } = this.process;
    await eventually(`${this.program} listens`, async () => {
      if (child.exitCode !== null) throw new Error(text());
      const answer = await this.ask('PING');
      return answer === 'PONG' || answer.startsWith('NOAUTH');
    });
  }

  /** What the program's own client prints. */
  ask(...words) {
    const client = this.program.replace('-server', '-cli');
    return new Promise((resolve, reject) => {
      execFile(client, ['-p', String(this.port), ...words], { timeout: 20_000 },
        (error, stdout) => (error ? reject(error) : resolve(stdout.trim())));
    });
  }

  signal(name) {
    this.process.child.kill(name);
  }

  async kill() {
    if (!this.process) return;
    this.signal('SIGKILL');
    await this.process.ended;
    this.process = undefined;
  }
}

/** A way from one replica to a port of this machine that can be cut, and led elsewhere. */
export class Link {
  constructor(target) {
    Object.assign(this, { target, isCut: false, sockets: new Set(), taken: 0 });
    this.server = createServer((near) => this.#join(near));
  }

  async start() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    return this;
  }

  #join(near) {
    ++this.taken;
    const far = this.isCut ? undefined : connect(this.target, '127.0.0.1');
    for (const socket of far ? [near, far] : [near]) {
      this.sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        near.destroy();
        far?.destroy();
      });
    }
    if (!far) return near.destroy();
    near.pipe(far);
    far.pipe(near);
  }

  #drop() {
    for (const socket of this.sockets) socket.destroy();
  }

  cut() {
    this.isCut = true;
    this.#drop();
  }

  heal() {
    this.isCut = false;
  }

  leadTo(target) {
    this.target = target;
    this.#drop();
  }

  stop() {
    this.server.close();
    this.#drop();
  }
}

/** A server that takes part in no protocol: for each connection it calls the function of its state. */
export async function startStranger() {
  const stranger = { taken: 0, behave: () => {} };
  const sockets = new Set();
  const server = createServer((socket) => {
    ++stranger.taken;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    stranger.behave(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stranger.port = server.address().port;
  stranger.drop = () => sockets.forEach((socket) => socket.destroy());
  stranger.stop = () => {
    server.close();
    stranger.drop();
  };
  return stranger;
}

/** Starts nginx, which spreads requests over the ports. Resolves to its port and a function that stops it. */
export function startBalancer(ports) {
  return startNginx((port) => `
  upstream bank {
${ports.map((each) => `    server 127.0.0.1:${each} max_fails=0;`).join('\n')}
    keepalive 16;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://bank;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_next_upstream off;
    }
  }
`);
}

/** Clients that send requests all the time, with tokens that stay good and tokens that get revoked, and judge every
 * answer. */
export class Load {
  #good;
  #victims = new Map();
  #agent = new Agent({ keepAlive: true });
  #isOver = false;

  constructor(port, good, clients = 4) {
    this.port = port;
    this.#good = good;
    this.counts = { passed: 0, refused: 0 };
    this.faults = [];
    this.done = Promise.all(Array.from({ length: clients }, () => this.#run()));
  }

  /** From now on the token is sent, too. It may be refused. */
  add(token) {
    this.#victims.set(token, false);
  }

  /** The token must be refused wherever it is sent from now on. */
  mustRefuse(token) {
    this.#victims.set(token, true);
  }

  /** The token was seen enough. */
  remove(token) {
    this.#victims.delete(token);
  }

  /** Waits until so many further answers were judged. */
  judged(count) {
    const first = this.counts.passed + this.counts.refused;
    return eventually(`${count} answers`, () => this.counts.passed + this.counts.refused >= first + count);
  }

  async stop() {
    this.#isOver = true;
    await this.done;
    this.#agent.destroy();
  }

  async #run() {
    for (let i = 0; !this.#isOver; ++i) {
      const victims = [...this.#victims.keys()];
      const isVictim = i % 2 === 0 && victims.length > 0;
      const from = isVictim ? victims : this.#good;
      await this.#judge(from[Math.floor(Math.random() * from.length)], isVictim);
    }
  }

  async #judge(token, isVictim) {
    // As the request begins: later it may be too late for this one.
    const mustBeRefused = this.#victims.get(token) ?? false;
    const status = await statusOf(this, token, { agent: this.#agent }).catch((error) => error);
    const isRight = status === 200 ? !mustBeRefused : status === 401 && isVictim;
    if (!isRight) this.faults.push({ status, isVictim, mustBeRefused });
    ++this.counts[status === 200 ? 'passed' : 'refused'];
  }
}
