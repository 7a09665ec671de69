// FusionAuth's own TypeScript client drives kickstartd; jose verifies what it signs.
import assert from 'node:assert/strict';
import { createHash, randomUUID, webcrypto } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import fusionauth from '@fusionauth/typescript-client';
import * as jose4 from 'jose';
import { apiKey, applicationId, issuer, startKickstartd } from './kickstartd.mjs';

// jose 4 knows EdDSA as the algorithm's name, FusionAuth signs with Ed25519, which jose 6 knows.
const hasJose6 = Number(process.versions.node.split('.')[0]) >= 20;
const jose = hasJose6 ? await import('jose6') : jose4;

const tenantId = 'd7d09513-a3f5-401c-9685-34ab6c552453';
const tellerId = '00000000-0000-0000-0000-111111111111';
const loginId = 'teller@example.com';
const password = 'password';

let kickstartd;
let client;
/** Who is registered with the applications of the tests; one for many. */
let anybody;
before(async () => {
  kickstartd = await startKickstartd();
  client = new fusionauth.FusionAuthClient(apiKey, kickstartd.url);
  anybody = await newUser();
});
after(async () => {
  assert.equal(await kickstartd.stop(), 0);
});

/** The body of an answer that must be a success. */
async function body(call, status = 200) {
  const answer = await call;
  assert.equal(answer.statusCode, status);
  return answer.response;
}

/** The status and the body of an answer that must be a failure; the client throws it. */
async function refusal(call) {
  const answer = await call.then(
    () => assert.fail('was not refused'),
    (failure) => failure,
  );
  assert.equal(answer.wasSuccessful(), false);
  return { status: answer.statusCode, errors: answer.exception };
}

async function status(call) {
  return (await refusal(call)).status;
}

function keySet() {
  return jose.createRemoteJWKSet(new URL(`${kickstartd.url}/.well-known/jwks.json`));
}

/** A user of its own for a test, registered with the application. */
async function newUser(more = {}) {
  const email = `${randomUUID()}@example.com`;
  const { user } = await body(
    client.register(null, {
      user: { email, password, ...more },
      registration: { applicationId, roles: ['customer'] },
    }),
  );
  return { id: user.id, loginId: email };
}

/** An application of its own for a test, with refresh tokens, and a user who is registered with it. */
async function newSession(changes = {}, user = anybody) {
  const id = randomUUID();
  await body(
    client.createApplication(id, {
      application: {
        name: id,
        roles: [{ name: 'customer' }],
        loginConfiguration: { requireAuthentication: true, generateRefreshTokens: true, allowTokenRefresh: true },
        ...changes,
      },
    }),
  );
  await body(client.register(user.id, { registration: { applicationId: id, roles: ['customer'] } }));
  const login = await body(client.login({ loginId: user.loginId, password, applicationId: id }));
  return { applicationId: id, user, login };
}

test('the service is well', async () => {
  await body(client.retrieveSystemStatus());
  await body(client.retrieveSystemHealth());
});

test('a login yields a token that jose verifies, and the user', async () => {
  const { token, tokenExpirationInstant, user } = await body(client.login({ loginId, password, applicationId }));
  const { payload } = await jose.jwtVerify(token, keySet(), { issuer, audience: applicationId });
  assert.equal(payload.sub, user.id);
  assert.equal(payload.tty, 'at');
  assert.equal(Math.floor(tokenExpirationInstant / 1000), payload.exp);
  assert.equal(user.id, tellerId);
  assert.equal(user.registrations[0].roles[0], 'teller');
});

test('every other outcome of a login has its status', async () => {
  const wrong = await refusal(client.login({ loginId, password: 'wrong', applicationId }));
  assert.equal(wrong.status, 404);
  assert.equal(await status(client.login({ loginId: 'nobody@example.com', password, applicationId })), 404);
  const anonymous = new fusionauth.FusionAuthClient(null, kickstartd.url);
  assert.equal(await status(anonymous.login({ loginId, password, applicationId })), 401);
  const blank = await refusal(client.login({ loginId, applicationId }));
  assert.equal(blank.status, 400);
  assert.equal(blank.errors.fieldErrors.password[0].code, '[blank]password');

  const { user } = await body(client.createUser(null, { user: { username: randomUUID(), password } }));
  const unregistered = await body(client.login({ loginId: user.username, password, applicationId }), 202);
  assert.equal(jose.decodeJwt(unregistered.token).roles, undefined);

});

