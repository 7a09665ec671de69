// The spans that changebankd exports to an OpenTelemetry collector, and what it does when that fails; the trace in the
// log, in audit lines, in exemplars and in decisions for proxies.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SignJWT } from 'jose';
import { freePort, startChangebankd } from './changebankd.mjs';
import { startCollector } from './collector.mjs';
import { exchange, textOf } from './exchange.mjs';

const issuer = 'https://issuer.example.com';
const audience = 'bank';
const subject = '00000000-0000-0000-0000-222222222222';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keySet = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }] });

let folder;
let keys;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'traces-'));
  keys = createServer((request, response) => response.end(keySet));
  await new Promise((resolve) => keys.listen(0, '127.0.0.1', resolve));
});
after(() => {
  keys.close();
  rmSync(folder, { recursive: true });
});

const newTrace = () => randomBytes(16).toString('hex');
const parent = '00f067aa0ba902b7';
const traceparent = (trace, flags = '01') => `00-${trace}-${parent}-${flags}`;

function token(roles = ['customer']) {
  return new SignJWT({ roles }).setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'JWT' })
    .setIssuer(issuer).setAudience(audience).setSubject(subject).setIssuedAt().setExpirationTime('5m').sign(privateKey);
}

async function start(settings, options) {
  const bank = await startChangebankd({
    'auth.issuer': issuer,
    'auth.audience': audience,
    'auth.algorithms': 'ES256',
    'auth.jwks.uri': `http://127.0.0.1:${keys.address().port}/jwks?secret=query-of-keys`,
    'trace.ratio': 0,
    ...settings,
  }, options);
  const ask = async (path, { bearer, trace, headers = {}, method = 'GET', pause } = {}) => {
    const response = await exchange(Number(new URL(bank.url).port), textOf({
      method,
      target: path,
      headers: { ...(bearer && { Authorization: `Bearer ${bearer}` }), ...(trace && { traceparent: trace }), ...headers },
    }), { pause });
    return response;
  };
  for (let i = 0; (await ask('/readyz')).status !== 200; ++i) {
    assert.ok(i < 600, bank.log.join('\n'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { ...bank, ask };
}

/** Runs with a daemon and a collector, and stops both. */
async function traced(settings, run, { collecting, config } = {}) {
  const collector = await startCollector(collecting);
  const bank = await start({ 'trace.endpoint': collector.endpoint, ...settings }, { config });
  try {
    await run(bank, collector);
  } finally {
    await bank.stop();
    await collector.stop();
  }
  return collector;
}

async function metricsOf(port, accept) {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: accept ? { accept } : {} });
  return { type: response.headers.get('content-type'), text: await response.text() };
}

async function spanCount(port, outcome) {
  const { text } = await metricsOf(port);
  return Number(new RegExp(`^changebank_trace_spans_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)[1]);
}

async function eventually(condition) {
  for (let i = 0; !(await condition()); ++i) {
    assert.ok(i < 600, `never: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a good request is a span with the guard and the handler below it, in the trace of its caller', async () => {
  await traced({}, async (bank, collector) => {
    const trace = newTrace();
    const response = await bank.ask('/make-change?total=1.02', {
      bearer: await token(), trace: traceparent(trace), headers: { 'X-Request-Id': 'asked-1' },
    });
    assert.equal(response.status, 200);
    const server = await collector.server(trace);
    assert.equal(server.name, 'GET /make-change');
    assert.equal(server.parentSpanId, parent);
    assert.equal(server.service, 'changebank');
    assert.deepEqual(server.status, {});
    const { 'client.port': port, ...attributes } = server.attributes;
    assert.ok(port > 0);
    assert.deepEqual(attributes, {
      'http.request.method': 'GET',
      'url.path': '/make-change',
      'url.scheme': 'http',
      'http.response.status_code': 200,
      'http.request.header.x-request-id': ['asked-1'],
      'http.route': '/make-change',
      'client.address': '127.0.0.1',
    });
    const children = collector.children(server);
    assert.deepEqual(children.map(({ name, kind }) => [name, kind]), [['guard', 1], ['handler', 1]]);
    const [guard, handler] = children;
    for (const span of children) {
      assert.equal(span.traceId, trace);
      assert.deepEqual(span.attributes, {});
    }
    const times = [server.start, guard.start, guard.end, handler.start, handler.end, server.end];
    times.forEach((time, i) => assert.ok(i === 0 || times[i - 1] <= time, times.join()));
  });
});

test('a refused request says why, and has no handler', async () => {
  await traced({}, async (bank, collector) => {
    const trace = newTrace();
    assert.equal((await bank.ask('/make-change?total=1', { trace: traceparent(trace) })).status, 401);
    const server = await collector.server(trace);
    assert.equal(server.attributes['error.type'], 'missing_token');
    assert.equal(server.attributes['http.response.status_code'], 401);
    assert.deepEqual(server.status, {}, 'a status below 500 is no error of a server');
    const [guard, ...others] = collector.children(server);
    assert.deepEqual(others, []);
    assert.equal(guard.name, 'guard');
    assert.deepEqual(guard.attributes, { 'error.type': 'missing_token' });
  });
});

test('what a caller makes up stays out of names', async () => {
  await traced({}, async (bank, collector) => {
    const trace = newTrace();
    await bank.ask('/no-such-path', { method: 'BREW', trace: traceparent(trace) });
    const server = await collector.server(trace);
    assert.equal(server.name, 'HTTP');
    assert.equal(server.attributes['http.request.method'], '_OTHER');
    assert.equal(server.attributes['http.request.method_original'], 'BREW');
    assert.equal(server.attributes['url.path'], '/no-such-path');
    assert.ok(!('http.route' in server.attributes));
  });
});

test('the ratio is for traces that begin here, and a caller decides about its own', async () => {
  await traced({ 'trace.ratio': 1 }, async (bank, collector) => {
    await bank.ask('/make-change?total=1', { trace: traceparent(newTrace(), '00') });
    for (const trace of ['', 'nonsense', `00-${'0'.repeat(32)}-${parent}-01`]) await bank.ask(`/of-${trace.length}`, { trace });
    for (const length of ['0', '8', '55']) {
      const server = await collector.find((span) => span.attributes['url.path'] === `/of-${length}`);
      assert.ok(!('parentSpanId' in server));
    }
    assert.ok(collector.spans.every((span) => span.attributes['url.path'] !== '/make-change'));
  });
  const none = await traced({ 'trace.ratio': 0 }, async (bank) => {
    for (let i = 0; i < 20; ++i) await bank.ask('/me');
  });
  assert.deepEqual(none.spans, []);
});

test('a failure is exported though its trace is not sampled, as are slow and refused requests where they are asked for', async () => {
  const port = await freePort();
  const settings = { 'auth.jwks.uri': `http://127.0.0.1:${port}/`, 'auth.jwks.timeout': '1s' };
  const collector = await startCollector();
  const bank = await startChangebankd({
    'auth.issuer': issuer, 'auth.audience': audience, ...settings, 'trace.endpoint': collector.endpoint, 'trace.ratio': 0,
  });
  try {
    const trace = newTrace();
    const response = await fetch(`${bank.url}/make-change?total=1`, {
      headers: { authorization: `Bearer ${await token()}`, traceparent: traceparent(trace, '00') },
    });
    assert.equal(response.status, 503);
    const server = await collector.server(trace);
    assert.deepEqual(server.status, { code: 2 });
    assert.equal(server.attributes['error.type'], 'keys_unreachable');
    const [guard] = collector.children(server);
    assert.deepEqual(guard.status, { code: 2 });
    // So is the fetch that failed.
    const fetched = await collector.find((span) => span.kind === 3);
    assert.equal(fetched.name, 'GET');
    assert.deepEqual(fetched.status, { code: 2 });
    assert.equal(fetched.attributes['url.full'], `http://127.0.0.1:${port}/`);
    assert.equal(fetched.attributes['error.type'], 'keys_unreachable');
  } finally {
    await bank.stop();
    await collector.stop();
  }
  for (const [extra, pause] of [[{ 'trace.refusals': true }, 0], [{ 'trace.slow': '100ms' }, 200]]) {
    await traced(extra, async (bank2, collector2) => {
      const [fast, wanted] = [newTrace(), newTrace()];
      await bank2.ask('/livez', { trace: traceparent(fast, '00') });
      await bank2.ask('/me', { trace: traceparent(wanted, '00'), pause });
      await collector2.server(wanted);
      assert.ok(!collector2.spans.some(({ traceId }) => traceId === fast));
    });
  }
});

test('nothing secret is exported: no token, cookie, query or field', async () => {
  const bearer = await token();
  const collector = await traced({ 'trace.ratio': 1 }, async (bank, collecting) => {
    await bank.ask('/make-change?total=1.02&secret=query-of-request', { bearer, headers: { 'User-Agent': 'secret-agent' } });
    await bank.ask('/me', { headers: { Cookie: `app.at=${bearer}; other=secret-cookie` } });
    await bank.ask('/panic', { bearer, method: 'POST', headers: { tracestate: 'vendor=secret-state' } });
    await collecting.find((span) => span.name === 'POST /panic');
  });
  const text = collector.bodies.join('\n');
  assert.ok(text.includes('/make-change'));
  for (const part of [...bearer.split('.'), 'secret', subject, 'query-of', 'total=']) assert.ok(!text.includes(part), part);
});

test('the subject is exported where the settings say so', async () => {
  await traced({ 'trace.subjects': true }, async (bank, collector) => {
    const trace = newTrace();
    await bank.ask('/me', { bearer: await token(), trace: traceparent(trace) });
    assert.equal((await collector.server(trace)).attributes['enduser.id'], subject);
  });
});

test('the ids are in the access log, in refusals and in audit lines, as text and as JSON', async () => {
  for (const format of ['text', 'json']) {
    const audit = join(folder, `audit-${format}`);
    await traced({ 'log.access': true, 'log.level': 'debug', 'log.format': format, 'audit.file': audit }, async (bank, collector) => {
      const trace = newTrace();
      await bank.ask('/panic', { bearer: await token(), method: 'POST', trace: traceparent(trace) });
      const { spanId } = await collector.server(trace);
      const text = bank.log.filter((line) => line.includes(trace));
      assert.equal(text.length, 2, 'the refusal and the request');
      if (format === 'json') {
        const line = JSON.parse(text.find((each) => each.includes('"request"')));
        assert.equal(line.trace_id, trace);
        assert.equal(line.span_id, spanId);
        const recorded = JSON.parse(readFileSync(audit, 'utf8').trim());
        assert.equal(recorded.trace_id, trace);
        assert.equal(recorded.span_id, spanId);
      } else {
        assert.ok(text.some((line) => line.includes(` trace_id ${trace} span_id ${spanId} from `)));
        assert.ok(text.some((line) => /refused role_missing/.test(line) && line.endsWith(` trace_id ${trace}`)));
        assert.ok(readFileSync(audit, 'utf8').includes(` trace_id "${trace}" span_id "${spanId}"`));
      }
    });
  }
});

test('without an endpoint a valid traceparent is in the log, and nothing else of it', async () => {
  const bank = await start({ 'log.access': true });
  try {
    const trace = newTrace();
    await bank.ask('/me', { trace: traceparent(trace) });
    for (const bad of [traceparent(trace).toUpperCase(), `${traceparent(trace)}-x`, 'evil" id "forged']) {
      await bank.ask('/bad', { trace: bad });
    }
    await bank.ask('/last');
    await eventually(() => bank.log.some((line) => line.includes('"/last"')));
    assert.ok(bank.log.some((line) => line.includes(`"/me"`) && line.includes(` trace_id ${trace} from `)));
    for (const line of bank.log.filter((each) => each.includes('"/bad"') || each.includes('"/last"'))) {
      assert.ok(!/trace_id|forged/.test(line), line);
    }
  } finally {
    await bank.stop();
  }
});

test('a collector that is dead, stalls or answers nonsense holds up nobody; losses are counted', async () => {
  const stalled = { answer: () => true };
  const nonsense = { answer: (request, response) => response.socket.end('not HTTP\r\n\r\n') || true };
  const refusing = { answer: (request, response) => response.writeHead(400).end() || true };
  for (const [outcome, collecting] of [['dropped', stalled], ['dropped', nonsense], ['rejected', refusing]]) {
    const port = await freePort();
    await traced({ 'trace.ratio': 1, 'trace.queue': 16, 'trace.timeout': '60s', 'metrics.port': port, 'server.drainTimeout': '1s' },
      async (bank) => {
        await eventually(async () => {
          assert.equal((await bank.ask('/me')).status, 401);
          return await spanCount(port, outcome) > 0;
        });
        assert.equal(await spanCount(port, 'exported'), 0);
        assert.ok(bank.log.filter((line) => line.includes('cannot export traces')).length <= 1, 'it is told once');
      }, { collecting });
  }
});

test('429 and 503 are tried again after Retry-After, and what a collector rejects is counted', async () => {
  const port = await freePort();
  const collecting = {
    answer: (request, response, attempt) => attempt <= 2
      && (response.writeHead(attempt === 1 ? 429 : 503, { 'Retry-After': '0' }).end() || true),
    body: '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no room"}}',
  };
  await traced({ 'metrics.port': port }, async (bank, collector) => {
    const trace = newTrace();
    await bank.ask('/me', { trace: traceparent(trace) });
    await collector.server(trace);
    await eventually(async () => await spanCount(port, 'exported') === 1);
    assert.equal(await spanCount(port, 'rejected'), 1);
    assert.equal(await spanCount(port, 'failed'), 0);
    assert.equal(collector.requests.length, 3);
    assert.equal(collector.bodies[0], collector.bodies[2]);
  }, { collecting });
});

test('what is left is exported when the daemon stops', async () => {
  const collector = await startCollector();
  const bank = await start({ 'trace.endpoint': collector.endpoint });
  const trace = newTrace();
  await bank.ask('/me', { trace: traceparent(trace) });
  await bank.stop();
  const server = collector.spans.find(({ kind, traceId }) => kind === 2 && traceId === trace);
  await collector.stop();
  assert.deepEqual(collector.faults, []);
  assert.ok(server);
});

test('a reload changes everything about traces, and sends the fields of a file that it never shows', async () => {
  const config = join(folder, 'reloaded.properties');
  const headers = join(folder, 'headers');
  const second = await startCollector();
  writeFileSync(headers, '# for the collector\nAuthorization: Bearer sesame-secret\nX-Tenant: bank\n');
  chmodSync(headers, 0o600);
  writeFileSync(config, '');
  const collector = await startCollector();
  writeFileSync(config, `trace.endpoint = ${collector.endpoint}\n`);
  const bank = await start({}, { config });
  try {
    const [first, next, last] = [newTrace(), newTrace(), newTrace()];
    await bank.ask('/me', { trace: traceparent(first) });
    writeFileSync(config, `trace.endpoint = ${second.endpoint}\ntrace.headersFile = ${headers}\ntrace.serviceName = other\n`);
    await bank.reload();
    await collector.server(first);
    await bank.ask('/me', { trace: traceparent(next) });
    assert.equal((await second.server(next)).service, 'other');
    assert.equal(second.requests[0].headers.authorization, 'Bearer sesame-secret');
    assert.equal(second.requests[0].headers['x-tenant'], 'bank');
    writeFileSync(config, '');
    await bank.reload();
    const answered = await bank.ask('/me', { trace: traceparent(last) });
    assert.equal(answered.status, 401);
    await bank.stop();
    assert.ok([...collector.spans, ...second.spans].every(({ traceId }) => traceId !== last));
    assert.ok(!bank.log.join('\n').includes('sesame'));
  } finally {
    await bank.stop();
    await collector.stop();
    await second.stop();
  }
});

test('a decision is a span of the rule, and tells the proxy the trace to go on with', async () => {
  const port = await freePort();
  const rules = {
    'decision.listen': `127.0.0.1:${port}`, 'decision.rule.1': 'GET /orders/** authenticated', 'decision.rule.2': 'GET /open public',
  };
  const decide = (uri, headers = {}) => exchange(port, textOf({
    target: '/decision',
    headers: { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Host': 'api.example.com', 'X-Forwarded-Uri': uri, ...headers },
  }));
  await traced(rules, async (bank, collector) => {
    const trace = newTrace();
    const allowed = await decide('/orders/7?secret=1', {
      Authorization: `Bearer ${await token()}`, traceparent: traceparent(trace), tracestate: 'vendor=value',
    });
    assert.equal(allowed.status, 200);
    const server = await collector.server(trace);
    assert.equal(server.name, 'GET /orders/**');
    assert.equal(server.attributes['url.path'], '/orders/7');
    assert.deepEqual(collector.children(server).map(({ name }) => name), ['guard', 'handler']);
    assert.equal(allowed.headers.traceparent, `00-${trace}-${server.spanId}-01`);
    assert.equal(allowed.headers.tracestate, 'vendor=value');
    assert.match((await decide('/open')).headers.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.equal((await decide('/orders/7', { traceparent: traceparent(trace) })).headers.traceparent, undefined);
  });
  const bank = await start(rules);
  try {
    const place = traceparent(newTrace(), '00');
    assert.equal((await decide('/open', { traceparent: place })).headers.traceparent, place);
    assert.equal((await decide('/open')).headers.traceparent, undefined);
  } finally {
    await bank.stop();
  }
});

test('OpenMetrics has exemplars of exported traces, and the parser of prometheus_client reads it', async () => {
  const port = await freePort();
  await traced({ 'metrics.port': port }, async (bank, collector) => {
    const trace = newTrace();
    await bank.ask('/me', { trace: traceparent(trace) });
    const { spanId } = await collector.server(trace);
    const plain = await metricsOf(port);
    assert.equal(plain.type, 'text/plain; version=0.0.4; charset=utf-8');
    assert.ok(!plain.text.includes('# EOF') && !plain.text.includes(trace));
    const accept = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,'
      + 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    const open = await metricsOf(port, accept);
    assert.equal(open.type, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.ok(open.text.endsWith('\n# EOF\n'));
    assert.match(open.text, new RegExp('^changebank_http_request_duration_seconds_bucket\\{route="/me",le="[0-9.]+"\\} 1 # '
      + `\\{trace_id="${trace}",span_id="${spanId}"\\} [0-9.]+ [0-9.]+$`, 'm'));
    assert.match(open.text, /^# TYPE changebank_http_requests counter$/m);
    const file = join(folder, 'metrics.txt');
    writeFileSync(file, open.text);
    const families = execFileSync('/usr/bin/python3', ['-c', `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(open(sys.argv[1]).read()))
exemplars = [sample.exemplar.labels['trace_id'] for family in families for sample in family.samples if sample.exemplar]
print(len(families), ' '.join(exemplars))
`, file], { encoding: 'utf8' });
    const [count, ...exemplars] = families.trim().split(' ');
    assert.equal(Number(count), [...open.text.matchAll(/^# TYPE /gm)].length);
    assert.deepEqual(exemplars, [trace]);
  });
});

test('the collector of these tests takes nothing that is not OTLP', async () => {
  const collector = await startCollector();
  const now = `${Date.now()}000000`;
  const good = { traceId: newTrace(), spanId: parent, name: 'GET', kind: 2, startTimeUnixNano: now, endTimeUnixNano: now,
    attributes: [], status: {} };
  const resource = { attributes: ['name', 'version', 'instance.id'].map((each) => ({ key: `service.${each}`, value: { stringValue: 'x' } })) };
  const faultsAfter = async (change) => {
    const scopeSpans = [{ scope: { name: 'x', version: '1' }, spans: [{ ...good, ...change }] }];
    await fetch(collector.endpoint, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }) });
    return collector.faults.splice(0).length;
  };
  assert.equal(await faultsAfter({}), 0);
  assert.equal(await faultsAfter({ attributes: [{ key: 'a', value: { intValue: '9007199254740993' } }] }), 0);
  for (const change of [{ extra: 1 }, { parent_span_id: parent }, { kind: 'SPAN_KIND_SERVER' }, { startTimeUnixNano: 5.5 },
    { traceId: 'x' }, { attributes: [{ key: 'a', value: { intvalue: '1' } }] }, { status: { code: '2' } }])
    assert.equal(await faultsAfter(change), 1, JSON.stringify(change));
  await collector.stop();
});
