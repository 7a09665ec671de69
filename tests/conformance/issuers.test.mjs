// changebankd with several issuers: tenants of kickstartd and an authorization server that is not ours.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import * as jose from 'jose';
import { ask, challengeOf, startChangebankd } from './changebankd.mjs';
import { applicationId, callApi, issuer, logIn, startKickstartd, tenantId } from './kickstartd.mjs';
import { Browser } from './loginpage.mjs';
import { robotsToken, startOidcProvider } from './oidcprovider.mjs';

const bank = 'https://bank.example/';
const vault = 'https://vault.example/';

let kickstartd;
let op;
let changebankd;
let north;
before(async () => {
  kickstartd = await startKickstartd();
  op = await startOidcProvider(new Map([[bank, 'change:make panic'], [vault, 'change:make']]));
  north = await newTenant('North', 'https://north.example.com');
  changebankd = await startChangebankd({
    'auth.issuers': 'north, op',
    // The first one is the default: kickstartd's first tenant.
    'auth.issuer': issuer,
    'auth.audience': applicationId,
    'auth.tenant': tenantId,
    'auth.jwks.uri': `${kickstartd.url}/.well-known/jwks.json`,
    'auth.issuer.north.url': north.issuer,
    'auth.issuer.north.profile': 'fusionauth',
    'auth.issuer.north.audience': north.applicationId,
    'auth.issuer.north.tenant': north.tenantId,
    'auth.issuer.north.jwks.uri': `${kickstartd.url}/.well-known/jwks.json`,
    'auth.issuer.op.url': op.issuer,
    'auth.issuer.op.profile': 'rfc9068',
    'auth.issuer.op.discovery': true,
    'auth.issuer.op.audience': bank,
    'auth.issuer.op.algorithms': 'ES256',
  });
});
after(async () => {
  assert.equal(await changebankd.stop(), 0);
  assert.equal(await kickstartd.stop(), 0);
  await op.stop();
});

/** A tenant of kickstartd with an application and a teller of its own. */
async function newTenant(name, tenantIssuer) {
  const made = {
    issuer: tenantIssuer,
    tenantId: randomUUID(),
    applicationId: randomUUID(),
    loginId: `${randomUUID()}@example.com`,
  };
  await callApi(kickstartd.url, 'POST', `/api/tenant/${made.tenantId}`, { tenant: { name, issuer: tenantIssuer } });
  await callApi(kickstartd.url, 'POST', `/api/application/${made.applicationId}`,
    { application: { name, roles: [{ name: 'teller' }] } }, made.tenantId);
  await callApi(kickstartd.url, 'POST', '/api/user/registration', {
    user: { email: made.loginId, password: 'password' },
    registration: { applicationId: made.applicationId, roles: ['teller'] },
  }, made.tenantId);
  return made;
}

async function tokenOf(tenant) {
  const { token } = await callApi(kickstartd.url, 'POST', '/api/login',
    { loginId: tenant.loginId, password: 'password', applicationId: tenant.applicationId });
  return token;
}

/** A daemon as the others, with these rules for its routes, for one test. */
async function withRules(rules, run) {
  const daemon = await startChangebankd({
    'auth.issuer': op.issuer,
    'auth.profile': 'rfc9068',
    'auth.discovery': true,
    'auth.audience': bank,
    'auth.algorithms': 'ES256',
    ...rules,
  });
  try {
    await run(daemon.url);
  } finally {
    assert.equal(await daemon.stop(), 0);
  }
}

async function assertRefused(token, code) {
  const response = await ask(changebankd.url, token);
  assert.equal(response.status, 401);
  assert.equal(challengeOf(response).error, 'invalid_token');
  const body = await response.json();
  if (code) assert.equal(body.code, code);
}

/** A token that one of oidc-provider's keys has signed. */
function forge(claims, header = {}) {
  const [key] = op.keys;
  const now = Math.floor(Date.now() / 1000);
  return jose.importJWK(key, key.alg).then((secret) =>
    new jose.SignJWT({
      iss: op.issuer, aud: bank, sub: 'mallory', client_id: 'robot', jti: randomUUID(), iat: now, exp: now + 300,
      scope: 'change:make', roles: ['teller'], ...claims,
    }).setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header }).sign(secret));
}

test('the tokens of the first issuer are accepted as ever', async () => {
  const { token } = await logIn(kickstartd.url, 'teller@example.com');
  assert.equal((await ask(changebankd.url, token)).status, 200);
});

test("a second tenant's tokens are accepted for its own application", async () => {
  const token = await tokenOf(north);
  assert.equal((await ask(changebankd.url, token)).status, 200);
  assert.equal((await ask(changebankd.url, token, { path: '/panic', method: 'POST' })).status, 200);
});

test('a tenant that is not configured is refused, though its keys are the same', async () => {
  await assertRefused(await tokenOf(await newTenant('South', 'https://south.example.com')));
});

