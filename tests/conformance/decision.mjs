// changebankd as the guard of an API behind a proxy: the guard, the proxies as packaging/proxies sets them up, and an API
// that believes everything it is told.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { freePort, startChangebankd } from './changebankd.mjs';
import { resource } from './dpop.mjs';
import { exchange } from './exchange.mjs';
import { listening, startNginx as startPlainNginx, startProgram } from './frontproxies.mjs';
import { eventually, temporaryFolder } from './revocation.mjs';

export const host = new URL(resource).host;
export const identityNames = ['Subject', 'Issuer', 'Roles', 'Scopes', 'Token'].map((name) => `X-Auth-${name}`);

/** What a client says about itself that is not so. */
export const forgedName = '203.0.113.66';

const rules = [
  'GET /catalogue/** public',
  'GET,POST /orders/** roles=clerk',
  '* /admin/** roles=admin',
  'GET /me authenticated',
];

/** Starts changebankd with a decision listener on a Unix socket, `socket`, for the tokens of an issuer. */
export async function startGuard({ issuer }, settings = {}) {
  const socket = join(temporaryFolder(), 'decision.sock');
  const guard = await startChangebankd({
    'auth.issuer': issuer,
    'auth.jwks.uri': `${issuer}/jwks`,
    'auth.profile': 'rfc9068',
    'auth.algorithms': 'ES256',
    'auth.audience': resource,
    'auth.dpop': 'allow',
    'server.resource': resource,
    'cors.origins': 'https://app.example.com',
    'decision.listen': socket,
    ...Object.fromEntries(rules.map((rule, i) => [`decision.rule.${i + 1}`, rule])),
    ...settings,
  });
  if (settings['decision.listen'] === undefined) await eventually('the socket is there', async () => existsSync(socket));
  return { ...guard, socket };
}

