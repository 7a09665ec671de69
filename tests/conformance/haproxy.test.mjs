// HAProxy of Debian, set up by packaging/proxies/haproxy.cfg, before changebankd's own listener.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { freePort, startChangebankd } from './changebankd.mjs';
import { startCollector } from './collector.mjs';
import { shipped } from './decision.mjs';
import { askBeyondLimit, clientLimit, listening, startProgram } from './frontproxies.mjs';
import { eventually, send, temporaryFolder } from './revocation.mjs';

/** Runs with changebankd behind HAProxy; `get` sends a request from an address of the client. */
async function behindHaproxy(settings, run) {
  const [port, bankPort, folder] = [await freePort(), await freePort(), temporaryFolder()];
  const bank = await startChangebankd({
    'server.port': bankPort,
    'server.trustedProxies': '127.0.0.1',
    'server.proxyProtocol': true,
    'auth.jwks.uri': 'http://127.0.0.1:9/jwks',
    ...settings,
  });
  const file = join(folder, 'haproxy.cfg');
  // Readiness needs keys, which are not there.
  writeFileSync(file, shipped('haproxy.cfg', [
    ['bind :80', `bind 127.0.0.1:${port}`],
    ['127.0.0.1:3000', `127.0.0.1:${bankPort}`],
    ['GET /readyz', 'GET /livez'],
  ]));
  const proxy = await listening(port, startProgram('haproxy', ['-db', '-f', file]));
  const get = (localAddress, headers) => send({ port, path: '/make-change?total=1', headers, localAddress });
  try {
    await eventually('the check has passed', async () => (await get('127.0.0.9')).status === 401);
    await run(get, bank);
  } finally {
    await proxy.stop();
    assert.equal(await bank.stop(), 0);
  }
}

test('clients are known by the PROXY protocol, whatever they say of themselves', () =>
  behindHaproxy({ 'log.access': true }, async (get, bank) => {
    await get('127.0.0.2', { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9' });
    await eventually('the log names the client', () => bank.log.some((line) => line.includes('127.0.0.2')));
    assert.ok(!bank.log.some((line) => line.includes('203.0.113.9')));
  }));

test('a client beyond its limit gets a 429, and another one does not', () =>
  behindHaproxy(clientLimit, async (get) => {
    await askBeyondLimit(401, (i) => get('127.0.0.2', { 'X-Forwarded-For': `203.0.113.${i}` }));
    assert.equal((await get('127.0.0.3')).status, 401);
  }));

test('a request is in the trace of its client', async () => {
  const collector = await startCollector();
  try {
    await behindHaproxy({ 'trace.endpoint': collector.endpoint, 'trace.ratio': 0 }, async (get) => {
      const [trace, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
      await get('127.0.0.2', { traceparent: `00-${trace}-${parent}-01` });
      const span = await collector.server(trace);
      assert.equal(span.parentSpanId, parent);
      assert.equal(span.attributes['client.address'], '127.0.0.2');
    });
  } finally {
    await collector.stop();
  }
});
