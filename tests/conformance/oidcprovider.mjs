// Starts oidc-provider for a test: an authorization server that is not ours, whose access tokens are JWTs as RFC 9068
// says, each for one resource (RFC 8707).
import { createServer } from 'node:http';
import { generateKeyPair, randomBytes, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { Browser } from './loginpage.mjs';

globalThis.crypto ??= webcrypto; // node 18
const { Provider, errors } = await import('oidc-provider');

/** A client with users, and one without: its own service account. */
export const page = { client_id: 'page', client_secret: 'the-secret-of-the-page' };
export const robot = { client_id: 'robot', client_secret: 'the-secret-of-the-robot' };
export const redirectUri = 'http://127.0.0.1/callback';
export const accountId = 'carla';

async function newKey(type, options, alg) {
  const { privateKey } = await promisify(generateKeyPair)(type, options);
  return { ...privateKey.export({ format: 'jwk' }), kid: `${alg}-${randomBytes(4).toString('hex')}`, alg, use: 'sig' };
}

/** Answers the interaction that the server asks for: the user logs in and consents to everything. */
async function consent(provider, request, response) {
  const { params, prompt, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid offline_access');
  for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  const result = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

/**
 * Starts the server on a free port. `resources` maps each resource to its scopes. Resolves to its issuer, its private
 * keys and a function that stops it.
 */
export async function startOidcProvider(resources, { alg = 'ES256' } = {}) {
  let handle;
  const server = createServer((request, response) => handle(request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const keys = [
    await newKey('ec', { namedCurve: 'P-256' }, 'ES256'),
    await newKey('rsa', { modulusLength: 2048 }, 'RS256'),
  ];
  const provider = new Provider(issuer, {
    clients: [
      {
        ...page,
        redirect_uris: [redirectUri],
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
      },
      { ...robot, redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
    ],
    jwks: { keys },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    extraTokenClaims: (context, token) =>
      token.kind === 'AccessToken' ? { roles: ['customer'], auth_time: authTimeOf(context) } : {},
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // For a token request without one.
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => {
          if (!resources.has(resource)) throw new errors.InvalidTarget();
          return {
            scope: resources.get(resource),
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 300,
            jwt: { sign: { alg } },
          };
        },
      },
    },
    ttl: { Interaction: 60, Session: 600, Grant: 600, IdToken: 300 },
  });
  const answer = provider.callback();
  handle = (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    return consent(provider, request, response).catch((error) => response.writeHead(500).end(String(error)));
  };
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { issuer, keys, stop };
}

function authTimeOf(context) {
  return context.oidc.entities.AuthorizationCode?.authTime ?? context.oidc.entities.RefreshToken?.authTime;
}

/** Opens an authorization URL as a browser and follows it, through login and consent, to the client's callback. */
export async function signIn(url) {
  const browser = new Browser();
  let next = new URL(url);
  for (let redirects = 0; redirects < 10; ++redirects) {
    const answer = await browser.fetch(next);
    const location = answer.headers.get('location');
    if (!location) throw new Error(`${next.pathname} was answered with ${answer.status}: ${await answer.text()}`);
    next = new URL(location, next);
    if (next.href.startsWith(redirectUri)) return next;
  }
  throw new Error('the login has too many redirects');
}

/** A token of the grant client_credentials. Resolves to the answer's body, or rejects with its error. */
export async function robotsToken(issuer, parameters) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${robot.client_id}:${robot.client_secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
  });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.error), body);
  return body;
}
