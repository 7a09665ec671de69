// Who the client is behind real proxies: HAProxy by its field and by the PROXY protocol, nginx, and both in a row. On
// this machine each has an address of its own out of 127.0.0.0/8.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { execFileSync } from 'node:child_process';
import { startChangebankd } from './changebankd.mjs';
import { missing, startHaproxy, startNginx } from './frontproxies.mjs';
import { eventually, newSession, send, startTenant, temporaryFolder } from './revocation.mjs';

const client = '127.0.0.7';
const other = '127.0.0.6';
const haproxy = '127.0.0.9';
const nginx = '127.0.0.8';
const header = 'PROXY TCP4 203.0.113.7 127.0.0.1 1234 3000\r\n';
const request = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

let tenant;
let number = 0;
before(async () => {
  tenant = await startTenant();
});
after(() => tenant.stop());

/** Runs the daemon, which trusts both proxies, while `use` lasts. */
async function withBank(settings, use) {
  const bank = await startChangebankd({
    'auth.issuer': tenant.issuer,
    'auth.algorithms': 'ES256',
    'log.access': true,
    'log.access.probes': true,
    'server.trustedProxies': `${haproxy},${nginx}`,
    ...settings,
  });
  bank.port = Number(new URL(bank.url).port);
  try {
    return await use(bank);
  } finally {
    await bank.stop();
  }
}

async function withProxy(starting, use) {
  const proxy = await starting;
  try {
    return await use(proxy);
  } finally {
    await proxy.stop();
  }
}

/** HAProxy with further lines for its proxy, and words for its server. */
function startFront(port, { mode = 'http', lines = '', words = '', address = haproxy } = {}) {
  return startHaproxy((own) => `
listen front
  mode ${mode}
  bind 127.0.0.1:${own}
  ${lines}
  server bank 127.0.0.1:${port} source ${address} ${words}
`);
}

function startNginxBefore(port, lines = 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;') {
  return startNginx((own) => `
server {
  listen 127.0.0.1:${own};
  location / {
    proxy_pass http://127.0.0.1:${port};
    proxy_bind ${nginx};
    ${lines}
  }
}`);
}

/** The client of a request to the port, as the access log has it. */
async function clientSeen(bank, port, headers = {}, localAddress = client) {
  const id = `request-${++number}`;
  const { status } = await send({ port, path: '/livez', localAddress, headers: { ...headers, 'x-request-id': id } });
  assert.equal(status, 200);
  return clientOf(bank, id);
}

async function clientOf(bank, id) {
  const line = await eventually('a line of the log', () => bank.log.find((each) => each.includes(`id "${id}" from `)));
  return / from (\S+)$/.exec(line)[1];
}

/** What the daemon answers to these bytes; empty if it closes the connection. */
function exchange(port, bytes, localAddress) {
  return new Promise((resolve) => {
    const chunks = [];
    const socket = connect({ port, host: '127.0.0.1', localAddress }, () => socket.write(bytes, 'latin1'));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

const statusOf = (answer) => Number(answer.slice(9, 12));

/** Opens connections that stay, until `use` is over. */
async function holding(count, port, localAddress, use) {
  const sockets = await Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress }, () => resolve(socket));
    socket.on('error', () => {});
  })));
  try {
    return await use(sockets);
  } finally {
    sockets.forEach((socket) => socket.destroy());
  }
}

// The field alone.