/** The path as careless software reads it: decoded twice, without parameters, and resolved as on Windows. */
function carelessPath(target) {
  let path = target.replace(/^https?:\/\/[^/]*/i, '').split('?')[0];
  for (let i = 0; i < 2; ++i) {
    path = path.replace(/%u00([0-9a-f]{2})/gi, '%$1').replace(/%c0%ae/gi, '.')
      .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  path = path.replaceAll('\uff0e', '.').replaceAll('\xef\xbc\x8e', '.').replaceAll('\\', '/').split('\0')[0].replace(/#.*?(?=\/\.\.)/, '');
  const segments = [];
  for (const segment of path.toLowerCase().split('/').map((each) => each.replace(/;.*/, ''))) {
    if (segment === '..') segments.pop();
    else if (segment.replace(/[. ]+$/, '') !== '') segments.push(segment.replace(/[. ]+$/, ''));
  }
  return `/${segments.join('/')}`;
}

/** The fields as CGI hands them on: one variable for all spellings of a name, the last one wins. */
function variablesOf(rawHeaders) {
  const variables = {};
  for (let i = 0; i < rawHeaders.length; i += 2)
    variables[rawHeaders[i].toUpperCase().replace(/[^A-Z0-9]/g, '_')] = rawHeaders[i + 1];
  return variables;
}

/** The values of all fields with that name, but empty ones. */
function valuesOf(rawHeaders, name) {
  return rawHeaders.filter((value, i) => i % 2 === 1 && value !== '' && rawHeaders[i - 1].toLowerCase() === name);
}

/** What an API understands that believes X-Auth-* in every spelling, obeys the fields that override method and path, and
 * reads paths carelessly. */
export function understood({ method, target, rawHeaders }, length = 0) {
  const variables = variablesOf(rawHeaders);
  const firstOf = (names) => names.map((name) => variables[name]).find((value) => value !== undefined);
  const otherTarget = firstOf(['X_ORIGINAL_URL', 'X_REWRITE_URL', 'X_ORIGINAL_URI', 'X_OVERRIDE_URL', 'X_HTTP_PATH_OVERRIDE',
    'X_FORWARDED_PATH', 'X_ENVOY_ORIGINAL_PATH']);
  return {
    method: firstOf(['X_HTTP_METHOD_OVERRIDE', 'X_HTTP_METHOD', 'X_METHOD_OVERRIDE', 'X_ORIGINAL_METHOD']) ?? method,
    target,
    path: carelessPath((variables.X_FORWARDED_PREFIX ?? '') + (otherTarget ?? target)),
    host: variables.HOST,
    subject: variables.X_AUTH_SUBJECT ?? '',
    issuer: variables.X_AUTH_ISSUER ?? '',
    roles: variables.X_AUTH_ROLES ?? '',
    scopes: variables.X_AUTH_SCOPES ?? '',
    token: variables.X_AUTH_TOKEN ?? '',
    upgrade: variables.UPGRADE ?? '',
    site: variables.SEC_FETCH_SITE ?? variables.ORIGIN ?? '',
    client: variables.X_FORWARDED_FOR ?? '',
    claimed: ['FORWARDED', 'X_REAL_IP', 'X_FORWARDED_PORT', 'X_FORWARDED_PREFIX'].map((name) => variables[name] ?? '').join(' '),
    traces: valuesOf(rawHeaders, 'traceparent'),
    states: valuesOf(rawHeaders, 'tracestate'),
    length,
  };
}

/** Starts such an API, which answers with what it understood. `reached` has that of all requests so far. */
export async function startApi() {
  const reached = [];
  const server = createServer((request, response) => {
    let length = 0;
    request.on('data', (chunk) => (length += chunk.length));
    request.on('end', () => {
      const { method, url: target, rawHeaders } = request;
      reached.push(understood({ method, target, rawHeaders }, length));
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(reached.at(-1)));
    });
  });
  server.on('upgrade', ({ method, url: target, rawHeaders }, socket) => {
    reached.push(understood({ method, target, rawHeaders }));
    socket.on('error', () => {});
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nopen');
  });
  server.on('clientError', (error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { port: server.address().port, reached, stop };
}

/** What a clerk named carla must not have achieved. */
export function breachOf(request, { issuer: good }) {
  const { method, path, subject, roles, scopes, issuer, token, upgrade, site, claimed, length } = request;
  if (path.startsWith('/admin')) return 'the administration was reached';
  if (!['', 'clerk'].includes(roles)) return `the roles were ${roles}`;
  if (!['', 'orders:read orders:write'].includes(scopes)) return `the scopes were ${scopes}`;
  if (!['', 'carla'].includes(subject)) return `the subject was ${subject}`;
  if (!['', good].includes(issuer)) return `the issuer was ${issuer}`;
  if (claimed.includes(forgedName)) return `the client named itself: ${claimed}`;
  if (token !== '') return `the token was ${token}`;
  const isPreflight = method === 'OPTIONS' && upgrade === '' && length === 0;
  if (path.startsWith('/orders') && subject === '' && !isPreflight) return 'orders were reached by nobody';
  if (upgrade && !['', 'same-origin'].includes(site)) return `a page of ${site} opened a WebSocket`;
  if (!['GET', 'HEAD', 'POST', 'OPTIONS'].includes(method)) return `the method was ${method}`;
  if (!['', 'websocket'].includes(upgrade)) return `the connection was offered ${upgrade}`;
  return undefined;
}

/** A shipped configuration with the lines that stand behind a # as comments, from the one that is named to an empty one. */
export function uncommented(text, first) {
  const lines = text.split('\n');
  const start = lines.indexOf(`#${first}`);
  assert.ok(start >= 0, `there is no #${first}`);
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('#'));
  return lines.map((line, i) => (i >= start && (i < end || end < 0) ? line.slice(1) : line)).join('\n');
}

/** A shipped configuration with other addresses; each must be in it. */
export function shipped(name, replacements) {
  const text = readFileSync(join(process.env.CHANGEBANK_SOURCE, 'packaging/proxies', name), 'utf8');
  return replacements.reduce((changed, [from, to]) => {
    assert.ok(changed.includes(from), `${name} has no ${from}`);
    return changed.replace(from, to);
  }, text);
}

/** Starts nginx before the guard's socket and the API. Options: `keysPort` of its server of keys, which it has only then;
 * `webSockets`, as the comments say; `patience` with the guard. */
export function startNginx({ socket }, { port: apiPort }, { keysPort, webSockets, patience = '15s' } = {}) {
  const plain = 'proxy_set_header Connection "";\n        # With WebSockets, these instead of that Connection:\n';
  const upgrading = ['proxy_set_header Connection $websocket_connection;\n', 'proxy_set_header Upgrade $websocket;\n'];
  const commented = plain + upgrading.map((line) => `        # ${line}`).join('');
  return startPlainNginx((port) => {
    const text = shipped('nginx.conf', [
      ['unix:/run/changebank/decision.sock', `unix:${socket}`],
      ['server 127.0.0.1:8080', `server 127.0.0.1:${apiPort}`],
      ['listen 80;', `listen 127.0.0.1:${port};`],
      ['listen 127.0.0.1:3003', `listen 127.0.0.1:${keysPort}`],
      ['proxy_read_timeout 15s', `proxy_read_timeout ${patience}`],
      [commented, webSockets ? upgrading.join('') : commented],
    ]);
    return keysPort ? uncommented(text, 'server {') : text;
  });
}

/** Starts Caddy in the same way; it hands on WebSockets by itself. */
export async function startCaddy({ socket }, { port: apiPort }, { keysPort, patience = '15s' } = {}) {
  const [folder, port] = [temporaryFolder(), await freePort()];
  const site = shipped('Caddyfile', [
    ['unix//run/changebank/decision.sock', `unix/${socket}`],
    ['reverse_proxy 127.0.0.1:8080', `reverse_proxy 127.0.0.1:${apiPort}`],
    [':80 {', `http://:${port} {\n\tbind 127.0.0.1`],
    ['http://:3003', `http://:${keysPort}`],
    ['jwks.json unix//run/changebank/decision.sock', `jwks.json unix/${socket}`],
    ['response_header_timeout 15s', `response_header_timeout ${patience}`],
  ]);
  const sites = keysPort ? uncommented(site, `http://:${keysPort} {`) : site;
  writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${sites}`);
  const words = ['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'HOME'].map((name) => `${name}=${folder}`);
  const run = ['caddy', 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'];
  return listening(port, startProgram('env', [...words, ...run]));
}

/** The text of a request; fields by name, values in a list for a field that comes several times. */
export function requestText({ method = 'GET', target = '/orders/7', token, fields = {}, body = '', version = '1.1' }) {
  const all = { Host: host, Connection: 'close', ...(token && { Authorization: `Bearer ${token}` }), ...fields };
  if (body && !Object.keys(fields).some((name) => /^(content-length|transfer-encoding)$/i.test(name)))
    all['Content-Length'] = body.length;
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value].flat().filter((one) => one !== undefined).map((one) => `${name}: ${one}\r\n`));
  return `${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n${body}`;
}

/** Sends a request through a proxy. */
export function ask(proxy, request) {
  return exchange(proxy.port, requestText(request));
}
