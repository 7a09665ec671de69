// Access tokens that are bound to keys, and proofs of having those keys (DPoP, RFC 9449): good ones, and bad ones that
// no library makes.
import assert from 'node:assert/strict';
import { constants, createHash, generateKeyPair, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import * as jose from 'jose';
import { freePort, startChangebankd } from './changebankd.mjs';
import { exchange, textOf } from './exchange.mjs';

/** What the tokens are for. No test asks this host: changebankd is told that this is its name. */
export const resource = 'https://api.example.com/';
export const target = '/make-change?total=1.02';

/** The algorithms of proofs that changebankd accepts by default, as its challenges name them. */
export const algs = 'RS256 PS256 ES256 ES384 Ed25519';
/** Settings with which proofs need a nonce. */
export const withNonce = { 'auth.dpop.nonce': true };

const keyTypes = {
  ES256: ['ec', { namedCurve: 'P-256' }],
  ES384: ['ec', { namedCurve: 'P-384' }],
  ES512: ['ec', { namedCurve: 'P-521' }],
  Ed25519: ['ed25519', {}],
};

export const now = () => Math.floor(Date.now() / 1000);
export const hashOf = (text, digest = 'sha256') => createHash(digest).update(text).digest('base64url');
/** In base64url: text and bytes as they are, anything else as JSON. */
export function encode(value) {
  const isRaw = typeof value === 'string' || Buffer.isBuffer(value);
  return Buffer.from(isRaw ? value : JSON.stringify(value)).toString('base64url');
}

/** A client with a key of its own: the algorithm of its proofs, and its key, as a public JWK too. */
export async function newHolder(alg = 'ES256', [type, options] = keyTypes[alg] ?? ['rsa', { modulusLength: 2048 }]) {
  const { publicKey, privateKey } = await promisify(generateKeyPair)(type, options);
  return { alg, privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

/** The holder's signature, in the form of JWS unless other options say otherwise. */
export function signatureOf(holder, input, options = {}) {
  const { alg, privateKey: key } = holder;
  const isPss = alg.startsWith('PS');
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const digest = alg.startsWith('Ed') ? null : `sha${alg.slice(2)}`;
  return sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363', ...(isPss ? padding : {}), ...options });
}

/** The claims of a good proof for a GET of the target with that token. */
export function claimsFor(token) {
  return { jti: randomUUID(), htm: 'GET', htu: `${resource}make-change`, iat: now(), ath: hashOf(token) };
}

/** The holder's proof for a token: a good one, but for these members of its header and its claims (those that are
 * undefined are left out), for the text of its payload, and for its signature, which sign() makes of a text. */
export function proofOf(holder, token, { header = {}, claims = {}, payload, sign: own } = {}) {
  const all = { typ: 'dpop+jwt', alg: holder.alg, jwk: holder.jwk, ...header };
  const input = `${encode(all)}.${encode(payload ?? { ...claimsFor(token), ...claims })}`;
  return `${input}.${(own ?? ((text) => signatureOf(holder, text)))(input).toString('base64url')}`;
}

/** Starts an authorization server: its issuer, its metadata as oauth4webapi wants them, a function that makes access
 * tokens with these claims, the paths that it was asked for, and a function that stops it. */
export async function startIssuer() {
  const key = await newHolder();
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [{ ...key.jwk, kid: 'k', alg: 'ES256', use: 'sig' }] }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const mint = (claims) =>
    new jose.SignJWT({
      iss: issuer, aud: resource, sub: 'carla', client_id: 'page', jti: randomUUID(), roles: ['teller'],
      iat: now(), exp: now() + 300, ...claims,
    }).setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' }).sign(key.privateKey);
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections?.();
    });
  return { issuer, metadata: { issuer, jwks_uri: `${issuer}/jwks` }, mint, asked, stop };
}