test('whom a trusted proxy names is in the access log and in the audit', () => withBank({}, async (bank) => {
  const fields = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=6.6.6.6' };
  assert.equal(await clientSeen(bank, bank.port, fields, haproxy), '203.0.113.7');
  const session = newSession({ application: 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e' });
  const token = await tenant.mint(session);
  const { status } = await send({
    port: bank.port, method: 'POST', path: '/panic', localAddress: haproxy,
    headers: { ...fields, authorization: `Bearer ${token}` },
  });
  assert.equal(status, 200);
  const audit = await eventually('an audit line', () => 
    bank.log.find((line) => line.includes(session.sub) && line.includes('event "panic"')));
  assert.match(audit, /client "203\.0\.113\.7"/);
}));

test('whom others name is not believed', () => withBank({}, async (bank) => {
  const fields = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' };
  assert.match(await clientSeen(bank, bank.port, fields), /^127\.0\.0\.7:\d+$/);
}));

test('without trusted proxies nobody is believed', () => withBank({ 'server.trustedProxies': '' }, async (bank) => {
  assert.match(await clientSeen(bank, bank.port, { 'x-forwarded-for': '203.0.113.7' }, haproxy), /^127\.0\.0\.9:\d+$/);
  assert.equal(statusOf(await exchange(bank.port, header + request, haproxy)), 400);
}));

test('maxConnectionsPerClient counts clients, not their proxy', () =>
  withBank({ 'server.maxConnectionsPerClient': 3 }, (bank) =>
    holding(5, bank.port, haproxy, () => holding(3, bank.port, client, async () => {
      const named = { 'x-forwarded-for': '198.51.100.9' };
      assert.equal(await clientSeen(bank, bank.port, named, haproxy), '198.51.100.9');
      const refused = { port: bank.port, path: '/livez', localAddress: haproxy, agent: false, headers: { 'x-forwarded-for': client } };
      await eventually('the direct connections count', async () => (await send(refused)).status === 503);
    }))));

test('a reload applies at once', async () => {
  const file = join(temporaryFolder(), 'changebank.properties');
  writeFileSync(file, '');
  const settings = { 'auth.issuer': tenant.issuer, 'log.access': true, 'log.access.probes': true };
  const bank = await startChangebankd(settings, { config: file });
  bank.port = Number(new URL(bank.url).port);
  const fields = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.8' };
  const change = async (text) => {
    writeFileSync(file, text);
    await bank.reload();
  };
  try {
    assert.match(await clientSeen(bank, bank.port, fields, haproxy), /^127\.0\.0\.9:/);
    await change(`server.trustedProxies = ${haproxy}\n`);
    assert.equal(await clientSeen(bank, bank.port, fields, haproxy), '203.0.113.7');
    await change(`server.trustedProxies = ${haproxy}\nserver.forwardedField = Forwarded\n`);
    assert.equal(await clientSeen(bank, bank.port, fields, haproxy), '203.0.113.8');
    await change(`server.trustedProxies = ${haproxy}\nserver.proxyProtocol = true\n`);
    assert.equal(statusOf(await exchange(bank.port, header + request, haproxy)), 200);
    assert.equal(await exchange(bank.port, request, haproxy), '');
    await change('');
    assert.match(await clientSeen(bank, bank.port, fields, haproxy), /^127\.0\.0\.9:/);
  } finally {
    await bank.stop();
  }
});

// The PROXY protocol.

test('connections of trusted proxies begin with a header, and others do not', () =>
  withBank({ 'server.proxyProtocol': true }, async (bank) => {
    const answer = await exchange(bank.port, header + request, haproxy);
    assert.equal(statusOf(answer), 200);
    assert.equal(await clientOf(bank, /x-request-id: (\S+)/i.exec(answer)[1]), '203.0.113.7:1234');
    assert.equal(await exchange(bank.port, request, haproxy), '');
    await eventually('a warning', () => bank.log.some((each) =>
      each.includes(`${haproxy} is in server.trustedProxies, but a connection of it did not begin with a PROXY header`)));
    assert.equal(statusOf(await exchange(bank.port, request, client)), 200);
    assert.equal(statusOf(await exchange(bank.port, header + request, client)), 400);
  }));

describe('HAProxy', { skip: missing('haproxy') }, () => {
  test('names its client in X-Forwarded-For', () => withBank({}, (bank) =>
    withProxy(startFront(bank.port, { lines: 'option forwardfor' }), async ({ port }) => {
      assert.equal(await clientSeen(bank, port), client);
      for (const forged of ['6.6.6.6', `6.6.6.6, ${haproxy}`, 'unknown', '"', '']) {
        assert.equal(await clientSeen(bank, port, { 'x-forwarded-for': forged }), client, forged);
      }
    })));

  test('names its client in Forwarded', () => withBank({ 'server.forwardedField': 'Forwarded' }, (bank) => {
    const lines = 'http-request add-header Forwarded for=\\"%ci:%cp\\";proto=http';
    return withProxy(startFront(bank.port, { lines }), async ({ port }) => {
      for (const forged of ['for=6.6.6.6', 'for="', 'for=6.6.6.6;by="\\']) {
        const fields = { forwarded: forged, 'x-forwarded-for': '6.6.6.6' };
        assert.match(await clientSeen(bank, port, fields), /^127\.0\.0\.7:\d+$/, forged);
      }
    });
  }));

  for (const words of ['send-proxy', 'send-proxy-v2', 'send-proxy-v2 proxy-v2-options unique-id']) {
    for (const mode of ['tcp', 'http']) {
      test(`names its client by ${words} in mode ${mode}`, () =>
        withBank({ 'server.proxyProtocol': true }, (bank) => {
          const lines = words.includes('unique-id') ? 'unique-id-format %{+X}o%ci:%cp' : '';
          return withProxy(startFront(bank.port, { mode, words, lines }), async ({ port }) => {
            const forged = { 'x-forwarded-for': '6.6.6.6' };
            assert.match(await clientSeen(bank, port, forged), /^127\.0\.0\.7:\d+$/);
            assert.match(await clientSeen(bank, port, forged, other), /^127\.0\.0\.6:\d+$/);
          });
        }));
    }
  }

  test('checks the health for itself', () => withBank({ 'server.proxyProtocol': true }, (bank) => {
    const lines = 'option httpchk GET /livez';
    const words = 'send-proxy-v2 check check-send-proxy inter 50ms';
    return withProxy(startFront(bank.port, { lines, words }), async ({ port }) => {
      await eventually('a check', () => bank.log.some((line) => / status 200 .* from 127\.0\.0\.9:\d+$/.test(line)));
      assert.match(await clientSeen(bank, port), /^127\.0\.0\.7:\d+$/);
    });
  }));

  test('hands TLS through', () => {
    const folder = temporaryFolder();
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days',
      '2', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const settings = {
      'server.proxyProtocol': true, 'server.tls.certificate': certificate, 'server.tls.key': key,
    };
    return withBank(settings, (bank) =>
      withProxy(startFront(bank.port, { mode: 'tcp', words: 'send-proxy-v2' }), async ({ port }) => {
        const raw = connect({ port, host: '127.0.0.1', localAddress: client });
        const socket = connectTls({ socket: raw, rejectUnauthorized: false });
        socket.write('GET /livez HTTP/1.1\r\nHost: x\r\nX-Request-Id: over-tls\r\nConnection: close\r\n\r\n');
        const chunks = [];
        for await (const chunk of socket) chunks.push(chunk);
        assert.equal(statusOf(Buffer.concat(chunks).toString()), 200);
        assert.match(await clientOf(bank, 'over-tls'), /^127\.0\.0\.7:\d+$/);
      }));
  });

  test('its clients have as many connections as without it', () =>
    withBank({ 'server.proxyProtocol': true, 'server.maxConnectionsPerClient': 3 }, (bank) =>
      withProxy(startFront(bank.port, { mode: 'tcp', words: 'send-proxy' }), ({ port }) =>
        holding(3, port, client, async () => {
          const ask = (localAddress) => send({ port, path: '/livez', localAddress, agent: false });
          await eventually('they count', async () => (await ask(client)).status === 503);
          assert.equal((await ask(other)).status, 200);
        }))));
});

describe('nginx', { skip: missing('nginx') }, () => {
  test('names its client in X-Forwarded-For', () => withBank({}, (bank) =>
    withProxy(startNginxBefore(bank.port), async ({ port }) => {
      assert.equal(await clientSeen(bank, port), client);
      for (const forged of ['6.6.6.6', '6.6.6.6, 7.7.7.7', 'unknown', '"']) {
        assert.equal(await clientSeen(bank, port, { 'x-forwarded-for': forged }), client, forged);
      }
    })));

  test('that is not trusted is the client', () => withBank({ 'server.trustedProxies': haproxy }, (bank) =>
    withProxy(startNginxBefore(bank.port), async ({ port }) => {
      assert.match(await clientSeen(bank, port), /^127\.0\.0\.8:\d+$/);
    })));

  test('names its client through HAProxy', { skip: missing('haproxy') }, () => withBank({}, (bank) =>
    withProxy(startFront(bank.port, { lines: 'option forwardfor' }), (inner) =>
      withProxy(startNginxBefore(inner.port), async ({ port }) => {
        assert.equal(await clientSeen(bank, port, { 'x-forwarded-for': '6.6.6.6' }), client);
      }))));

  test('names its client through HAProxy with the PROXY protocol', { skip: missing('haproxy') }, () =>
    withBank({ 'server.proxyProtocol': true }, (bank) =>
      withProxy(startFront(bank.port, { mode: 'tcp', words: 'send-proxy-v2' }), (inner) =>
        withProxy(startNginxBefore(inner.port), async ({ port }) => {
          const forged = { 'x-forwarded-for': '6.6.6.6' };
          assert.equal(await clientSeen(bank, port, forged), client);
          assert.match(await clientSeen(bank, inner.port, forged), /^127\.0\.0\.7:\d+$/, 'HAProxy adds no field');
        }))));
});