test('a token is validated', async () => {
  const { token } = await body(client.login({ loginId, password, applicationId }));
  const { jwt } = await body(client.validateJWT(token));
  assert.equal(jwt.sub, tellerId);
  assert.equal(await status(client.validateJWT(`${token}A`)), 401);
});

test('refresh tokens are used and revoked', async () => {
  const { applicationId: id, user, login } = await newSession({}, await newUser());
  const refreshed = await body(client.exchangeRefreshTokenForJWT({ refreshToken: login.refreshToken }));
  assert.equal(refreshed.refreshToken, login.refreshToken);
  assert.equal(refreshed.refreshTokenId, login.refreshTokenId);
  const claims = jose.decodeJwt(refreshed.token);
  assert.equal(claims.authenticationType, 'REFRESH_TOKEN');
  assert.equal(claims.sid, login.refreshTokenId);
  assert.equal(claims.auth_time, jose.decodeJwt(login.token).auth_time);

  const logIn = () => body(client.login({ loginId: user.loginId, password, applicationId: id }));
  await body(client.revokeRefreshTokenById(login.refreshTokenId));
  await body(client.revokeRefreshTokenByToken((await logIn()).refreshToken));
  await logIn();
  await body(client.revokeRefreshTokensByUserIdForApplication(user.id, id));
  await logIn();
  await body(client.revokeRefreshTokensByUserId(user.id));
  await logIn();
  await body(client.revokeRefreshTokensByApplicationId(id));
  const last = await logIn();
  await body(client.logout(true, last.refreshToken));
  assert.equal(await status(client.exchangeRefreshTokenForJWT({ refreshToken: last.refreshToken })), 400);
});

test('a one-time refresh token is good once', async () => {
  const { login } = await newSession({ jwtConfiguration: { enabled: true, refreshTokenUsagePolicy: 'OneTimeUse' } });
  const { refreshToken } = await body(client.exchangeRefreshTokenForJWT({ refreshToken: login.refreshToken }));
  assert.notEqual(refreshToken, login.refreshToken);
  const again = await refusal(client.exchangeRefreshTokenForJWT({ refreshToken: login.refreshToken }));
  assert.equal(again.errors.fieldErrors.refreshToken[0].code, '[invalid]refreshToken');
  await body(client.exchangeRefreshTokenForJWT({ refreshToken }));
});

test('discovery and public keys', async () => {
  const configuration = await body(client.retrieveOpenIdConfiguration());
  assert.equal(configuration.issuer, issuer);
  const { keys } = await body(client.retrieveJsonWebKeySet());
  const { publicKeys } = await body(client.retrieveJWTPublicKeys());
  assert.deepEqual(keys.map((key) => key.kid).sort(), Object.keys(publicKeys).sort());
  const { token } = await body(client.login({ loginId, password, applicationId }));
  const { alg, kid } = jose.decodeProtectedHeader(token);
  const byKid = await body(client.retrieveJWTPublicKey(kid));
  const byApplication = await body(client.retrieveJWTPublicKeyByApplicationId(applicationId));
  assert.equal(byKid.publicKey, byApplication.publicKey);
  await jose.jwtVerify(token, await jose.importSPKI(byKid.publicKey, alg));
});

