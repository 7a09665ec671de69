// Tokens as FusionAuth's, events as its webhooks send them, and changebankd with revocations.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as jose from 'jose';
import { startChangebankd } from './changebankd.mjs';

export const webhookPath = '/webhooks/fusionauth';
export const signatureField = 'x-fusionauth-signature-jwt';

export const now = () => Math.floor(Date.now() / 1000);

/** Waits until the check returns something that is true, and resolves to it. */
export async function eventually(what, check, { within = 40_000, every = 20 } = {}) {
  const end = Date.now() + within;
  for (let last; ;) {
    try {
      last = await check();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${within} ms; last: ${last?.stack ?? last}`);
    await pause(every);
  }
}

const root = mkdtempSync(join(tmpdir(), 'revocation-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));

/** A folder that is removed at the end. */
export function temporaryFolder() {
  return mkdtempSync(join(root, '-'));
}

/** Sends a request, by default to a port of this machine. Resolves to the response and its body as text. */
export function send(options, body) {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', timeout: 60_000, ...options }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer to ${options.method ?? 'GET'} ${options.path}`)));
    request.on('error', reject);
    request.end(body);
  });
}

const keyTypes = {
  ES256: ['ec', { namedCurve: 'P-256' }],
  RS256: ['rsa', { modulusLength: 2048 }],
  EdDSA: ['ed25519', {}],
};

/** A key pair for signatures, its public key also as a JWK and in PEM. */
export function newKey(kid, alg = 'ES256') {
  const { publicKey, privateKey } = generateKeyPairSync(...keyTypes[alg]);
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
  return { kid, alg, privateKey, jwk, pem: publicKey.export({ type: 'spki', format: 'pem' }) };
}

/** Starts the server with the keys of FusionAuth's tenants: one that signs access tokens, one that signs events, and
 * one that does something else. Resolves to its issuer, its keys, how often it was asked, and functions that make
 * access tokens and stop it. */
export async function startTenant() {
  const keys = { tokens: newKey('tokens'), events: newKey('events'), other: newKey('other') };
  const tenant = { keys, asked: 0 };
  const server = createServer((_, response) => {
    ++tenant.asked;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: Object.values(keys).map(({ jwk }) => jwk) }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  tenant.issuer = `http://127.0.0.1:${server.address().port}`;
  tenant.mint = (claims, by = keys.tokens) =>
    new jose.SignJWT({
      iss: tenant.issuer, tty: 'at', jti: randomUUID(), roles: ['teller'], iat: now() - 60, exp: now() + 3600,
      ...claims,
    }).setProtectedHeader({ alg: by.alg, kid: by.kid, typ: 'JWT' }).sign(by.privateKey);
  tenant.stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections?.();
    });
  return tenant;
}

/** The claims of a user's session: the tokens of one refresh token. */
export function newSession({ application, tenant = randomUUID(), ...claims } = {}) {
  const id = application ?? randomUUID();
  return { sub: randomUUID(), sid: randomUUID(), tid: tenant, aud: id, applicationId: id, ...claims };
}

/** An event as FusionAuth sends it, created half a second after an instant. */
export function eventOf(type, members = {}, { at = now() - 30, createInstant = at * 1000 + 500 } = {}) {
  const info = { ipAddress: '192.0.2.7' };
  return { event: { type, id: randomUUID(), createInstant, tenantId: randomUUID(), info, ...members } };
}

/** The event that says that the refresh token of a session was revoked. */
export function sessionRevoked({ sub, sid, tid, applicationId }, options) {
  return eventOf('jwt.refresh-token.revoke', {
    tenantId: tid,
    userId: sub,
    applicationId,
    applicationTimeToLiveInSeconds: { [applicationId]: 3600 },
    refreshToken: { id: sid, applicationId, userId: sub },
    user: { id: sub, email: `${sub}@example.com`, active: true },
  }, options);
}

/** The event that says that a user was deactivated. */
export function userDeactivated({ sub, tid }, options) {
  const user = { id: sub, email: `${sub}@example.com`, active: false };
  return eventOf('user.deactivate', { tenantId: tid, user }, options);
}

export const hashOf = (body) => createHash('sha256').update(body).digest('base64');

/** The signature of a body by a key, as FusionAuth makes it unless header or claims say otherwise. */
export function signatureOf(key, body, { header = {}, claims = { request_body_sha256: hashOf(body) } } = {}) {
  return new jose.SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, typ: 'JWT', kid: key.kid, ...header })
    .sign(header.alg?.startsWith('HS') ? Buffer.from(key.pem) : key.privateKey);
}

