// Clients that know nothing but a URL of changebankd find their way to an authorized call: oauth4webapi, and the MCP SDK.
// Each begins with the bare 401 and its resource_metadata (RFC 9728).
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ask, challengeOf, freePort, startChangebankd } from './changebankd.mjs';
import { applicationId, callApi, startKickstartd, tenantId } from './kickstartd.mjs';
import { Browser } from './loginpage.mjs';
import * as op from './oidcprovider.mjs';

globalThis.crypto ??= webcrypto; // node 18
const oauth = await import('oauth4webapi');
const mcp = await import('@modelcontextprotocol/sdk/client/auth.js');

const insecure = { [oauth.allowInsecureRequests]: true };
const scope = 'change:make';

/** The authorization servers by their names: a URL, a client of theirs, and how its user signs in. */
const servers = {};
const stops = [];
let resource;
before(async () => {
  resource = `http://127.0.0.1:${await freePort()}/`;
  const kickstartd = await startKickstartd();
  stops.push(async () => assert.equal(await kickstartd.stop(), 0));
  await callApi(kickstartd.url, 'PATCH', `/api/tenant/${tenantId}`, { tenant: { issuer: kickstartd.url } });
  await callApi(kickstartd.url, 'PATCH', `/api/application/${applicationId}`,
    { application: { oauthConfiguration: { authorizedResourceUris: [resource] } } });
  await callApi(kickstartd.url, 'POST', `/api/application/${applicationId}/scope`, { scope: { name: scope } });
  servers.kickstartd = {
    issuer: kickstartd.url,
    client: { client_id: applicationId, client_secret: 'super-secret-secret-that-should-be-regenerated-for-production' },
    redirectUri: 'http://localhost:3000/',
    signIn: async (url) => new URL((await new Browser().logIn(url, 'teller@example.com')).headers.get('location')),
    settings: { 'auth.jwks.uri': `${kickstartd.url}/.well-known/jwks.json` },
  };
  const provider = await op.startOidcProvider(new Map([[resource, `${scope} panic`]]));
  stops.push(() => provider.stop());
  servers['oidc-provider'] = {
    issuer: provider.issuer,
    client: op.page,
    redirectUri: op.redirectUri,
    signIn: op.signIn,
    settings: { 'auth.profile': 'rfc9068', 'auth.discovery': true, 'auth.algorithms': 'ES256' },
  };
});
after(() => Promise.all(stops.map((stop) => stop())));

/** Runs a test before a daemon of that authorization server. */
async function withDaemon(name, run) {
  const server = servers[name];
  const daemon = await startChangebankd({
    'server.port': new URL(resource).port,
    'server.resource': resource,
    'auth.issuer': server.issuer,
    'auth.audience': resource,
    'access.makeChange': `scopes=${scope}`,
    'access.panic': 'scopes=panic',
    ...server.settings,
  });
  try {
    await run(server);
  } finally {
    assert.equal(await daemon.stop(), 0);
  }
}

/** oauth4webapi's way from the resource to its authorization server. */
async function discover() {
  const url = new URL(resource);
  const found = await oauth.processResourceDiscoveryResponse(url, await oauth.resourceDiscoveryRequest(url, insecure));
  const issuer = new URL(found.authorization_servers[0]);
  return { found, server: await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure)) };
}

async function tokensFor(as, { client, redirectUri, signIn }, asked) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: asked,
    resource,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const own = { client_id: client.client_id };
  const parameters = oauth.validateAuthResponse(as, own, await signIn(url), state);
  const response = await oauth.authorizationCodeGrantRequest(
    as, own, oauth.ClientSecretBasic(client.client_secret), parameters, redirectUri, verifier,
    { ...insecure, additionalParameters: { resource } });
  return oauth.processAuthorizationCodeResponse(as, own, response);
}

function call(token, method, path) {
  return oauth.protectedResourceRequest(token, method, new URL(path, resource), undefined, undefined, insecure);
}

/** What the MCP SDK wants of a client: it has one already, and its user signs in at once. */
class McpClient {
  constructor({ client, redirectUri, signIn }) {
    Object.assign(this, { client, redirectUrl: redirectUri, signIn });
  }

  get clientMetadata() {
    return { client_name: 'test', redirect_uris: [this.redirectUrl] };
  }

  clientInformation() {
    return this.client;
  }

  tokens() {
    return this.saved;
  }

  saveTokens(tokens) {
    this.saved = tokens;
  }

  saveCodeVerifier(verifier) {
    this.verifier = verifier;
  }

  codeVerifier() {
    return this.verifier;
  }

  async redirectToAuthorization(url) {
    this.asked = url;
    this.callback = await this.signIn(url);
  }
}

