// The tokens of oidc-provider, which other tests show to changebankd, are what RFC 9068 says they are.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { accountId, page, redirectUri, robot, robotsToken, signIn, startOidcProvider } from './oidcprovider.mjs';

globalThis.crypto ??= webcrypto; // node 18
const oauth = await import('oauth4webapi');

const bank = 'https://bank.example/';
const vault = 'https://vault.example/';
const insecure = { [oauth.allowInsecureRequests]: true };

let op;
let server;
let keys;
before(async () => {
  op = await startOidcProvider(new Map([[bank, 'change:make panic'], [vault, 'vault:open']]));
  const issuer = new URL(op.issuer);
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  keys = jose.createRemoteJWKSet(new URL(server.jwks_uri));
});
after(() => op.stop());

function verify(token, audience = bank) {
  return jose.jwtVerify(token, keys, { issuer: op.issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] });
}

test('a machine gets a token for the resource that it names', async () => {
  const { access_token: token, scope } = await robotsToken(op.issuer, { resource: bank, scope: 'change:make' });
  assert.equal(scope, 'change:make');
  const { payload, protectedHeader } = await verify(token);
  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
  assert.equal(protectedHeader.typ, 'at+jwt');
  assert.deepEqual(Object.keys(payload).sort(), ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub']);
  assert.equal(payload.aud, bank);
  assert.equal(payload.sub, robot.client_id);
  assert.equal(payload.client_id, robot.client_id);
  assert.equal(payload.scope, 'change:make');
});

test('a token for another resource does not fit this one', async () => {
  const { access_token: token } = await robotsToken(op.issuer, { resource: vault, scope: 'vault:open' });
  await assert.rejects(verify(token), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'aud' });
  await verify(token, vault);
});

test('an unknown resource is an invalid target', async () => {
  await assert.rejects(robotsToken(op.issuer, { resource: 'https://other.example/' }), { error: 'invalid_target' });
});

test('a user gets a token for the resource by the authorization code grant', async () => {
  const client = { client_id: page.client_id };
  const authentication = oauth.ClientSecretBasic(page.client_secret);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: page.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid change:make panic',
    resource: bank,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const earliest = Math.floor(Date.now() / 1000);
  const parameters = oauth.validateAuthResponse(server, client, await signIn(url), state);
  const response = await oauth.authorizationCodeGrantRequest(
    server, client, authentication, parameters, redirectUri, verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response);
  const { payload } = await verify(tokens.access_token);
  assert.equal(payload.sub, accountId);
  assert.equal(payload.client_id, page.client_id);
  assert.equal(payload.scope, 'change:make panic');
  assert.deepEqual(payload.roles, ['customer']);
  assert.ok(payload.auth_time >= earliest && payload.auth_time <= payload.iat);
});

test("another's resource server accepts the token, for its resource alone", async () => {
  const { access_token: token } = await robotsToken(op.issuer, { resource: bank, scope: 'change:make' });
  const request = new Request(bank, { headers: { authorization: `Bearer ${token}` } });
  const claims = await oauth.validateJwtAccessToken(server, request, bank, insecure);
  assert.equal(claims.sub, robot.client_id);
  await assert.rejects(oauth.validateJwtAccessToken(server, request, vault, insecure), /audience|aud/);
});