/** Sends a body to a daemon's webhook, by default with a good signature. Resolves to the response, with what its JSON
 * says. */
export async function postBody(bank, body, { signature, key = bank.eventsKey, headers = {}, ...more } = {}) {
  const own = signature === null ? {} : { [signatureField]: signature ?? (await signatureOf(key, body)) };
  const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...own, ...headers };
  const response = await send({
    ...bank.webhook, method: 'POST', path: webhookPath, agent: false,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    ...more,
  }, body);
  return { ...response, ...(response.body.startsWith('{') ? JSON.parse(response.body) : {}) };
}

/** Sends an event to a daemon's webhook. */
export function post(bank, event, options) {
  return postBody(bank, JSON.stringify(event), options);
}

/** Sends an event, which must be kept. */
export async function keep(bank, event) {
  const response = await post(bank, event);
  assert.equal(response.status, 200, response.body);
  assert.equal(response.outcome, 'kept');
}

/** The status of a request with a token. */
export async function statusOf(bank, token, options = {}) {
  return (await answerTo(bank, token, options)).status;
}

/** The response to a request with a token. */
export function answerTo(bank, token, { path = '/make-change?total=1.02', ...options } = {}) {
  return send({ port: bank.port, path, headers: { authorization: `Bearer ${token}` }, ...options });
}

/** That the token is refused as revoked. */
export async function assertRevoked(bank, token, what) {
  const response = await answerTo(bank, token);
  assert.equal(response.status, 401, what);
  assert.equal(JSON.parse(response.body).code, 'ERR_JWT_REVOKED', what);
  assert.match(response.headers['www-authenticate'], /error="invalid_token"/);
}

/** What changebankctl prints for a daemon; the error of one that fails has `code` and `stderr`. */
export function control(bank, ...words) {
  const program = `${process.env.CHANGEBANK_BIN}/changebankctl`;
  return new Promise((resolve, reject) => {
    execFile(program, [`--socket=${bank.adminSocket}`, ...words], { timeout: 60_000, env: {} },
      (error, stdout, stderr) => (error ? reject(Object.assign(error, { stderr })) : resolve(stdout)));
  });
}

/** What the daemon says of its revocations. */
export async function revocationStatus(bank) {
  return JSON.parse(await control(bank, '--json', 'status')).revocation;
}

/** The metrics of revocations by name and labels, without "changebank_". */
export async function metricsOf(bank) {
  const { body } = await send({ socketPath: bank.adminSocket, path: '/metrics' });
  const lines = body.matchAll(/^changebank_(revocation\S*) (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, Number(value)]));
}

/** Where a daemon serves webhooks, after its log. */
async function webhookOf(log) {
  const line = await eventually('the webhook is served', () =>
    log.map((text) => /revocation served on ([^\s"]+)/.exec(text)).find((match) => match));
  return line[1].startsWith('/') ? { socketPath: line[1] } : { port: Number(/:(\d+)$/.exec(line[1])[1]) };
}

/** Starts changebankd for a tenant's tokens. Unless the settings say otherwise it takes events on a port, signed by the
 * tenant's key for them, and keeps nothing yet: the settings name the file or the store. */
export async function startBank(tenant, settings, options = {}) {
  const adminSocket = join(temporaryFolder(), 'admin.sock');
  const daemon = await startChangebankd({
    'auth.issuer': tenant.issuer,
    'auth.jwks.uri': `${tenant.issuer}/jwks`,
    'auth.algorithms': 'ES256',
    'auth.leeway': '30s',
    'admin.socket': adminSocket,
    'revocation.listen': '127.0.0.1:0',
    'revocation.webhook.kids': 'events',
    ...settings,
  }, options);
  const port = Number(new URL(daemon.url).port);
  const bank = { ...daemon, adminSocket, port, eventsKey: tenant.keys.events };
  if (settings['revocation.listen'] !== '') bank.webhook = await webhookOf(daemon.log);
  bank.kill = () => {
    bank.isKilled = true;
    daemon.child.kill('SIGKILL');
    return daemon.ended;
  };
  return bank;
}

/** Runs a test before a daemon, which start() starts and which must end well unless the test kills it. */
export async function withBank(start, run) {
  const bank = await start();
  try {
    await run(bank);
  } finally {
    const status = await bank.stop();
    assert.equal(status, bank.isKilled ? null : 0, bank.log.slice(-20).join('\n'));
  }
}
