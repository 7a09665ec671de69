// Requests that have got past a guard before an API somewhere, each with where that was. All come from a clerk with a good
// token, unless they say otherwise. `refused` names the proxies behind which the API must not be reached at all; behind the
// others it may be, without harm: they drop what deceives.
import { forgedName, host, identityNames, requestText } from './decision.mjs';

const everywhere = ['nginx', 'caddy'];

/** The spellings of a name that an API may take for it (Traefik, "Headers with Aliasing Names"). */
function aliasesOf(name) {
  return ['_', '.', '~', '!', '+', '*'].map((character) => name.replaceAll('-', character))
    .concat(name.replace('-', '_'), name.toUpperCase().replaceAll('-', '_'));
}

const attack = (name, from, request, refused = everywhere) => ({ name, from, refused, text: (token) =>
  (typeof request === 'function' ? request(token) : requestText({ token, ...request })) });

const forgedForwarding = ['X-Forwarded-Uri', 'X-Forwarded-Method', 'X-Forwarded-Host'].flatMap((name) => {
  const value = { 'X-Forwarded-Uri': '/catalogue/1', 'X-Forwarded-Method': 'GET', 'X-Forwarded-Host': 'other' }[name];
  return [name, name.toLowerCase(), ...aliasesOf(name)].map((spelling) =>
    attack(`${spelling} of a client`, 'oauth2-proxy CVE-2026-40575, CVE-2025-64484; Traefik CVE-2026-39858',
      { target: '/admin/users', fields: { [spelling]: [value, value] } }));
});

const forgedClient = [
  ['Forwarded', `for=${forgedName};host=${forgedName};proto=https`],
  ['X-Real-IP', forgedName],
  ['X-Forwarded-Port', forgedName],
  ['X-Forwarded-Prefix', `/${forgedName}`],
].flatMap(([name, value]) => [name, name.toLowerCase()].map((spelling) =>
  attack(`${spelling} of a client`, 'RFC 7239 section 8.1', { fields: { [spelling]: [value, value] } }, [])));

const forgedIdentity = identityNames.flatMap((name) => [
  ...[name, name.toLowerCase(), name.toUpperCase()].flatMap((spelling) => [
    attack(`${spelling} of a client`, 'auth0/nginx-jwt#42', { fields: { [spelling]: 'admin' } }),
    attack(`${spelling} of a client, twice`, 'Envoy CVE-2021-32777', { fields: { [spelling]: ['admin', 'admin'] } }),
    attack(`${spelling} of nobody on a public path`, 'Caddy GHSA-7r4p-vjf4-gxv4',
      () => requestText({ target: '/catalogue/1', fields: { [spelling]: 'admin' } })),
  ]),
  ...aliasesOf(name).map((spelling) =>
    attack(`${spelling} of a client`, 'Traefik CVE-2026-54763, CVE-2026-88011; Caddy GHSA-f59h-q822-g45g',
      { fields: { [spelling]: 'admin' } }, ['caddy'])),
  attack(`${name} in a folded line`, 'RFC 9112 section 5.2', { fields: { 'X-Folded': `a\r\n ${name}: admin` } }, []),
  attack(`${name} with a space before the colon`, 'CVE-2019-16276 (Go)', { fields: { [`${name} `]: 'admin' } }, []),
]);

