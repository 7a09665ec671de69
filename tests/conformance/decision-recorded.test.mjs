// Traefik and Envoy are not in Debian. These are the requests that they make for a decision, written down from their sources,
// and what they then hand on to the API, with the lists of fields from the shipped configurations:
// - Traefik: writeHeader() and ServeHTTP() in pkg/middlewares/auth/forward.go (v2.11, v3.6);
//   pkg/middlewares/forwardedheaders/forwarded_header.go. Without its own filters of paths and names, which newer ones have.
// - Envoy: RawHttpClientImpl::check() in source/extensions/filters/common/ext_authz/ext_authz_http_impl.cc and the notes in
//   api/envoy/extensions/filters/http/ext_authz/v3/ext_authz.proto. Without its own checks of paths.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { breachOf, identityNames, requestText, shipped, startGuard, understood } from './decision.mjs';
import { attacks } from './decisionattacks.mjs';
import { freePort } from './changebankd.mjs';
import { boundToken, challengesOf, errorsOf, newHolder, proofOf, resource, startIssuer } from './dpop.mjs';
import { exchange } from './exchange.mjs';

const { routers, middlewares } = parse(shipped('traefik.yml', [])).http;
const { forwardAuth } = middlewares.changebank;
const manager = parse(shipped('envoy.yaml', [])).static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
const extAuthz = manager.http_filters[0].typed_config;

const traceNames = ['traceparent', 'tracestate'];

/** Method, target and fields of a request, and nothing else: the attacks on messages are for real servers. */
function partsOf(text) {
  const end = text.indexOf('\r\n\r\n');
  const [line, ...rest] = text.slice(0, end).split('\r\n');
  const [, method, target] = /^(\S+) (.*) HTTP\/1\.1$/.exec(line) ?? [];
  const fields = rest.map((each) => each.split(/: ?(.*)/s).slice(0, 2));
  return { method, target, fields, hasBody: text.length > end + 4 };
}

const named = (fields, name) => fields.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);

function withoutHops(fields) {
  const hops = ['connection', 'keep-alive', 'proxy-authenticate', 'te', 'trailers', 'transfer-encoding', 'upgrade', 'content-length',
    ...namesIn(fields)];
  return fields.filter(([name]) => !hops.includes(name.toLowerCase()));
}

const namesIn = (fields) => named(fields, 'connection').flatMap((value) => value.toLowerCase().split(/\s*,\s*/));

/** Without those that Connection names, which Envoy's codec removes before its filters: sanitizeConnectionHeader() in
 * source/common/http/utility.cc. Not from an upgrade. */
function sanitized(fields) {
  const names = namesIn(fields);
  return names.includes('upgrade') ? fields : fields.filter(([name]) => !names.includes(name.toLowerCase()));
}

/** As Go spells a name. */
const canonical = (name) => name.toLowerCase().replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());