test("a tenant with another's issuer is refused by its id", async () => {
  const twin = await newTenant('Twin', north.issuer);
  const { payload } = await jose.jwtVerify(await tokenOf(twin),
    jose.createRemoteJWKSet(new URL(`${kickstartd.url}/.well-known/jwks.json`)));
  assert.equal(payload.iss, north.issuer);
  assert.notEqual(payload.tid, north.tenantId);
  await assertRefused(await tokenOf(twin), 'ERR_JWT_CLAIM_VALIDATION_FAILED');
});

test('who logged in too long ago logs in again (RFC 9470)', async () => {
  const browser = new Browser();
  const signIn = async (more) => {
    const parameters = new URLSearchParams({ redirect_uri: 'http://localhost:3000/', ...more });
    const begun = await browser.fetch(`${kickstartd.url}/app/login/${applicationId}?${parameters}`);
    const answer = await browser.logIn(begun.headers.get('location'), 'teller@example.com');
    await browser.fetch(answer.headers.get('location'));
  };
  const daemon = await startChangebankd({
    'auth.issuer': issuer,
    'auth.audience': applicationId,
    'auth.jwks.uri': `${kickstartd.url}/.well-known/jwks.json`,
    'access.panic': 'roles=teller maxAge=10s',
  });
  try {
    await signIn();
    const panic = () => ask(daemon.url, browser.cookie('app.at'), { path: '/panic', method: 'POST' });
    let response = await panic();
    while (response.status === 200) {
      await setTimeout(100);
      response = await panic();
    }
    assert.equal(response.status, 401);
    const challenge = challengeOf(response);
    assert.equal(challenge.error, 'insufficient_user_authentication');
    assert.equal(challenge.max_age, '10');
    // A refresh is no login.
    const refreshed = await browser.fetch(`${kickstartd.url}/app/refresh/${applicationId}`, { method: 'POST' });
    assert.equal(refreshed.status, 200);
    assert.equal((await panic()).status, 401);
    await signIn({ prompt: 'login', max_age: challenge.max_age });
    assert.equal((await panic()).status, 200);
  } finally {
    assert.equal(await daemon.stop(), 0);
  }
});

test('a machine of another authorization server is let in by its scope', async () => {
  const { access_token: token } = await robotsToken(op.issuer, { resource: bank, scope: 'change:make' });
  await withRules({ 'access.makeChange': 'scopes=change:make', 'access.panic': 'scopes=panic' }, async (url) => {
    const response = await ask(url, token);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { total: 1.02, nickels: 20, pennies: 2 });
    const refused = await ask(url, token, { path: '/panic', method: 'POST' });
    assert.equal(refused.status, 403);
    const challenge = challengeOf(refused);
    assert.equal(challenge.error, 'insufficient_scope');
    assert.equal(challenge.scope, 'panic');
  });
});

test('a machine without a role does not pass a rule that wants one', async () => {
  const { access_token: token } = await robotsToken(op.issuer, { resource: bank, scope: 'change:make' });
  const response = await ask(changebankd.url, token);
  assert.equal(response.status, 403);
});

test("a token for another resource of the same server is refused", async () => {
  const { access_token: token } = await robotsToken(op.issuer, { resource: vault, scope: 'change:make' });
  await assertRefused(token, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
});

test('keys count for their own issuer alone', async () => {
  assert.equal((await ask(changebankd.url, await forge({ roles: ['customer'] }))).status, 200);
  await assertRefused(await forge({ iss: issuer, aud: applicationId, tid: tenantId, tty: 'at' }));
  await assertRefused(await forge({ iss: north.issuer, aud: north.applicationId, tid: north.tenantId, tty: 'at' }));
});

test('a token of another type than RFC 9068 demands is refused', async () => {
  for (const typ of ['JWT', 'logout+jwt', undefined]) await assertRefused(await forge({}, { typ }));
  assert.equal((await ask(changebankd.url, await forge({}, { typ: 'application/at+jwt' }))).status, 200);
});

test('a token without a claim that RFC 9068 demands is refused', async () => {
  for (const name of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']) {
    await assertRefused(await forge({ [name]: undefined }));
  }
});

test('nobody is asked for the keys of an unknown issuer', async () => {
  let requests = 0;
  const stranger = createServer((_, response) => {
    ++requests;
    response.end('{"keys":[]}');
  });
  await new Promise((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${stranger.address().port}`;
  for (const iss of [url, `${url}/`, `${op.issuer}/`, op.issuer.toUpperCase(), '', undefined, 7, [op.issuer]]) {
    await assertRefused(await forge({ iss }));
  }
  await assertRefused(await forge({ iss: url }, { jku: `${url}/keys`, x5u: `${url}/chain` }));
  assert.equal(requests, 0);
  stranger.close();
});