const secret = 'a secret that only the two of us know, long enough for SHA-512: 0123456789abcdef';
for (const algorithm of [
  'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'HS256', 'HS384', 'HS512', 'Ed25519',
]) {
  test(`${algorithm}: a key is made, a login is signed with it, and jose verifies it`, async (context) => {
    if (algorithm === 'Ed25519' && !hasJose6) return context.skip('jose 4 does not know it by this name');
    const isShared = algorithm.startsWith('HS');
    const id = randomUUID();
    const request = { key: { algorithm, name: id, ...(isShared ? { secret } : { length: 2048 }) } };
    const { key } = await body(isShared ? client.importKey(id, request) : client.generateKey(id, request));
    const { applicationId: own, login } = await newSession({
      jwtConfiguration: { enabled: true, accessTokenKeyId: id, idTokenKeyId: id, timeToLiveInSeconds: 60 },
    });
    assert.deepEqual(jose.decodeProtectedHeader(login.token), { alg: algorithm, typ: 'JWT', kid: key.kid });
    const verifier = isShared ? new TextEncoder().encode(secret) : keySet();
    const { payload } = await jose.jwtVerify(login.token, verifier, { issuer, audience: own });
    assert.equal(payload.exp - payload.iat, 60);
    if (!isShared) {
      assert.equal((await body(client.validateJWT(login.token))).jwt.jti, payload.jti);
      const jwk = (await body(client.retrieveJsonWebKeySet())).keys.find((each) => each.kid === key.kid);
      assert.equal(jwk.alg, algorithm);
      assert.equal(await jose.calculateJwkThumbprint(jwk, 'sha256'), await thumbprint(jwk, 'SHA-256'));
      assert.equal(key.kid, await thumbprint(jwk, 'SHA-1'));
    }
    assert.equal((await body(client.retrieveKey(id))).key.kid, key.kid);
    assert.equal(await status(client.deleteKey(id)), 400);
    await body(client.deleteApplication(own));
    await body(client.deleteKey(id));
  });
}

/** RFC 7638, with a digest of choice: FusionAuth makes its kid with SHA-1. */
async function thumbprint({ crv, e, kty, n, x, y }, digest) {
  const members = { RSA: { e, kty, n }, EC: { crv, kty, x, y }, OKP: { crv, kty, x } }[kty];
  const octets = await webcrypto.subtle.digest(digest, new TextEncoder().encode(JSON.stringify(members)));
  return Buffer.from(octets).toString('base64url');
}

test('a client that names a tenant cannot reach the global APIs', async () => {
  const ofTenant = new fusionauth.FusionAuthClient(apiKey, kickstartd.url, tenantId);
  await body(ofTenant.login({ loginId, password, applicationId }));
  const key = { key: { algorithm: 'ES256', name: 'x' } };
  assert.equal(await status(ofTenant.generateKey(null, key)), 401);
});

test('tenant and application are changed', async () => {
  const { tenant } = await body(client.patchTenant(tenantId, { tenant: { name: 'Bank' } }));
  assert.equal(tenant.name, 'Bank');
  assert.deepEqual((await body(client.retrieveTenant(tenantId))).tenant, tenant);
  const { applicationId: id } = await newSession();
  const { application } = await body(
    client.patchApplication(id, { application: { oauthConfiguration: { logoutURL: 'http://localhost/' } } }),
  );
  assert.equal(application.oauthConfiguration.clientId, id);
  assert.deepEqual((await body(client.retrieveApplication(id))).application, application);
  await body(client.deactivateApplication(id));
  assert.equal((await body(client.retrieveApplication(id))).application.active, false);
  await body(client.deleteApplication(id));
  assert.equal(await status(client.retrieveApplication(id)), 404);
});

test('users and registrations live and end', async () => {
  const user = await newUser();
  assert.equal((await body(client.retrieveUser(user.id))).user.email, user.loginId);
  assert.equal((await body(client.patchUser(user.id, { user: { firstName: 'Ann' } }))).user.firstName, 'Ann');

  const roles = async () => (await body(client.retrieveRegistration(user.id, applicationId))).registration.roles;
  assert.deepEqual(await roles(), ['customer']);
  await body(client.deleteRegistration(user.id, applicationId));
  assert.equal(await status(client.retrieveRegistration(user.id, applicationId)), 404);

  await body(client.deactivateUser(user.id));
  assert.equal(await status(client.login({ loginId: user.loginId, password, applicationId })), 423);
  await body(client.reactivateUser(user.id));
  await body(client.login({ loginId: user.loginId, password, applicationId }), 202);
  await body(client.deleteUser(user.id));
  assert.equal(await status(client.retrieveUser(user.id)), 404);
});

