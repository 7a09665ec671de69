// What every proxy before an API must do, with changebankd as the guard.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { ask, breachOf, forgedName, host, requestText, startApi, startGuard } from './decision.mjs';
import { attacks } from './decisionattacks.mjs';
import {
  assertReplayed, boundToken, challengesOf, errorsOf, newHolder, proofOf, resource, startIssuer, statusesFrom, withNonce,
} from './dpop.mjs';
import { freePort } from './changebankd.mjs';
import { startCollector } from './collector.mjs';
import { exchange } from './exchange.mjs';
import { askBeyondLimit, clientLimit } from './frontproxies.mjs';
import { eventually, send } from './revocation.mjs';

/** The fields of a client that claims to have an address. */
const claimsOf = (address) => ({ forwarded: `for=${address}`, 'x-real-ip': address, 'x-forwarded-for': address });

/** Runs a test with a guard, an API and a proxy of its own. */
async function withChain(start, issuer, settings, run, options = {}) {
  const [guard, api] = [await startGuard(issuer, settings), await startApi()];
  const proxy = await start(guard, api, options);
  try {
    await run({ guard, api, proxy });
  } finally {
    await proxy.stop();
    await api.stop();
    await guard.stop();
  }
}

/** Tests a proxy that start() starts. `hasBodies`: refusals have changebankd's bodies. `downStatus`: what clients get while
 * changebankd is down; `lateStatus`: while it does not answer. */
