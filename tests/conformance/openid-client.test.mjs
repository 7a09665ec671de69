// openid-client, a certified relying party, goes through the code flow at kickstartd; jose verifies what it gets.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { applicationId, callApi, startKickstartd, tenantId } from './kickstartd.mjs';
import { Browser } from './loginpage.mjs';

globalThis.crypto ??= webcrypto; // node 18
const oidc = await import('openid-client');

const clientSecret = 'super-secret-secret-that-should-be-regenerated-for-production';
// The library sends the URL as the URL standard writes it, with a slash.
const redirectUri = 'http://localhost:3000/';
const teller = 'teller@example.com';

/** One browser for the tests that do not care whether it has a session. */
const regular = new Browser();
let kickstartd;
let config;

/** Discovers kickstartd as that client. Discovery wants the issuer to be the server's own URL. */
async function discover(authentication) {
  const found = await oidc.discovery(new URL(kickstartd.url), applicationId, undefined, authentication, {
    execute: [oidc.allowInsecureRequests],
  });
  const own = new oidc.Configuration(found.serverMetadata(), applicationId, undefined, authentication);
  oidc.allowInsecureRequests(own);
  oidc.enableNonRepudiationChecks(own);
  return own;
}

before(async () => {
  kickstartd = await startKickstartd();
  await callApi(kickstartd.url, 'PATCH', `/api/tenant/${tenantId}`, { tenant: { issuer: kickstartd.url } });
  config = await discover(oidc.ClientSecretBasic(clientSecret));
});
after(async () => {
  assert.equal(await kickstartd.stop(), 0);
});

/** What a client begins a login with, and what it checks at the end. */
async function begin(more = {}, configuration = config) {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
    idTokenExpected: true,
  };
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid offline_access email profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  return { checks, url };
}

/** Logs in. */
async function logIn(browser = regular, configuration = config) {
  const { checks, url } = await begin({}, configuration);
  const answer = await browser.logIn(url, teller);
  const callback = new URL(answer.headers.get('location'));
  return { checks, callback };
}

test('the code flow with PKCE yields tokens that openid-client and jose accept', async () => {
  const { checks, callback } = await logIn();
  assert.equal(`${callback.origin}/`, redirectUri);
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  assert.equal(tokens.expires_in, 3600);
  assert.ok(tokens.refresh_token);
  const claims = tokens.claims();
  assert.equal(claims.email, teller);
  assert.equal(claims.given_name, 'Tammy');
  assert.equal(claims.tty, 'idt');

  const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
  const { payload } = await jose.jwtVerify(tokens.access_token, keys, {
    issuer: kickstartd.url,
    audience: applicationId,
    algorithms: ['RS256'],
  });
  assert.deepEqual(payload.roles, ['teller']);
  assert.deepEqual(payload.gty, ['authorization_code']);
  assert.equal(payload.tty, 'at');
  assert.equal(payload.sub, claims.sub);
});

test('resource, scope and max_age are in the tokens', async () => {
  const resource = 'https://bank.example/';
  const path = `/api/application/${applicationId}`;
  await callApi(kickstartd.url, 'PATCH', path, {
    application: { oauthConfiguration: { authorizedResourceUris: [resource] } },
  });
  await callApi(kickstartd.url, 'POST', `${path}/scope`, { scope: { name: 'change:make' } });
  const { checks, url } = await begin({ resource, scope: 'openid change:make', max_age: '60' });
  const answer = await regular.logIn(url, teller);
  const callback = new URL(answer.headers.get('location'));
  // The library checks auth_time of the id token against max_age.
  const tokens = await oidc.authorizationCodeGrant(config, callback, { ...checks, maxAge: 60 }, { resource });
  const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
  const { payload } = await jose.jwtVerify(tokens.access_token, keys, { issuer: kickstartd.url, audience: resource });
  assert.deepEqual(payload.aud, [applicationId, resource]);
  assert.equal(payload.scope, 'openid change:make');
  assert.equal(payload.auth_time, tokens.claims().auth_time);
  assert.equal(tokens.claims().aud, applicationId);
});