test('webhooks are told, and jose verifies their signature', async () => {
  const told = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end();
    told.push({ headers: request.headers, text: Buffer.concat(chunks) });
    waiting.splice(0).forEach((wake) => wake());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const types = [
      'user.deactivate', 'user.delete', 'user.registration.create', 'user.registration.delete',
      'jwt.refresh-token.revoke', 'jwt.public-key.update',
    ];
    const keyId = randomUUID();
    await body(client.generateKey(keyId, { key: { algorithm: 'ES256', name: 'webhooks' } }));
    await body(
      client.createWebhook(null, {
        webhook: {
          url: `http://127.0.0.1:${server.address().port}/events`,
          eventsEnabled: Object.fromEntries(types.map((type) => [type, true])),
          headers: { Authorization: 'Bearer webhook' },
          signatureConfiguration: { enabled: true, signingKeyId: keyId },
        },
      }),
    );
    const events = Object.fromEntries(types.map((type) => [type, { enabled: true }]));
    await body(client.patchTenant(tenantId, { tenant: { eventConfiguration: { events } } }));

    const { user, applicationId: own } = await newSession({}, await newUser());
    await body(client.deleteRegistration(user.id, own));
    await body(client.deactivateUser(user.id));
    await body(client.deleteUser(user.id));
    // The user is registered (1), an application begins to sign (1) and gets the user (1), the registration ends with
    // its refresh token (2), the user is deactivated and deleted (2).
    while (told.length < 7) await new Promise((resolve) => waiting.push(resolve));

    for (const { headers, text } of told) {
      assert.equal(headers.authorization, 'Bearer webhook');
      assert.equal(headers['content-type'], 'application/json');
      const { payload } = await jose.jwtVerify(headers['x-fusionauth-signature-jwt'], keySet());
      assert.deepEqual(payload, { request_body_sha256: createHash('sha256').update(text).digest('base64') });
    }
    const said = told.map(({ text }) => JSON.parse(text).event);
    assert.deepEqual(
      said.map((event) => event.type),
      [
        'user.registration.create', 'jwt.public-key.update', 'user.registration.create', 'jwt.refresh-token.revoke',
        'user.registration.delete', 'user.deactivate', 'user.delete',
      ],
    );
    assert.equal(new Set(said.map((event) => event.id)).size, said.length);
    assert.deepEqual(said[1].applicationIds, [own]);
    assert.equal(said[3].userId, user.id);
    assert.equal(said[3].applicationId, own);
    assert.deepEqual(said[3].applicationTimeToLiveInSeconds, { [own]: 3600 });
    assert.equal(said[5].user.active, false);
  } finally {
    server.close();
  }
});

// The last one: from now on requests have to name their tenant.
test('tenants live side by side', async () => {
  const id = randomUUID();
  await body(client.createTenant(id, { tenant: { name: 'Another' } }));
  await body(client.patchTenant(id, { tenant: { issuer: 'https://another.example.com' } }));

  const ofAnother = new fusionauth.FusionAuthClient(apiKey, kickstartd.url, id);
  await body(ofAnother.createUser(null, { user: { email: loginId, password: 'another password' } }));
  const login = await body(ofAnother.login({ loginId, password: 'another password' }));
  assert.equal(jose.decodeJwt(login.token).iss, 'https://another.example.com');
  assert.equal(await status(ofAnother.retrieveUser(tellerId)), 404);
  await body(client.login({ loginId, password, applicationId }));
  const refused = await refusal(client.login({ loginId, password }));
  assert.equal(refused.status, 400);
  assert.equal(refused.errors.generalErrors[0].code, '[TenantIdRequired]');
});