export function testProxy(name, start, { hasBodies, downStatus, lateStatus }) {
  describe(name, () => {
    let issuer;
    let guard;
    let api;
    let proxy;
    let token;
    before(async () => {
      issuer = await startIssuer();
      [guard, api] = [await startGuard(issuer), await startApi()];
      proxy = await start(guard, api, { webSockets: true });
      token = await issuer.mint({ roles: ['clerk'], scope: 'orders:read orders:write' });
    });
    after(async () => {
      await proxy?.stop();
      await api?.stop();
      assert.equal(await guard?.stop(), 0);
      await issuer?.stop();
    });

    const assertBody = (response, error) => {
      assert.match(response.headers['content-type'], /^application\/json/);
      const body = JSON.parse(response.body);
      assert.equal(typeof body.error, 'string');
      if (hasBodies) assert.deepEqual(body, error, response.body);
    };

    /** The answer to a request that must not reach the API. */
    const refusal = async (request) => {
      const count = api.reached.length;
      const response = await ask(proxy, request);
      assert.equal(api.reached.length, count);
      return response;
    };

    test('the API gets an allowed request as it was, and who sent it', async () => {
      const response = await ask(proxy, { token, target: '/orders/7?b=%20&a=/../x;y', method: 'POST', body: 'hello' });
      assert.equal(response.status, 200, response.body);
      const { path, upgrade, site, client, claimed, traces, states, ...got } = JSON.parse(response.body);
      assert.deepEqual(got, { method: 'POST', target: '/orders/7?b=%20&a=/../x;y', host, subject: 'carla',
        issuer: issuer.issuer, roles: 'clerk', scopes: 'orders:read orders:write', token: '', length: 5 });
      for (const field of Object.keys(response.headers)) assert.doesNotMatch(field, /^x-auth-/);
    });

    for (const field of ['X-Forwarded-For', 'Forwarded']) {
      test(`the client is who connected, whatever it says, with server.forwardedField = ${field}`, () => {
        const settings = { 'log.access': true, 'server.trustedProxies': '10.0.0.1', 'server.forwardedField': field };
        return withChain(start, issuer, settings, async ({ guard: { log }, api: { reached }, proxy: { port } }) => {
          const headers = { host, authorization: `Bearer ${token}`, ...claimsOf(forgedName), 'x-forwarded-port': forgedName,
            'x-forwarded-prefix': `/${forgedName}` };
          const get = (path) => send({ port, path, localAddress: '127.0.0.7', headers });
          assert.equal((await get('/orders/7')).status, 200);
          assert.deepEqual(reached.map(({ client, claimed }) => [client, claimed.trim()]), [['127.0.0.7', '']]);
          assert.equal((await get('/admin/users')).status, 403);
          const line = (pattern) => eventually(`a line ${pattern}`, () => log.some((each) => pattern.test(each)));
          await line(/ access: .*"\/orders\/7".* status 200 .* from 127\.0\.0\.7$/);
          await line(/ access: .*"\/admin\/users".* status 403 .* from 127\.0\.0\.7$/);
          await line(/ audit: .*event "role_refused".* client "127\.0\.0\.7"/);
          assert.ok(!log.some((each) => each.includes(forgedName)));
        });
      });
    }

    test('the API is in the trace of the client, below the decision', async () => {
      const collector = await startCollector();
      try {
        await withChain(start, issuer, { 'trace.endpoint': collector.endpoint, 'trace.ratio': 0 }, async (chain) => {
          const [trace, parent] = [randomBytes(16).toString('hex'), '00f067aa0ba902b7'];
          const placeOf = async (fields) => JSON.parse((await ask(chain.proxy, { token, fields })).body);
          const { traces, states } = await placeOf({ traceparent: `00-${trace}-${parent}-01`, tracestate: 'vendor=1' });
          const { spanId } = await collector.server(trace);
          assert.deepEqual([traces, states], [[`00-${trace}-${spanId}-01`], ['vendor=1']]);
          // What is no single traceparent is nobody's, and hides nothing behind the decision's.
          for (const traceparent of [[`00-${trace}-${parent}-01`, `00-${trace}-${parent}-01`], `00-${trace}-${parent}-01-x`]) {
            const { traces: [other, ...more], states: none } = await placeOf({ traceparent });
            assert.deepEqual([more, none], [[], []]);
            assert.match(other, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
            assert.ok(!other.includes(trace));
          }
        });
      } finally {
        await collector.stop();
      }
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
      for (const [sent, arrives] of [[traceparent, [traceparent]], ['none', []]]) {
        const { traces, states } = JSON.parse((await ask(proxy, { token, fields: { traceparent: sent } })).body);
        assert.deepEqual([traces, states], [arrives, []]);
      }
    });

    test('escapes in a path stay as they are', async () => {
      const { body } = await ask(proxy, { token, target: '/Orders/a%20b/%C3%B6%3D+~' });
      assert.equal(JSON.parse(body).target, '/Orders/a%20b/%C3%B6%3D+~');
    });

    test('a name that is not ASCII arrives percent-encoded', async () => {
      const other = await issuer.mint({ sub: 'Özdemir, 100%', roles: ['clerk', 'a,b'] });
      const { subject, roles } = JSON.parse((await ask(proxy, { token: other })).body);
      assert.deepEqual(roles.split(',').map(decodeURIComponent), ['clerk', 'a,b']);
      assert.equal(decodeURIComponent(subject), 'Özdemir, 100%');
      assert.match(subject, /^[ -~]+$/);
    });

    test('on a public path nobody is anybody, with a token or without one', async () => {
      for (const sent of [token, undefined]) {
        const response = await ask(proxy, { token: sent, target: '/catalogue/1' });
        assert.equal(response.status, 200);
        const { subject, issuer: from, roles, scopes } = JSON.parse(response.body);
        assert.deepEqual({ subject, from, roles, scopes }, { subject: '', from: '', roles: '', scopes: '' });
      }
    });

    test('a token in the cookie will do', async () => {
      const fields = { Cookie: `app.at=${token}`, 'Sec-Fetch-Site': 'same-origin' };
      assert.equal((await ask(proxy, { fields })).status, 200);
    });

    test('without a token there is a 401 with its challenge', async () => {
      const response = await refusal({});
      assert.equal(response.status, 401);
      assert.equal(challengesOf(response)[0]?.scheme, 'Bearer');
      assert.equal(response.headers['cache-control'], 'no-store');
      assertBody(response, { error: 'Missing token cookie and Authorization header' });
    });

    test('with a bad token too', async () => {
      const response = await refusal({ token: `${token}x` });
      assert.equal(response.status, 401);
      assert.equal(errorsOf(response).Bearer, 'invalid_token');
    });

    test('without the role there is a 403 with its challenge', async () => {
      const response = await refusal({ token, target: '/admin/users' });
      assert.equal(response.status, 403);
      assert.equal(errorsOf(response).Bearer, 'insufficient_scope');
      assertBody(response, { error: 'You do not have a role with permissions to do this.' });
    });

    test('what no rule allows is a 403, and a 401 without a token', async () => {
      const response = await refusal({ token, target: '/other' });
      assert.equal(response.status, 403);
      if (hasBodies) assert.equal(JSON.parse(response.body).code, 'ERR_NO_RULE');
      assert.equal((await refusal({ target: '/other' })).status, 401);
      assert.equal((await ask(proxy, { token, target: '/me' })).status, 200);
    });

    test('two Authorization are a 400', async () => {
      const response = await refusal({ fields: { Authorization: [`Bearer ${token}`, 'Bearer x'] } });
      assert.equal(response.status, 400);
      assert.match(response.headers['content-type'] ?? '', /./);
    });

    test('HEAD is judged as GET, and has no body', async () => {
      const response = await ask(proxy, { method: 'HEAD', token });
      assert.deepEqual([response.status, response.body], [200, '']);
      assert.equal((await refusal({ method: 'HEAD' })).status, 401);
    });

    test('a large body that waits for its 100 arrives whole', async () => {
      const response = await ask(proxy, { method: 'POST', token, fields: { Expect: '100-continue' }, body: 'x'.repeat(300_000) });
      assert.equal(response.status, 200);
      assert.equal(JSON.parse(response.body).length, 300_000);
    });

    test('a chunked body arrives whole', async () => {
      const response = await ask(proxy, { method: 'POST', token, fields: { 'Transfer-Encoding': 'chunked' },
        body: '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n' });
      assert.equal(JSON.parse(response.body).length, 11);
    });

    test('a connection serves allowed and refused requests in turn', async () => {
      const open = { Connection: 'keep-alive' };
      const text = [{ token }, {}, { token, target: '/admin/x' }].map((request) => requestText({ ...request, fields: open }))
        .concat(requestText({ token })).join('');
      const socket = connect(proxy.port, '127.0.0.1', () => socket.write(text));
      assert.deepEqual(await statusesFrom(socket), [200, 401, 403, 200]);
    });

    test('a page of an allowed origin gets its preflight from the API, and may read refusals', async () => {
      const origin = { Origin: 'https://app.example.com' };
      const preflight = { method: 'OPTIONS', fields: { ...origin, 'Access-Control-Request-Method': 'POST' } };
      assert.equal((await ask(proxy, preflight)).status, 200);
      assert.equal((await refusal({ ...preflight, target: '/other' })).status, 401);
      const other = { ...preflight.fields, Origin: 'https://evil.example' };
      assert.equal((await refusal({ ...preflight, fields: other })).status, 401);
      const { headers } = await refusal({ fields: origin });
      assert.equal(headers['access-control-allow-origin'], 'https://app.example.com');
      assert.equal(headers['access-control-allow-credentials'], 'true');
      assert.match(headers['access-control-expose-headers'], /WWW-Authenticate/);
    });

    test('a bound token passes with its proof, once', async () => {
      const holder = await newHolder();
      const bound = await boundToken(issuer, holder.jwk, { roles: ['clerk'] });
      const proof = proofOf(holder, bound, { claims: { htm: 'POST', htu: `${resource}orders/7` } });
      const request = { method: 'POST', fields: { Authorization: `DPoP ${bound}`, DPoP: proof } };
      assert.equal((await ask(proxy, request)).status, 200);
      const replayed = await refusal(request);
      if (hasBodies) assertReplayed(replayed);
      else assert.deepEqual([replayed.status, errorsOf(replayed).DPoP], [401, 'invalid_dpop_proof']);
      const other = { htm: 'GET', htu: `${resource}orders/7` };
      const forGet = proofOf(holder, bound, { claims: other });
      assert.equal((await refusal({ ...request, fields: { ...request.fields, DPoP: forGet } })).status, 401);
      assert.equal((await refusal({ fields: { Authorization: `Bearer ${bound}` } })).status, 401);
    });

    test('a client learns the nonce of its proofs', () =>
      withChain(start, issuer, withNonce, async (chain) => {
        const holder = await newHolder();
        const bound = await boundToken(issuer, holder.jwk, { roles: ['clerk'] });
        const claims = { htu: `${resource}orders/7` };
        const send = (more) => ask(chain.proxy, { fields: { Authorization: `DPoP ${bound}`,
          DPoP: proofOf(holder, bound, { claims: { ...claims, ...more, jti: randomUUID() } }) } });
        const refused = await send();
        assert.equal(refused.status, 401);
        assert.equal(errorsOf(refused).DPoP, 'use_dpop_nonce');
        const nonce = refused.headers['dpop-nonce'];
        assert.ok(nonce);
        assert.equal((await send({ nonce })).status, 200);
      }));

    test('while the keys are out of reach there is a 503 that says when to come back', async () =>
      withChain(start, issuer, { 'auth.jwks.uri': `http://127.0.0.1:${await freePort()}/jwks` }, async (chain) => {
        const response = await ask(chain.proxy, { token });
        assert.equal(response.status, 503);
        assert.match(response.headers['retry-after'], /^\d+$/);
        assertBody(response, { error: 'the JSON Web Key Set cannot be reached', code: 'ERR_JWKS_UNREACHABLE' });
        assert.equal((await ask(chain.proxy, { target: '/catalogue/1' })).status, 200);
        assert.equal(chain.api.reached.length, 1);
      }));

    test('a client beyond its limit gets a 429 that says when to come back', async () =>
      withChain(start, issuer, clientLimit, async (chain) => {
        const { response, passed } = await askBeyondLimit(200, () => ask(chain.proxy, { target: '/catalogue/1' }));
        assert.ok(passed >= 2);
        assertBody(response, { error: 'too many requests from your network', code: 'ERR_CLIENT_RATE' });
        assert.equal(chain.api.reached.length, passed);
        const askFrom = (localAddress, claimed) =>
          send({ port: chain.proxy.port, path: '/catalogue/1', localAddress, headers: { host, ...claimsOf(claimed) } });
        assert.equal((await askFrom('127.0.0.7', '127.0.0.1')).status, 200);
        await askBeyondLimit(200, (i) => askFrom('127.0.0.1', `203.0.113.${i}`));
        await eventually('it passes again', async () => (await ask(chain.proxy, { target: '/catalogue/1' })).status === 200);
      }));

    test('while changebankd is down nothing passes', () =>
      withChain(start, issuer, {}, async (chain) => {
        assert.equal((await ask(chain.proxy, { token })).status, 200);
        await chain.guard.stop();
        for (const request of [{ token }, { target: '/catalogue/1' }])
          assert.equal((await ask(chain.proxy, request)).status, downStatus);
        assert.equal(chain.api.reached.length, 1);
      }));

    test('while changebankd does not answer nothing passes, and nobody waits for long', () =>
      withChain(start, issuer, {}, async (chain) => {
        const { child } = chain.guard;
        child.kill('SIGSTOP');
        try {
          await eventually('it stands still', async () => /^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8')));
          const begin = Date.now();
          assert.equal((await ask(chain.proxy, { token })).status, lateStatus);
          assert.ok(Date.now() - begin < 8_000);
        } finally {
          child.kill('SIGCONT');
        }
        assert.equal(chain.api.reached.length, 0);
        await eventually('requests pass', async () => (await ask(chain.proxy, { token })).status === 200);
      }, { patience: '1s' }));

    test('fields that are too long for changebankd are a 431', () =>
      withChain(start, issuer, { 'server.maxHeaderBytes': '2KiB' }, async (chain) => {
        const fields = { 'X-Long': 'a'.repeat(3000) };
        for (const request of [{ token, fields }, { fields, target: '/catalogue/1' }])
          assert.equal((await ask(chain.proxy, request)).status, 431);
        assert.equal(chain.api.reached.length, 0);
      }));

    test('a target in absolute form is its path for guard and API', async () => {
      const response = await ask(proxy, { token, target: `http://${host}/orders/7?a` });
      assert.equal(JSON.parse(response.body).target, '/orders/7?a');
    });

    test('pages of the same site open WebSockets with the cookie, and who has a token', async () => {
      const upgrade = { Connection: 'close, Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13,
        'Sec-WebSocket-Key': 'a'.repeat(22) };
      const cookie = { Cookie: `app.at=${token}` };
      for (const request of [
        { token },
        { fields: { ...cookie, Origin: `https://${host}` } },
        { fields: { ...cookie, Origin: 'https://app.example.com' } },
        { fields: { ...cookie, 'Sec-Fetch-Site': 'same-origin' } },
      ]) {
        const count = api.reached.length;
        const { interim } = await ask(proxy, { ...request, fields: { ...upgrade, ...request.fields } });
        const { subject, upgrade: protocol } = api.reached[count] ?? {};
        assert.deepEqual([interim, subject, protocol], [[101], 'carla', 'websocket']);
      }
      const foreign = { ...upgrade, ...cookie, Origin: 'https://evil.example' };
      assert.equal((await refusal({ fields: foreign })).status, 403);
      assert.equal((await ask(proxy, { fields: { ...foreign, Upgrade: undefined, Connection: 'close' } })).status, 200);
    });

    test('OPTIONS has no body', async () => {
      const preflight = { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'POST' };
      for (const fields of [preflight, { ...preflight, 'Content-Length': 0 }])
        assert.equal((await ask(proxy, { method: 'OPTIONS', fields })).status, 200);
      for (const request of [
        { fields: preflight, body: 'x' },
        { fields: preflight, body: 'x'.repeat(100_000) },
        { fields: { ...preflight, 'Transfer-Encoding': 'chunked' }, body: '5\r\nhello\r\n0\r\n\r\n' },
        { token, body: 'x' },
      ])
        assert.equal((await refusal({ method: 'OPTIONS', ...request })).status, 400);
    });

    test('every attack fails', { timeout: 100_000 }, async () => {
      const faults = [];
      for (const { name: what, from, refused, text } of attacks) {
        const count = api.reached.length;
        const response = await exchange(proxy.port, text(token)).catch((error) => ({ status: error.message }));
        const reached = api.reached.slice(count);
        for (const breach of reached.map((each) => breachOf(each, issuer)).filter(Boolean))
          faults.push(`${what} (${from}): ${breach}: ${JSON.stringify(reached)}`);
        // The first request of a pipeline may be a good one.
        const isRefused = response === undefined || response.status >= 400;
        if (refused.includes(name) && (reached.length > 0 || !isRefused))
          faults.push(`${what} (${from}): not refused, but ${response?.status}: ${response?.body}`);
      }
      assert.deepEqual(faults, []);
      assert.equal((await ask(proxy, { token })).status, 200);
    });

    test('without a guard the attacks succeed', { timeout: 60_000 }, async () => {
      const harmless = [];
      let breaches = 0;
      for (const { name: what, text } of attacks) {
        const count = api.reached.length;
        await exchange(api.port, text(token)).catch(() => {});
        const isBreach = api.reached.slice(count).some((each) => breachOf({ ...each, subject: each.subject || 'carla' }, issuer));
        if (isBreach) ++breaches;
        else harmless.push(what);
      }
      assert.ok(breaches > 150, `only ${breaches}; harmless: ${harmless.join('\n')}`);
    });
  });
}