for (const name of ['kickstartd', 'oidc-provider']) {
  test(`every 401 names the metadata of the resource, with ${name}`, async () => {
    await withDaemon(name, async () => {
      const metadata = `${resource}.well-known/oauth-protected-resource`;
      for (const [token, error] of [[undefined, undefined], ['x', 'invalid_token']]) {
        const response = await ask(resource, token);
        assert.equal(response.status, 401);
        const challenge = challengeOf(response);
        assert.equal(challenge.scheme, 'Bearer');
        assert.equal(challenge.resource_metadata, metadata);
        assert.equal(challenge.scope, scope);
        assert.equal(challenge.error, error);
      }
      // As browsers ask first where a client sends a field of its own, such as MCP-Protocol-Version.
      const preflight = await fetch(metadata, {
        method: 'OPTIONS',
        headers: { origin: 'https://client.example', 'access-control-request-method': 'GET' },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
      assert.equal(preflight.headers.get('access-control-allow-headers'), '*');
      const response = await fetch(metadata);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type'), /^application\/json/);
      const document = await response.json();
      assert.equal(document.resource, resource);
      assert.deepEqual(document.authorization_servers, [servers[name].issuer]);
      for (const [member, value] of Object.entries(document)) {
        assert.ok(!Array.isArray(value) || value.length > 0, `${member} is empty (RFC 9728 section 3.2)`);
      }
    });
  });

  test(`oauth4webapi finds ${name} and calls with its token`, async () => {
    await withDaemon(name, async (server) => {
      const refused = await call('x', 'GET', 'make-change?total=1.02').then(
        () => assert.fail('was not refused'),
        (error) => error,
      );
      assert.ok(refused instanceof oauth.WWWAuthenticateChallengeError);
      const [{ scheme, parameters }] = refused.cause;
      assert.equal(scheme, 'bearer');
      const { found, server: as } = await discover();
      assert.equal(parameters.resource_metadata, new URL('/.well-known/oauth-protected-resource', found.resource).href);
      assert.equal(as.issuer, server.issuer);

      const tokens = await tokensFor(as, server, `openid ${parameters.scope}`);
      const response = await call(tokens.access_token, 'GET', 'make-change?total=1.02');
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { total: 1.02, nickels: 20, pennies: 2 });
      // The scope of one route does not open another.
      await assert.rejects(call(tokens.access_token, 'POST', 'panic'), (error) => {
        assert.equal(error.response.status, 403);
        assert.equal(error.cause[0].parameters.error, 'insufficient_scope');
        assert.equal(error.cause[0].parameters.scope, 'panic');
        return true;
      });
    });
  });

  test(`the MCP SDK finds ${name} and calls with its token`, async () => {
    await withDaemon(name, async (server) => {
      const bare = await ask(resource);
      assert.equal(bare.status, 401);
      const { resourceMetadataUrl, scope: asked } = mcp.extractWWWAuthenticateParams(bare);
      assert.equal(asked, scope);
      const document = await mcp.discoverOAuthProtectedResourceMetadata(resource, { resourceMetadataUrl });
      assert.equal(document.resource, resource);
      // Without the challenge it looks at the well-known path.
      assert.deepEqual(await mcp.discoverOAuthProtectedResourceMetadata(resource), document);

      const client = new McpClient(server);
      const options = { serverUrl: new URL('make-change', resource), resourceMetadataUrl, scope: asked };
      assert.equal(await mcp.auth(client, options), 'REDIRECT');
      assert.equal(client.asked.searchParams.get('resource'), resource);
      assert.equal(client.asked.searchParams.get('scope'), scope);
      const authorizationCode = client.callback.searchParams.get('code');
      assert.equal(await mcp.auth(client, { ...options, authorizationCode }), 'AUTHORIZED');
      assert.equal((await ask(resource, client.saved.access_token)).status, 200);
      assert.equal((await ask(resource, client.saved.access_token, { path: '/panic', method: 'POST' })).status, 403);
    });
  });
}

test('a token for another resource of the authorization server is refused, and the refusal names the metadata', async () => {
  const other = await op.startOidcProvider(new Map([['https://vault.example/', scope]]));
  servers.other = { ...servers['oidc-provider'], issuer: other.issuer };
  await withDaemon('other', async () => {
    const { access_token: token } = await op.robotsToken(other.issuer, { resource: 'https://vault.example/', scope });
    const response = await ask(resource, token);
    assert.equal(response.status, 401);
    assert.equal(challengeOf(response).error, 'invalid_token');
    assert.ok(challengeOf(response).resource_metadata);
  });
  await other.stop();
});
