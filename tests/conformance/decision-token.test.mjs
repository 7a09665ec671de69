// Identity tokens of the decision endpoint, verified by an API with jose's remote key set: the version that the
// quickstart locks, and the current one.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as jose4 from 'jose';
import { freePort, startChangebankd } from './changebankd.mjs';
import { startCaddy, startNginx } from './decision.mjs';
import { eventually, newSession, send, startTenant, statusOf, temporaryFolder } from './revocation.mjs';

const oldestNodeOfJose6 = 20;
const libraries = { 'jose 4.15.9': jose4 };
if (Number(process.versions.node.split('.')[0]) >= oldestNodeOfJose6) {
  libraries['jose 6'] = await import('jose6');
} else {
  console.log(`jose 6 is left out: it needs node ${oldestNodeOfJose6}, and this is ${process.version}`);
}

const application = randomUUID();
const issuer = 'https://gate.example.com';
const audience = 'https://orders.example.com';
const folder = temporaryFolder();

let tenant;
before(async () => {
  tenant = await startTenant();
});
after(() => tenant.stop());

/** Writes a new private key, which OpenSSL reads as `openssl genpkey` makes it; resolves to the file's path. */
function newKeyFile(name, type, options = {}) {
  const path = join(folder, `${name}.pem`);
  writeFileSync(path, generateKeyPairSync(type, options).privateKey.export({ type: 'pkcs8', format: 'pem' }));
  chmodSync(path, 0o600);
  return path;
}

const newCurveFile = (name, namedCurve = 'P-256') => newKeyFile(name, 'ec', { namedCurve });

/** Starts changebankd as the gate of an API, with these files of keys, which use() replaces by a reload. */
async function startGate(keyFiles, settings = {}) {
  const config = join(folder, `${randomUUID()}.properties`);
  const write = (files) => writeFileSync(config, `decision.token.keyFiles = ${files.join(', ')}\n`);
  write(keyFiles);
  const daemon = await startChangebankd({
    'auth.issuer': tenant.issuer,
    'auth.jwks.uri': `${tenant.issuer}/jwks`,
    'auth.algorithms': 'ES256',
    'auth.audience': application,
    'decision.listen': '127.0.0.1:0',
    'decision.rule.1': '* /catalogue public',
    'decision.rule.2': 'GET /orders/** roles=teller',
    'decision.token.issuer': issuer,
    'decision.token.audience': audience,
    ...settings,
  }, { config });
  const port = await eventually('decisions are served', () =>
    daemon.log.map((line) => /decision served on (?:[^\s"]*:(\d+)|\/.*)/.exec(line)).find((found) => found)).then((found) => found[1]);
  const use = (files) => {
    write(files);
    return daemon.reload();
  };
  return { ...daemon, port: Number(new URL(daemon.url).port), decisions: { port: port && Number(port) }, use };
}

/** Runs a test before a gate, which must end well. */
async function withGate(keyFiles, run, settings = {}) {
  const gate = await startGate(keyFiles, settings);
  try {
    await run(gate);
  } finally {
    assert.equal(await gate.stop(), 0, gate.log.slice(-20).join('\n'));
  }
}

const keySetOf = ({ decisions }) => new URL(`http://127.0.0.1:${decisions.port}/.well-known/jwks.json`);

/** Starts an API that believes X-Auth-Token alone, by the gate's key set. Its answer says who is calling. */
async function startApi(jose, gate, options) {
  const keys = jose.createRemoteJWKSet(keySetOf(gate), options);
  const server = createServer(async (request, response) => {
    try {
      const { payload } = await jose.jwtVerify(request.headers['x-auth-token'], keys, { issuer, audience });
      response.writeHead(200).end(JSON.stringify(payload));
    } catch (error) {
      response.writeHead(401).end(error.code ?? String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { port: server.address().port, stop };
}

/** Runs a test with an API behind a gate. */
async function withApi(jose, gate, options, run) {
  const api = await startApi(jose, gate, options);
  try {
    await run(api);
  } finally {
    await api.stop();
  }
}

/** The fields of a proxy's question about a request. */
const questionOf = (path, token) => ({
  'x-forwarded-method': 'GET',
  'x-forwarded-host': 'orders.example.com',
  'x-forwarded-uri': path,
  ...(token && { authorization: `Bearer ${token}` }),
});

/** What the gate decides about a request, as a proxy asks it. */
const decide = (gate, path, token) => send({ ...gate.decisions, path: '/decision', headers: questionOf(path, token) });

/** The same on a Unix socket. */
function decideOn(socketPath, path, token) {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: '/decision', headers: { host: 'changebank', ...questionOf(path, token) } }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode, headers: response.headers }));
    }).on('error', reject);
  });
}