for (const [name, authentication] of [
  ['client_secret_basic', oidc.ClientSecretBasic(clientSecret)],
  ['client_secret_post', oidc.ClientSecretPost(clientSecret)],
]) {
  test(`a client may authenticate with ${name}`, async () => {
    const configuration = await discover(authentication);
    const { checks, callback } = await logIn(regular, configuration);
    assert.ok((await oidc.authorizationCodeGrant(configuration, callback, checks)).access_token);
  });
}

test('a client with a wrong secret, or none, is refused', async () => {
  for (const authentication of [oidc.ClientSecretBasic('wrong'), oidc.ClientSecretPost('wrong'), oidc.None()]) {
    const configuration = await discover(authentication);
    const { checks, callback } = await logIn(regular, configuration);
    await assert.rejects(oidc.authorizationCodeGrant(configuration, callback, checks), (error) => {
      // With a challenge in the header the library gives the challenge instead of the body.
      return error.status === 401 || error.error === 'invalid_client';
    });
  }
});

test('a code is good once', async () => {
  const { checks, callback } = await logIn();
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  await assert.rejects(oidc.authorizationCodeGrant(config, callback, checks), { error: 'invalid_grant' });
  await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
});

test('a code is of no use to who does not know the verifier', async () => {
  const { checks, callback } = await logIn();
  const stolen = { ...checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
  await assert.rejects(oidc.authorizationCodeGrant(config, callback, stolen), { error: 'invalid_grant' });
});

test('a refresh token yields new tokens', async () => {
  const { checks, callback } = await logIn();
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(fresh.access_token, tokens.access_token);
  assert.equal(jose.decodeJwt(fresh.access_token).authenticationType, 'REFRESH_TOKEN');
  assert.equal(fresh.claims().sub, tokens.claims().sub);
  assert.equal(fresh.claims().auth_time, tokens.claims().auth_time);
});

test('userinfo tells of the user of the token', async () => {
  const { checks, callback } = await logIn();
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  const { sub } = tokens.claims();
  const info = await oidc.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(info.email, teller);
  assert.equal(info.family_name, 'Teller');
  await assert.rejects(oidc.fetchUserInfo(config, `${tokens.access_token}x`, sub), { status: 401 });
});

test('prompt=none says that the user has to log in', async () => {
  const browser = new Browser();
  await logIn(browser);
  const { url, checks } = await begin({ prompt: 'none' });
  const answer = await browser.fetch(url);
  await assert.rejects(
    oidc.authorizationCodeGrant(config, new URL(answer.headers.get('location')), checks),
    { error: 'login_required' },
  );
});

test('a logout leads back', async () => {
  const { checks, callback } = await logIn();
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  const url = oidc.buildEndSessionUrl(config, {
    post_logout_redirect_uri: redirectUri,
    id_token_hint: tokens.id_token,
    state: 'bye',
  });
  const answer = await regular.fetch(url);
  assert.equal(answer.headers.get('location'), `${redirectUri}?state=bye`);
});

test('the hosted backend sets cookies with tokens that jose accepts', async () => {
  const browser = new Browser();
  const start = await browser.fetch(`${kickstartd.url}/app/login/${applicationId}?redirect_uri=${redirectUri}&state=s`);
  const loggedIn = await browser.logIn(start.headers.get('location'), 'customer@example.com');
  const end = await browser.fetch(loggedIn.headers.get('location'));
  assert.equal(end.headers.get('location'), `${redirectUri}?state=s`);

  const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
  const { payload } = await jose.jwtVerify(browser.cookie('app.at'), keys, {
    issuer: kickstartd.url,
    audience: applicationId,
  });
  assert.deepEqual(payload.roles, ['customer']);
  assert.equal(String(payload.exp), browser.cookie('app.at_exp'));

  const me = await browser.fetch(`${kickstartd.url}/app/me/`);
  assert.equal((await me.json()).sub, payload.sub);
  const refreshed = await browser.fetch(`${kickstartd.url}/app/refresh/?client_id=${applicationId}`, { method: 'POST' });
  assert.equal(refreshed.status, 200);
  assert.equal(jose.decodeJwt(browser.cookie('app.at')).authenticationType, 'REFRESH_TOKEN');
});