const paths = [
  ['/catalogue/../admin/users', 'Envoy CVE-2019-9901'],
  ['/catalogue/./../admin/users', 'Envoy CVE-2019-9901'],
  ['/catalogue/%2e%2e/admin/users', 'Apache CVE-2021-41773'],
  ['/catalogue/.%2e/admin/users', 'Apache CVE-2021-41773'],
  ['/catalogue/%252e%252e/admin/users', 'Apache CVE-2021-42013'],
  ['/catalogue/%2e%2e%2fadmin%2fusers', 'Envoy CVE-2021-29492'],
  ['/catalogue/..%2fadmin/users', 'Envoy CVE-2021-29492'],
  ['/catalogue/..%5cadmin/users', 'Envoy CVE-2021-29492'],
  ['/catalogue\\..\\admin\\users', 'IIS; RFC 9110 has no such path'],
  ['/catalogue/..;/admin/users', 'F5 CVE-2020-5902'],
  ['/catalogue/..;x=y/admin/users', 'F5 CVE-2020-5902'],
  ['/catalogue/%2e%2e;/admin/users', 'F5 CVE-2020-5902'],
  ['/catalogue/..%3b/admin/users', 'F5 CVE-2020-5902'],
  ['//admin/users', 'Spring Security CVE-2023-20860 and its like'],
  ['/catalogue//../admin/users', 'Envoy CVE-2019-9901'],
  ['/admin/users/', 'Spring Security CVE-2023-20860 and its like'],
  ['/ADMIN/users', 'servers on Windows'],
  ['/admin./users', 'servers on Windows'],
  ['/admin%20/users', 'servers on Windows'],
  ['/catalogue/x/.. /../admin/users', 'servers on Windows'],
  ['/admin;a=b/users', 'Spring, Tomcat: path parameters'],
  ['/%61dmin/users', 'RFC 3986 section 2.3'],
  ['/%2561dmin/users', 'Apache CVE-2021-42013'],
  ['/%u0061dmin/users', 'IIS'],
  ['/catalogue/%c0%ae%c0%ae/admin/users', 'IIS CVE-2000-0884'],
  ['/catalogue/\xef\xbc\x8e\xef\xbc\x8e/admin/users', 'characters that fold to ASCII'],
  ['/catalogue/%ef%bc%8e%ef%bc%8e/admin/users', 'characters that fold to ASCII'],
  ['/admin%00/users', 'CVE-2013-4547 (nginx)'],
  ['/catalogue/x%00/../../admin/users', 'CVE-2013-4547 (nginx)'],
  ['/catalogue/x#/../../admin/users', 'Envoy CVE-2021-32779'],
  ['/catalogue/x%23/../../admin/users', 'Envoy CVE-2021-32779'],
  ['/catalogue/x%3f/../../admin/users', 'Envoy CVE-2021-29492'],
  ['/catalogue/%/../../admin/users', 'bad escapes'],
  ['/catalogue/%0d%0aX-Auth-Roles:%20admin', 'splitting of requests'],
  [`http://${host}/admin/users`, 'RFC 9112 section 3.2.2'],
  ['http://other/admin/users', 'RFC 9112 section 3.2.2'],
  ['admin/users', 'RFC 9112 section 3.2'],
  ['*', 'RFC 9112 section 3.2.4'],
].map(([target, from]) => attack(`GET ${JSON.stringify(target)}`, from, { target }));

const overrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Original-Method'].flatMap((name) => [
  attack(`${name}: DELETE`, 'Rails, Symfony, Express method-override', { method: 'POST', fields: { [name]: 'DELETE' } }),
  ...aliasesOf(name).map((spelling) =>
    attack(`${spelling}: DELETE`, 'the same', { method: 'POST', fields: { [spelling]: 'DELETE' } }, ['caddy'])),
]).concat(['X-Original-URL', 'X-Rewrite-URL', 'X-Original-URI', 'X-Override-URL', 'X-HTTP-Path-Override', 'X-Forwarded-Path',
  'X-Envoy-Original-Path'].flatMap((name) => [
  attack(`${name}: /admin/users`, 'Symfony CVE-2018-14773', { target: '/catalogue/1', fields: { [name]: '/admin/users' } }),
  ...aliasesOf(name).map((spelling) => attack(`${spelling}: /admin/users`, 'the same',
    { target: '/catalogue/1', fields: { [spelling]: '/admin/users' } }, ['caddy'])),
])).concat(['DELETE', 'PUT', 'PATCH', 'TRACE', 'PROPFIND'].map((method) =>
  attack(`${method}, which no rule has`, 'CWE-650', { method }))).concat(
  attack('X-Forwarded-Prefix: /admin', 'Spring CVE-2020-5397 and its like',
    { target: '/catalogue/1', fields: { 'X-Forwarded-Prefix': '/admin' } }, []));