/** Asks the API through a proxy, which hands on the gate's refusal, or else its token. */
async function ask(gate, api, path, token) {
  const decision = await decide(gate, path, token);
  if (decision.status !== 200) return decision;
  return send({ port: api.port, path, headers: { 'x-auth-token': decision.headers['x-auth-token'] } });
}

for (const [name, jose] of Object.entries(libraries)) {
  test(`an API with ${name} knows the caller`, () =>
    withGate([newCurveFile('caller')], (gate) =>
      withApi(jose, gate, {}, async (api) => {
        const session = newSession({ application });
        const token = await tenant.mint({ ...session, scope: 'orders:read', permissions: ['refund'] });
        const earliest = Math.floor(Date.now() / 1000);
        const response = await ask(gate, api, '/orders/7', token);
        assert.equal(response.status, 200, response.body);
        const { iat, exp, jti, ...claims } = JSON.parse(response.body);
        assert.deepEqual(claims, {
          iss: issuer, aud: audience, sub: session.sub, roles: ['teller'], scope: 'orders:read',
          permissions: ['refund'], subject_issuer: tenant.issuer,
        });
        assert.ok(earliest <= iat && iat <= Math.floor(Date.now() / 1000));
        assert.equal(exp, iat + 30);
        assert.match(jti, /^[\w-]{22}$/);
      })));

  test(`${name} verifies tokens of both kinds of keys, as far as it knows them`, async () => {
    const kinds = [
      ['P-256', 'ES256', 'ec', { namedCurve: 'P-256' }],
      // Version 4 knows only its older name, EdDSA.
      ...(jose === jose4 ? [] : [['Ed25519', 'Ed25519', 'ed25519']]),
    ];
    const token = await tenant.mint(newSession({ application }));
    await withGate([newKeyFile('first', 'ed25519')], async (gate) => {
      for (const [kind, alg, ...type] of kinds) {
        await gate.use([newKeyFile(kind, ...type)]);
        const given = (await decide(gate, '/orders', token)).headers['x-auth-token'];
        const keys = jose.createRemoteJWKSet(keySetOf(gate));
        const { protectedHeader } = await jose.jwtVerify(given, keys, { issuer, audience });
        const [jwk] = (await (await fetch(keySetOf(gate))).json()).keys;
        assert.deepEqual(protectedHeader, { alg, kid: await jose.calculateJwkThumbprint(jwk), typ: 'JWT' });
        assert.deepEqual([jwk.alg, jwk.use, jwk.kid], [alg, 'sig', protectedHeader.kid]);
        assert.equal(jwk.d, undefined);
      }
    });
  });

  test(`with ${name} the key is replaced without a refused request`, async () => {
    const [older, newer] = ['older', 'newer'].map((key) => newCurveFile(`${key}-${name.replace(/\W/g, '-')}`));
    // The API never asks for the key set because of an unknown key, only when what it has is too old: so a key that
    // signs before it was published is refused.
    const cacheMaxAge = 300;
    await withGate([older], (gate) =>
      withApi(jose, gate, { cacheMaxAge, cooldownDuration: 3_600_000 }, async (api) => {
        const token = await tenant.mint(newSession({ application }));
        let begun = 0;
        let hasEnded = false;
        const kids = new Set();
        const caller = async () => {
          while (!hasEnded) {
            const start = Date.now();
            const decision = await decide(gate, '/orders', token);
            assert.equal(decision.status, 200, decision.body);
            const given = decision.headers['x-auth-token'];
            const response = await send({ port: api.port, path: '/orders', headers: { 'x-auth-token': given } });
            assert.equal(response.status, 200, response.body);
            kids.add(jose.decodeProtectedHeader(given).kid);
            begun = start;
          }
        };
        const callers = Promise.all(Array.from({ length: 4 }, caller));
        const steps = async () => {
          for (const files of [[older, newer], [newer, older], [newer], [newer]]) {
            const since = Date.now();
            // All keys that the API may still have are at least so old, and one request has renewed them.
            await eventually('the API has renewed its keys', () => begun > since + 2 * cacheMaxAge);
            await gate.use(files);
          }
        };
        try {
          await Promise.race([steps(), callers]);
        } finally {
          hasEnded = true;
        }
        await callers;
        assert.equal(kids.size, 2);
        assert.equal((await (await fetch(keySetOf(gate))).json()).keys.length, 1);
      }));
  });
}

