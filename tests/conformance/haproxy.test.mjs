// HAProxy of Debian, set up by packaging/proxies/haproxy.cfg, before changebankd's own listener.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { freePort, startChangebankd } from './changebankd.mjs';
import { shipped } from './decision.mjs';
import { listening, startProgram } from './frontproxies.mjs';
import { eventually, send, temporaryFolder } from './revocation.mjs';

test('clients are known by the PROXY protocol, whatever they say of themselves', async () => {
  const [port, bankPort, folder] = [await freePort(), await freePort(), temporaryFolder()];
  const bank = await startChangebankd({
    'server.port': bankPort,
    'server.trustedProxies': '127.0.0.1',
    'server.proxyProtocol': true,
    'auth.jwks.uri': 'http://127.0.0.1:9/jwks',
    'log.access': true,
  });
  const file = join(folder, 'haproxy.cfg');
  // Readiness needs keys, which are not there.
  writeFileSync(file, shipped('haproxy.cfg', [
    ['bind :80', `bind 127.0.0.1:${port}`],
    ['127.0.0.1:3000', `127.0.0.1:${bankPort}`],
    ['GET /readyz', 'GET /livez'],
  ]));
  const proxy = await listening(port, startProgram('haproxy', ['-db', '-f', file]));
  try {
    const headers = { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9' };
    const request = { port, path: '/make-change?total=1', headers, localAddress: '127.0.0.2' };
    await eventually('the check has passed', async () => (await send(request)).status === 401);
    await eventually('the log names the client', () => bank.log.some((line) => line.includes('127.0.0.2')));
    assert.ok(!bank.log.some((line) => line.includes('203.0.113.9')));
  } finally {
    await proxy.stop();
    assert.equal(await bank.stop(), 0);
  }
});