/** A WebSocket that a page opens with the user's cookie. */
const webSockets = [
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
  { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  { Origin: 'https://evil.example' },
  { Origin: 'null' },
].flatMap((page) => ['websocket', 'WebSocket'].map((protocol) =>
  attack(`Upgrade: ${protocol} of a page with ${JSON.stringify(page)}`, 'RFC 6455 section 10.2, CWE-1385', (token) => requestText(
    { fields: { Cookie: `app.at=${token}`, Connection: 'close, Upgrade', Upgrade: protocol, 'Sec-WebSocket-Version': 13, ...page } }))));

/** What gets past as a preflight, which has no token, and is none. */
const preflights = [
  [{ Connection: 'close, Upgrade', Upgrade: 'websocket' }],
  [{}, 'x'],
  [{ 'Transfer-Encoding': 'chunked' }, '5\r\nhello\r\n0\r\n\r\n'],
].map(([fields, body]) => attack(`a preflight with ${body ? 'a body' : 'an upgrade'} ${JSON.stringify(fields)}`, 'Fetch standard, CORS protocol',
  () => requestText({ method: 'OPTIONS', fields: { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'POST', ...fields },
    body })));

/** Other spellings of what proxies say about their client. */
const forwardedAliases = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Port', 'X-Forwarded-Prefix', 'X-Real-IP']
  .flatMap((name) => aliasesOf(name).map((spelling) =>
    attack(`${spelling} of a client`, 'Traefik CVE-2026-54763 and its like', { fields: { [spelling]: '127.0.0.1' } }, ['caddy'])));

const connections = [
  ...identityNames.map((name) => [name, {}]),
  ...['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Real-IP'].map((name) => [name, {}]),
  ['X-Auth-Roles', { 'X-Auth-Roles': 'admin' }],
  ['x-auth-subject, X-Auth-Roles', { 'X-Auth-Subject': 'root' }],
  ['X_Auth_Roles', { X_Auth_Roles: 'admin' }],
  ['Authorization', {}],
  ['X-Forwarded-Uri', { 'X-Forwarded-Uri': '/catalogue/1' }],
  ['X-Forwarded-Method, X-Forwarded-Host', {}],
  ['Host', {}],
  ['Cookie, DPoP, Origin, Sec-Fetch-Site', {}],
].map(([named, fields]) => {
  const isForged = Object.keys(fields).some((name) => name.startsWith('X-Auth'));
  return attack(`Connection: ${named}${isForged ? ', and that field' : ''}`, 'Traefik CVE-2024-45410, Apache CVE-2022-31813',
    { fields: { Connection: `close, ${named}`, ...fields } }, isForged ? everywhere : ['caddy']);
}).concat(
  attack('a second Connection: X-Auth-Roles', 'Traefik CVE-2024-45410', { fields: { Connection: ['close', 'X-Auth-Roles'] } },
    ['caddy']),
  attack('Upgrade: h2c', 'h2csmuggler; Traefik 3.7.13', { fields: { Connection: 'close, Upgrade', Upgrade: 'h2c' } }, ['caddy']),
  attack('Upgrade: websocket, h2c', 'h2csmuggler', { fields: { Connection: 'close, Upgrade', Upgrade: 'websocket, h2c' } }, ['caddy']),
  attack('Upgrade: h2c with its settings', 'h2csmuggler', { fields:
    { Connection: 'close, Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' } }),
  attack('HTTP2-Settings alone', 'h2csmuggler', { fields: { 'HTTP2-Settings': 'AAMAAABkAAQAAP__' } }),
  attack('a WebSocket of nobody', 'oauth2-proxy#1162 and its like',
    () => requestText({ fields: { Connection: 'close, Upgrade', Upgrade: 'websocket' } })),
);

const hidden = `GET /admin/users HTTP/1.1\r\nHost: ${host}\r\nX-Auth-Roles: admin\r\n\r\n`;
const messages = [
  attack('HTTP/1.0 without Host', 'RFC 9112 section 3.2', (token) =>
    requestText({ token, version: '1.0', fields: { Host: undefined } })),
  attack('HTTP/1.1 without Host', 'RFC 9112 section 3.2', { fields: { Host: undefined } }),
  attack('two Host', 'RFC 9112 section 3.2', { fields: { Host: [host, 'other'] } }),
  attack('an empty Host', 'RFC 9112 section 3.2', { fields: { Host: '' } }),
  attack('a Host with a path', 'RFC 9112 section 3.2', { fields: { Host: `${host}/catalogue` } }),
  attack('two Authorization', 'Envoy CVE-2021-32777', (token) =>
    requestText({ fields: { Authorization: [`Bearer ${token}`, 'Bearer x'] } })),
  attack('X-Auth-Roles of 100 kB', 'limits', { fields: { 'X-Auth-Roles': 'a'.repeat(100_000) } }),
  attack('a token of 100 kB', 'limits', () => requestText({ token: 'a'.repeat(100_000) })),
  attack('a path of 100 kB', 'limits', { target: `/orders/${'a'.repeat(100_000)}` }),
  attack('1,000 fields', 'limits', { fields: { 'X-Many': Array(1000).fill('a'), 'X-Auth-Roles': 'admin' } }),
  attack('a refused request with a body that waits for its 100', 'RFC 9110 section 10.1.1',
    { method: 'POST', target: '/admin/users', fields: { Expect: '100-continue' }, body: hidden }),
  attack('Transfer-Encoding and Content-Length', 'PortSwigger, HTTP desync attacks (2019)', { method: 'POST',
    fields: { 'Content-Length': hidden.length + 5, 'Transfer-Encoding': 'chunked' }, body: `0\r\n\r\n${hidden}` }, []),
  attack('Content-Length short of what is sent', 'the same', { method: 'POST',
    fields: { Connection: 'keep-alive', 'Content-Length': 4 }, body: `abcd${hidden.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}` }, []),
  ...['xchunked', 'chunked, identity', 'identity, chunked', '\x0bchunked', 'chunked\r\nTransfer-Encoding: x'].map((coding) =>
    attack(`Transfer-Encoding: ${JSON.stringify(coding)}`, 'the same', { method: 'POST',
      fields: { 'Content-Length': 5, 'Transfer-Encoding': coding }, body: `0\r\n\r\n${hidden}` }, [])),
  ...['5, 6', '+5', '0x5', '5 '].map((length) =>
    attack(`Content-Length: ${JSON.stringify(length)}`, 'the same', { method: 'POST',
      fields: { 'Content-Length': length }, body: `abcde${hidden}` }, [])),
  attack('a request behind a GET with a body', 'the same', { fields: { 'Content-Length': hidden.length }, body: hidden }, []),
  attack('pipelined behind a public one', 'the same', (token) =>
    requestText({ target: '/catalogue/1', fields: { Connection: 'keep-alive' } }) + requestText({ token, target: '/admin/users' }), []),
  attack('pipelined behind a refused one', 'the same', (token) =>
    requestText({ target: '/admin/users', fields: { Connection: 'keep-alive' } }) + requestText({ token, target: '/admin/users' })),
  attack('a cookie on a request of another site', 'CSRF', (token) => requestText({ method: 'POST',
    fields: { Cookie: `app.at=${token}`, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' } })),
  attack('the same, hiding where it comes from', 'CSRF', (token) => requestText({ method: 'POST',
    fields: { Cookie: `app.at=${token}`, 'Sec-Fetch-Site': 'cross-site', Sec_Fetch_Site: 'same-origin' } })),
];

export const attacks = [...forgedForwarding, ...forgedClient, ...forgedIdentity, ...paths, ...overrides, ...webSockets, ...preflights,
  ...forwardedAliases, ...connections, ...messages];
