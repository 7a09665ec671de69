// A server under measurement: started, awaited, stopped.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../..')
export const bin = path.join(root, 'build/bench/bin')
export const scratch = path.join(root, 'build/bench/rig')
export const firstPort = Number(process.env.BENCH_PORT ?? 28100)
mkdirSync(scratch, { recursive: true })

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** One request; resolves to { status, body }, or to status 0 if there is no answer. */
export const ask = ({ port, isSecure }, target, headers = {}) =>
  new Promise((resolve) => {
    const options = { port, host: '127.0.0.1', path: target, headers, agent: false, rejectUnauthorized: false }
    const request = (isSecure ? https : http).get(options, (response) => {
      let body = ''
      response.on('data', (part) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
    request.on('error', () => resolve({ status: 0, body: '' }))
  })

export class Server {
  constructor(name, command, port, { ready = '/livez', readyStatus = 200, environment = {}, isSecure = false } = {}) {
    Object.assign(this, { name, command, port, ready, readyStatus, environment, isSecure })
  }

  /** Returns the milliseconds from the start to the first good answer. */
  async start() {
    if ((await ask(this, this.ready)).status !== 0) throw new Error(`port ${this.port} is in use`)
    const log = createWriteStream(path.join(scratch, `${this.name.replaceAll(/\W+/g, '-')}.log`))
    await once(log, 'open')
    const begun = process.hrtime.bigint()
    this.process = spawn(this.command[0], this.command.slice(1), {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.environment },
    })
    this.ended = once(this.process, 'exit')
    for (let tries = 0; (await ask(this, this.ready)).status !== this.readyStatus; ++tries) {
      if (this.process.exitCode !== null || tries > 20_000) {
        await this.stop()
        throw new Error(`${this.name} did not start: ${log.path}`)
      }
      await sleep(1)
    }
    return Number(process.hrtime.bigint() - begun) / 1e6
  }

  async stop() {
    this.process.kill('SIGTERM')
    const force = setTimeout(() => this.process.kill('SIGKILL'), 5000)
    await this.ended
    clearTimeout(force)
  }

  /** Microseconds of processor time so far, of the process and its children that live. */
  processorTime() {
    const { pid } = this.process
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean)
    const ticks = (id) => {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
      return Number(fields[11]) + Number(fields[12])
    }
    return [pid, ...children].reduce((sum, id) => sum + ticks(id), 0) * 10_000
  }

  /** Megabytes resident: now ('VmRSS') or at most so far ('VmHWM'). */
  resident(which = 'VmRSS') {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
    return Number(status.match(new RegExp(`${which}:\\s+(\\d+)`))[1]) / 1024
  }
}

/** Serves a key set that can be exchanged while others fetch it. */
export class KeyServer {
  constructor(port, document) {
    Object.assign(this, { port, document, fetches: 0 })
    this.server = http.createServer((request, response) => {
      ++this.fetches
      response.setHeader('Content-Type', 'application/json')
      response.end(this.document)
    })
  }
  async start() {
    this.server.listen(this.port, '127.0.0.1')
    await once(this.server, 'listening')
  }
  stop() {
    this.server.close()
    this.server.closeAllConnections?.()
  }
  get url() {
    return `http://127.0.0.1:${this.port}/jwks.json`
  }
}

export const ours = (port, keys, settings = {}) =>
  new Server(
    'changebankd',
    [
      path.join(bin, 'changebankd'),
      `--config=${path.join(root, 'etc/changebank.properties')}`,
      ...Object.entries({
        'server.port': port,
        'server.maxConnections': 20000,
        'admin.socket': '',
        'auth.issuer': 'http://localhost:9011',
        'auth.audience': 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e',
        'auth.jwks.uri': keys.url,
        'log.access': false,
        ...settings,
      }).map(([key, value]) => `--define=${key}=${value}`),
    ],
    port,
    { ready: '/readyz', isSecure: 'server.tls.key' in settings },
  )

/** A certificate for this machine and its key, good for a day: { certificate, key }. */
export function makeCertificate() {
  const [certificate, key] = ['certificate.pem', 'certificate.key'].map((name) => path.join(scratch, name))
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
    '-subj', '/CN=localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  return { certificate, key }
}

const nginxTls = ({ certificate, key }) =>
  `ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_protocols TLSv1.2 TLSv1.3;`

const nginxConfiguration = (port, tls) => `
worker_processes auto;
pid ${scratch}/nginx.pid;
error_log ${scratch}/nginx-error.log;
daemon off;
events { worker_connections 20000; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ${scratch}/nginx-body;
  proxy_temp_path ${scratch}/nginx-proxy;
  fastcgi_temp_path ${scratch}/nginx-fastcgi;
  uwsgi_temp_path ${scratch}/nginx-uwsgi;
  scgi_temp_path ${scratch}/nginx-scgi;
  default_type application/json;
  large_client_header_buffers 4 32k;
  server {
    listen 127.0.0.1:${port} ${tls ? 'ssl' : ''} backlog=4096;
    ${tls ? nginxTls(tls) : ''}
    location / { return 200 '{"total":1.02,"nickels":20,"pennies":2}'; }
  }
}
`

export const nginx = (port, tls) => {
  const file = path.join(scratch, tls ? 'nginx-tls.conf' : 'nginx.conf')
  writeFileSync(file, nginxConfiguration(port, tls))
  return new Server('nginx return 200', ['nginx', '-e', `${scratch}/nginx-error.log`, '-c', file], port, { isSecure: Boolean(tls) })
}

/** A server behind a proxy, such as the API: nginx, which returns a constant. */
export const smallApi = (port, name = 'small API') => {
  const words = name.replaceAll(/\W+/g, '-')
  const file = path.join(scratch, `${words}.conf`)
  writeFileSync(file, nginxConfiguration(port).replace('nginx.pid', `${words}.pid`))
  return new Server(name, ['nginx', '-e', `${scratch}/nginx-error.log`, '-c', file], port)
}

/** The location of packaging/proxies/nginx.conf without a guard. */
const bareSite = (port, apiPort) => `
  upstream api { server 127.0.0.1:${apiPort}; keepalive 32; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://api;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
    }
  }
`

const guardedSite = (port, apiPort, { server, uri }) =>
  [
    ['server 127.0.0.1:8080', `server 127.0.0.1:${apiPort}`],
    ['listen 80;', `listen 127.0.0.1:${port} backlog=4096;`],
    ['unix:/run/changebank/decision.sock', server],
    ['http://changebank/decision', `http://changebank${uri}`],
  ].reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`packaging/proxies/nginx.conf has no ${from}`)
    return text.replace(from, to)
  }, readFileSync(path.join(root, 'packaging/proxies/nginx.conf'), 'utf8'))