for (const [proxy, start] of Object.entries({ nginx: startNginx, caddy: startCaddy })) {
  test(`an API finds the keys through ${proxy}, which has the decision socket, and no decision there`, async () => {
    const socket = join(temporaryFolder(), 'decision.sock');
    await withGate([newCurveFile(`by-${proxy}`)], async (gate) => {
      const keysPort = await freePort();
      const front = await start({ socket }, { port: await freePort() }, { keysPort });
      try {
        const keys = { decisions: { port: keysPort } };
        await withApi(jose4, keys, {}, async (api) => {
          const token = await tenant.mint(newSession({ application }));
          const { status, headers } = await decideOn(socket, '/orders', token);
          assert.equal(status, 200);
          const response = await send({ port: api.port, path: '/orders', headers: { 'x-auth-token': headers['x-auth-token'] } });
          assert.equal(response.status, 200, response.body);
        });
        const decision = new URL('/decision', keySetOf(keys));
        const asked = await fetch(decision, { headers: questionOf('/catalogue') });
        assert.ok(!asked.headers.has('x-auth-token'), 'a decision was made for an API');
      } finally {
        await front.stop();
      }
    }, { 'decision.listen': socket });
  });
}

test('where everybody may pass, the API gets an empty token, and never one of the caller', () =>
  withGate([newCurveFile('public')], async (gate) => {
    const token = await tenant.mint(newSession({ application }));
    for (const shown of [undefined, token]) {
      const decision = await decide(gate, '/catalogue', shown);
      assert.equal(decision.status, 200);
      assert.equal(decision.headers['x-auth-token'], '');
    }
  }));

test('the token takes the place of the plain fields', () =>
  withGate([newCurveFile('plain')], async (gate) => {
    const { headers } = await decide(gate, '/orders', await tenant.mint(newSession({ application })));
    for (const field of ['subject', 'issuer', 'roles', 'scopes']) assert.equal(headers[`x-auth-${field}`], '', field);
    assert.equal(headers['x-auth-token'].split('.').length, 3);
  }));

test('our guard does not take an identity token for one of a caller', () =>
  withGate([newCurveFile('guard')], async (gate) => {
    const token = await tenant.mint(newSession({ application }));
    const given = (await decide(gate, '/orders', token)).headers['x-auth-token'];
    assert.equal(await statusOf(gate, token), 200);
    assert.equal(await statusOf(gate, given), 401);
    assert.equal((await decide(gate, '/orders', given)).status, 401);
  }));

test('the issuer of callers is none of identity tokens', () =>
  assert.rejects(startGate([newCurveFile('same')], { 'decision.token.issuer': tenant.issuer }), (error) => {
    assert.equal(error.status, 78);
    assert.match(error.message, /decision\.token\.issuer: is that of auth\.issuer/);
    return true;
  }));

test('a reload with a bad key keeps the one before', () =>
  withGate([newCurveFile('good')], async (gate) => {
    const token = await tenant.mint(newSession({ application }));
    const open = newCurveFile('open');
    chmodSync(open, 0o644);
    gate.use([open]).catch(() => {});
    await eventually('the reload is refused', () => gate.log.some((line) => line.includes('is open to every user')));
    assert.equal((await decide(gate, '/orders', token)).headers['x-auth-token'].split('.').length, 3);
  }));