function textOf(method, target, fields) {
  return `${method} ${target} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** What the shipped Traefik hands on of what a client says about itself: its entry point replaces or removes most. */
function withoutClaims(fields) {
  const removed = ['x-real-ip', 'x-forwarded-port'];
  for (const name of routers.api.middlewares.slice(0, routers.api.middlewares.indexOf('changebank'))) {
    const { customRequestHeaders = {} } = middlewares[name].headers ?? {};
    removed.push(...Object.entries(customRequestHeaders).filter(([, value]) => value === '').map(([each]) => each.toLowerCase()));
  }
  return fields.filter(([name]) => !removed.includes(name.toLowerCase()));
}

const models = {
  traefik: {
    settings: { 'decision.convention': 'forwarded' },
    question({ method, target, fields }) {
      const ours = ['x-forwarded-for', 'x-forwarded-method', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-uri',
        'x-forwarded-port', 'x-forwarded-server', 'x-real-ip', 'host'];
      const kept = withoutHops(withoutClaims(fields)).filter(([name]) => !ours.includes(name.toLowerCase()));
      return textOf('GET', '/decision', [
        ['Host', new URL(forwardAuth.address).host],
        ['User-Agent', 'curl/8'],
        ...kept.map(([name, value]) => [canonical(name), value]),
        ['X-Forwarded-For', '192.0.2.7'],
        ['X-Forwarded-Host', named(fields, 'host')[0]],
        ['X-Forwarded-Method', method],
        ['X-Forwarded-Port', '80'],
        ['X-Forwarded-Proto', 'http'],
        ['X-Forwarded-Server', 'edge'],
        ['X-Forwarded-Uri', target],
        ['X-Real-Ip', '192.0.2.7'],
        ['Accept-Encoding', 'gzip'],
        ['Connection', 'close'],
      ]);
    },
    allows: ({ status }) => status >= 200 && status < 300,
    handedOn({ method, target, fields }, { headers }) {
      const replaced = forwardAuth.authResponseHeaders;
      // What Connection names is removed at the entry point, before the middlewares; an upgrade is handed on.
      const claimless = withoutClaims(fields);
      const upgrades = named(fields, 'connection').some((value) => /\bupgrade\b/i.test(value))
        ? claimless.filter(([name]) => name.toLowerCase() === 'upgrade') : [];
      const kept = [...withoutHops(claimless), ...upgrades].map(([name, value]) => [canonical(name), value])
        .filter(([name]) => !replaced.map(canonical).includes(name));
      const set = replaced.filter((name) => name.toLowerCase() in headers).map((name) => [name, headers[name.toLowerCase()]]);
      return { method, target, rawHeaders: [...set, ...kept].flat() };
    },
  },
  envoy: {
    settings: { 'decision.convention': 'original' },
    refuses: ({ fields }) => manager.common_http_protocol_options.headers_with_underscores_action === 'REJECT_REQUEST' &&
      fields.some(([name]) => name.includes('_')),
    question({ method, target, fields }) {
      const matches = (name) => extAuthz.allowed_headers.patterns.some(({ exact, prefix, safe_regex: pattern }) =>
        name === exact || (prefix && name.startsWith(prefix)) || (pattern && new RegExp(`^(?:${pattern.regex})$`).test(name)));
      const combined = new Map();
      for (const [name, value] of sanitized(fields).map(([each, one]) => [each.toLowerCase(), one])) {
        if (name === 'host' || !(matches(name) || name === 'authorization')) continue;
        combined.set(name, combined.has(name) ? `${combined.get(name)},${value}` : value);
      }
      return textOf(method, extAuthz.http_service.path_prefix + target, [
        ['host', named(fields, 'host')[0]],
        ['content-length', '0'],
        ...combined,
        ['x-envoy-internal', 'true'],
        ['x-forwarded-for', '192.0.2.7'],
        ['x-envoy-expected-rq-timeout-ms', '15000'],
        ['connection', 'close'],
      ]);
    },
    allows: ({ status }) => status === 200,
    handedOn({ method, target, fields }, { headers }) {
      const replaced = extAuthz.http_service.authorization_response.allowed_upstream_headers.patterns.map(({ exact }) => exact);
      const kept = withoutHops(fields).map(([name, value]) => [name.toLowerCase(), value])
        .filter(([name]) => !replaced.includes(name) || !(name in headers))
        .filter(([name]) => !manager.route_config.request_headers_to_remove.includes(name));
      const set = replaced.filter((name) => name in headers).map((name) => [name, headers[name]]);
      return { method, target, rawHeaders: [...set, ...kept].flat() };
    },
  },
};

test('the configurations name all fields of identity and trace, and fail closed', () => {
  assert.deepEqual(forwardAuth.authResponseHeaders, [...identityNames, ...traceNames]);
  assert.equal(forwardAuth.trustForwardHeader, false);
  assert.equal(forwardAuth.authRequestHeaders, undefined);
  const upstream = extAuthz.http_service.authorization_response.allowed_upstream_headers.patterns.map(({ exact }) => exact);
  assert.deepEqual(upstream, [...identityNames.map((name) => name.toLowerCase()), ...traceNames]);
  assert.equal(extAuthz.failure_mode_allow, false);
});

for (const [name, model] of Object.entries(models)) {
  describe(name, () => {
    let issuer;
    let guard;
    let port;
    let token;
    before(async () => {
      issuer = await startIssuer();
      port = await freePort();
      guard = await startGuard(issuer, { 'decision.listen': `127.0.0.1:${port}`, ...model.settings });
      token = await issuer.mint({ roles: ['clerk'] });
    });
    after(async () => {
      assert.equal(await guard?.stop(), 0);
      await issuer?.stop();
    });
    const decide = (request) => exchange(port, model.question(partsOf(requestText(request))));

    test('an allowed request gets a 200 with the whole identity', async () => {
      const { status, headers, body } = await decide({ token, method: 'POST', target: '/orders/7?a=%20' });
      assert.deepEqual([status, body], [200, '']);
      const identity = Object.fromEntries(identityNames.map((each) => [each, headers[each.toLowerCase()]]));
      assert.deepEqual(identity, { 'X-Auth-Subject': 'carla', 'X-Auth-Issuer': issuer.issuer, 'X-Auth-Roles': 'clerk',
        'X-Auth-Scopes': '', 'X-Auth-Token': '' });
      assert.equal(headers['cache-control'], 'no-store');
    });

    test('the API is in the trace of the client', async () => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const request = { token, fields: { traceparent, tracestate: 'vendor=1' } };
      const decision = await decide(request);
      assert.equal(decision.headers.traceparent, traceparent);
      const { traces, states } = understood(model.handedOn(partsOf(requestText(request)), decision));
      assert.deepEqual([traces, states], [[traceparent], ['vendor=1']]);
    });

    test('a public one gets all fields, empty', async () => {
      const { status, headers } = await decide({ token, target: '/catalogue/1' });
      assert.equal(status, 200);
      for (const each of identityNames) assert.equal(headers[each.toLowerCase()], '', each);
    });

    test('refusals have status, challenge and body', async () => {
      const missing = await decide({});
      assert.deepEqual([missing.status, challengesOf(missing)[0].scheme], [401, 'Bearer']);
      const role = await decide({ token, target: '/admin/users' });
      assert.deepEqual([role.status, errorsOf(role).Bearer], [403, 'insufficient_scope']);
      assert.equal(JSON.parse(role.body).error, 'You do not have a role with permissions to do this.');
      assert.equal(JSON.parse((await decide({ token, target: '/other' })).body).code, 'ERR_NO_RULE');
    });

    test('cookies, proofs and origins are judged', async () => {
      const cookie = { Cookie: `app.at=${token}` };
      assert.equal((await decide({ fields: cookie })).status, 200);
      const foreign = { ...cookie, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
      assert.equal((await decide({ method: 'POST', fields: foreign })).status, 403);
      const holder = await newHolder();
      const bound = await boundToken(issuer, holder.jwk, { roles: ['clerk'] });
      const proof = proofOf(holder, bound, { claims: { htm: 'POST', htu: `${resource}orders/7` } });
      const fields = { Authorization: `DPoP ${bound}`, DPoP: proof };
      assert.equal((await decide({ method: 'POST', fields })).status, 200);
      assert.equal((await decide({ method: 'POST', fields })).status, 401);
    });

    test('preflights of allowed origins pass', async () => {
      const fields = { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'POST' };
      assert.equal((await decide({ method: 'OPTIONS', fields })).status, 200);
      assert.equal((await decide({ method: 'OPTIONS', target: '/other', fields })).status, 401);
    });

    test('every attack fails', { timeout: 100_000 }, async () => {
      const faults = [];
      let judged = 0;
      for (const { name: what, from, text } of attacks) {
        const request = partsOf(text(token));
        // What does not even parse is for a real proxy.
        // Bodies of preflights are, as the document says, for the API not to act upon.
        const hasHiddenBody = request.method === 'OPTIONS' && request.hasBody;
        const isWhole = request.method && !hasHiddenBody && named(request.fields, 'host').length === 1 && request.target.length < 10_000 &&
          request.fields.every(([each]) => /^[^\s]+$/.test(each));
        if (!isWhole || model.refuses?.(request)) continue;
        const response = await exchange(port, model.question(request));
        ++judged;
        if (response === undefined || !model.allows(response)) continue;
        const breach = breachOf(understood(model.handedOn(request, response)), issuer);
        if (breach) faults.push(`${what} (${from}): ${breach}`);
      }
      assert.ok(judged > 100, `only ${judged}`);
      assert.deepEqual(faults, []);
    });
  });
}

test('each convention ignores the fields of the other, and takes its own only', async () => {
  const issuer = await startIssuer();
  const token = await issuer.mint({ roles: ['clerk'] });
  try {
    for (const [name, other] of [['traefik', 'envoy'], ['envoy', 'traefik']]) {
      const port = await freePort();
      const guard = await startGuard(issuer, { 'decision.listen': `127.0.0.1:${port}`, ...models[name].settings });
      const question = models[other].question(partsOf(requestText({ token })));
      const { status } = await exchange(port, question);
      assert.ok(status >= 400, `${other} to ${name}: ${status}`);
      assert.equal(await guard.stop(), 0);
    }
  } finally {
    await issuer.stop();
  }
});