/**
 * nginx before that API: alone, or as packaging/proxies/nginx.conf sets it up, which asks `guard`: the address in its upstream
 * block and the URI that decides.
 */
export const proxy = (name, port, apiPort, guard) => {
  const site = guard ? guardedSite(port, apiPort, guard) : bareSite(port, apiPort)
  const file = path.join(scratch, `${name.replaceAll(/\W+/g, '-')}.conf`)
  const begin = nginxConfiguration(port)
  // Root's workers would be somebody else, who may not open the socket.
  const user = process.getuid() === 0 ? 'user root;' : ''
  writeFileSync(file, `${user}${begin.slice(0, begin.indexOf('  server {')).replace('nginx.pid', 'proxy.pid')}${site}}\n`)
  return new Server(name, ['nginx', '-e', `${scratch}/nginx-error.log`, '-c', file], port,
    { ready: '/make-change?total=1.02', readyStatus: guard ? 401 : 200 })
}

const here = path.join(root, 'tests/bench/peers')
const express = (name, file, port, pem) =>
  new Server(name, ['node', path.join(scratch, 'express', file), port, pem].map(String), port, {
    environment: { NODE_ENV: 'production' },
  })

export const guardedPeers = (port, pem) => [
  new Server('Boost.Beast + OpenSSL', [path.join(bin, 'peer_beast'), port, pem].map(String), port),
  new Server('POCO HTTPServer + Poco::JWT', [path.join(bin, 'peer_poco'), port, pem].map(String), port),
  new Server('Go net/http + golang-jwt', [path.join(bin, 'peer_go'), port, pem].map(String), port),
  express('Express + jose', 'server.mjs', port, pem),
]

/** The one that takes bound tokens with their proofs. */
export const boundPeer = (port, pem) => express('Express + express-oauth2-jwt-bearer', 'bound.mjs', port, pem)