/** The thumbprint of a public key (RFC 7638), be it well-formed or not. */
export function thumbprintOf({ kty, crv, x, y, n, e }) {
  if (kty === 'RSA') return hashOf(JSON.stringify({ e, kty, n }));
  return hashOf(JSON.stringify({ crv, kty, x, y }));
}

/** An access token that is bound to a public key. */
export function boundToken(issuer, jwk, claims = {}) {
  return issuer.mint({ cnf: { jkt: thumbprintOf(jwk) }, ...claims });
}

/** Starts changebankd for the tokens of an issuer. */
export function startBank({ issuer }, settings = {}) {
  return startChangebankd({
    'auth.issuer': issuer,
    'auth.jwks.uri': `${issuer}/jwks`,
    'auth.profile': 'rfc9068',
    'auth.algorithms': 'ES256',
    'auth.audience': resource,
    'auth.dpop': 'allow',
    'server.resource': resource,
    ...settings,
  });
}

/** The same, with the URL where it listens as its name, for clients that make proofs for the URL that they call. */
export async function startLocalBank(issuer, settings = {}) {
  const port = await freePort();
  return startBank(issuer, { 'server.port': port, 'server.resource': `http://127.0.0.1:${port}/`, ...settings });
}

/** Runs a test before a daemon, which start() starts. */
export async function withBank(start, run) {
  const bank = await start();
  try {
    await run(bank);
  } finally {
    assert.equal(await bank.stop(), 0);
  }
}

/** Sends a request as it is. */
export function send(bank, { method = 'GET', target: path = target, headers = {} }) {
  return exchange(new URL(bank.url).port, textOf({ method, target: path, headers }));
}

/** Sends a token with a proof, or with several or none. */
export function sendProof(bank, token, proof, { scheme = 'DPoP', headers = {}, ...request } = {}) {
  const own = { Authorization: `${scheme} ${token}`, ...(proof === undefined ? {} : { DPoP: proof }) };
  return send(bank, { ...request, headers: { ...own, ...headers } });
}

/** The challenges of a response, in their order: the scheme of each, and its parameters by name. */
export function challengesOf({ headers }) {
  const challenges = [];
  const parts = (headers['www-authenticate'] ?? '').matchAll(/(?:^|, )(\w+) (?=\w+=)|(\w+)="([^"]*)"/g);
  for (const [, scheme, name, value] of parts) {
    if (scheme) challenges.push({ scheme });
    else challenges.at(-1)[name] = value;
  }
  return challenges;
}

/** The errors of the challenges, by their schemes. */
export function errorsOf(response) {
  return Object.fromEntries(challengesOf(response).map(({ scheme, error }) => [scheme, error]));
}

/** That a proof was refused as used before. */
export function assertReplayed(response) {
  assert.equal(response.status, 401, response.body);
  assert.deepEqual(JSON.parse(response.body), { error: 'the DPoP proof was used before', code: 'ERR_DPOP_REPLAYED' });
  assert.deepEqual(errorsOf(response), { Bearer: undefined, DPoP: 'invalid_dpop_proof' });
}

/** The statuses of all responses until the connection closes. */
export async function statusesFrom(socket) {
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  const text = Buffer.concat(chunks).toString('latin1');
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** Sends texts over connections of their own that are open already, all at once, to the daemons in turn. Resolves to the
 * statuses. */
export async function sendAtOnce(daemons, texts) {
  const ports = [daemons].flat().map(({ url }) => new URL(url).port);
  const sockets = texts.map((_, i) => connect(ports[i % ports.length], '127.0.0.1').setNoDelay());
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  // The last byte is left for later, so that all requests are complete within a moment.
  sockets.forEach((socket, i) => socket.write(texts[i].slice(0, -1)));
  const answers = sockets.map(statusesFrom);
  sockets.forEach((socket, i) => socket.write(texts[i].slice(-1)));
  return (await Promise.all(answers)).flat();
}

/** A request for the target with a token and a proof. */
export function textWith(token, proof) {
  return textOf({ target, headers: { Authorization: `DPoP ${token}`, DPoP: proof } });
}
