// Replicas of changebankd that share the uses of DPoP proofs by Redis or Valkey: one proof sent to several, while the
// store is away, stalls, or comes back.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { freePort } from './changebankd.mjs';
import {
  assertReplayed, boundToken, newHolder, now, proofOf, sendAtOnce, sendProof, startBank, startIssuer, textWith,
} from './dpop.mjs';
import { missing, Store } from './replicas.mjs';
import { control, eventually, send, statusOf, temporaryFolder } from './revocation.mjs';

let issuer;
let holder;
before(async () => {
  issuer = await startIssuer();
  holder = await newHolder();
  holder.token = await boundToken(issuer, holder.jwk);
});
after(() => issuer.stop());

/** Starts a replica that shares by the store of a port; it serves without revocations that it has not read yet. */
async function startReplica(port, settings = {}) {
  const adminSocket = join(temporaryFolder(), 'admin.sock');
  const bank = await startBank(issuer, {
    'admin.socket': adminSocket,
    'auth.dpop.replay.shared': true,
    'revocation.redis': `redis://127.0.0.1:${port}`,
    'revocation.redis.timeout': '10s',
    'revocation.whenStale': 'open',
    ...settings,
  });
  return { ...bank, adminSocket, port: Number(new URL(bank.url).port) };
}

const newProof = (claims = {}) => proofOf(holder, holder.token, { claims });
const sendTo = (bank, proof) => sendProof(bank, holder.token, proof);

async function assertAccepted(bank, proof) {
  const response = await sendTo(bank, proof);
  assert.equal(response.status, 200, response.body);
}

function assertUnavailable(response) {
  assert.equal(response.status, 503, response.body);
  assert.deepEqual(JSON.parse(response.body),
    { error: 'replays of DPoP proofs cannot be detected', code: 'ERR_DPOP_UNAVAILABLE' });
  assert.ok(Number(response.headers['retry-after']) > 0);
  assert.equal(response.headers['www-authenticate'], undefined);
}

async function sharedStatus(bank) {
  return JSON.parse(await control(bank, '--json', 'status')).dpopProofs.shared;
}

function isUp(bank) {
  return eventually('the store answers', async () => (await sharedStatus(bank)).up);
}

function isAway(bank) {
  return eventually('the store is known to be away', async () => !(await sharedStatus(bank)).up);
}

async function metricsOf(bank) {
  const { body } = await send({ socketPath: bank.adminSocket, path: '/metrics' });
  const lines = body.matchAll(/^changebank_dpop_shared_(\S+) (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, Number(value)]));
}

for (const program of ['redis-server', 'valkey-server']) {
  describe(program, { skip: missing(program) }, () => {
    let store;
    let folder;
    let banks;
    let one;
    let other;
    beforeEach(async () => {
      folder = temporaryFolder();
      store = new Store(program, await freePort());
      await store.start(folder);
      banks = [];
    });
    afterEach(async () => {
      for (const bank of banks) assert.equal(await bank.stop(), 0, bank.log.slice(-20).join('\n'));
      await store.kill();
    });

    async function start(settings) {
      const bank = await startReplica(store.port, settings);
      banks.push(bank);
      return bank;
    }

    async function startTwo(settings) {
      one = await start(settings);
      other = await start(settings);
    }

    test('a proof is good at one replica', async () => {
      await startTwo();
      for (const [first, second] of [[one, other], [other, one]]) {
        const proof = newProof();
        await assertAccepted(first, proof);
        assertReplayed(await sendTo(second, proof));
        assertReplayed(await sendTo(first, proof));
      }
      // Another replica that knows nothing yet: of a clock that is ahead, so that it is not from before its start.
      const proof = newProof({ iat: now() + 14 });
      await assertAccepted(one, proof);
      assertReplayed(await sendTo(await start(), proof));
      assert.deepEqual(await metricsOf(one), {
        up: 1, 'total{outcome="inserted"}': 2, 'total{outcome="replayed"}': 1, 'total{outcome="unavailable"}': 0,
      });
      assert.deepEqual(await sharedStatus(one), { up: true, failure: '' });
    });

    test('by default each replica knows its own proofs', async () => {
      await startTwo({ 'auth.dpop.replay.shared': false });
      const proof = newProof();
      await assertAccepted(one, proof);
      await assertAccepted(other, proof);
      assert.equal(await sharedStatus(one), null);
      assert.deepEqual(await metricsOf(one), {});
    });

    for (const threads of [1, 2]) {
      test(`of 64 copies of a proof at once over two replicas one is good, with ${threads} threads`, async () => {
        await startTwo({ 'server.threads': threads });
        for (let round = 0; round < 6; ++round) {
          // Tokens that nobody has seen, and ones that have been verified.
          const token = round % 2 === 0 ? await boundToken(issuer, holder.jwk) : holder.token;
          const text = textWith(token, proofOf(holder, token));
          const statuses = await sendAtOnce([one, other], Array(64).fill(text));
          assert.deepEqual(statuses.sort(), [200, ...Array(63).fill(401)]);
        }
        const texts = Array.from({ length: 64 }, () => textWith(holder.token, newProof()));
        assert.deepEqual(await sendAtOnce([one, other], texts), Array(64).fill(200));
      });
    }

    test('copies that come while the settings are read again are good once', async () => {
      await startTwo();
      for (let round = 0; round < 3; ++round) {
        const text = textWith(holder.token, newProof());
        const [statuses] = await Promise.all([sendAtOnce([one, other], Array(64).fill(text)), one.reload()]);
        assert.deepEqual(statuses.sort(), [200, ...Array(63).fill(401)]);
      }
    });

    test('a refused proof uses nothing up elsewhere', async () => {
      await startTwo();
      const jti = 'of both';
      assert.equal((await sendTo(one, newProof({ jti, htm: 'POST' }))).status, 401);
      assert.equal((await sendTo(one, newProof({ jti, iat: now() - 3600 }))).status, 401);
      const thief = await newHolder();
      const forged = proofOf({ ...thief, jwk: holder.jwk }, holder.token, { claims: { jti } });
      assert.equal((await sendTo(one, forged)).status, 401);
      await assertAccepted(other, newProof({ jti }));
    });

    test('the store has hashes, for as long as a proof is good', async () => {
      await startTwo();
      await assertAccepted(one, newProof({ jti: 'a secret' }));
      const keys = (await store.ask('--scan')).split('\n').filter((key) => !key.endsWith(':test'));
      assert.equal(keys.length, 1);
      assert.match(keys[0], /^changebank:dpop:[\w-]{43}$/);
      const left = Number(await store.ask('PTTL', keys[0]));
      assert.ok(left > 60_000 && left <= 90_000, left);
    });

    test('a restart forgets no proof', async () => {
      await startTwo();
      // Of a clock that is ahead, so that it is not from before the restart.
      const proof = newProof({ iat: now() + 14 });
      await assertAccepted(one, proof);
      assertReplayed(await sendTo(await start(), proof));
      await store.kill();
      await store.start(folder);
      await isUp(other);
      assertReplayed(await sendTo(other, proof));
    });

    test('without the store a proof is refused, and tokens without one pass', async () => {
      await startTwo();
      const unbound = await issuer.mint({});
      await assertAccepted(one, newProof());
      await store.kill();
      const proof = newProof();
      assertUnavailable(await sendTo(one, proof));
      await isAway(one);
      assertUnavailable(await sendTo(one, newProof()));
      assert.equal(await statusOf(one, unbound), 200);
      // It was used here.
      assertReplayed(await sendTo(one, proof));
      const { failure } = await sharedStatus(one);
      assert.match(failure, /^cannot connect: /);
      const { up, 'total{outcome="unavailable"}': unavailable } = await metricsOf(one);
      assert.deepEqual([up, unavailable], [0, 2]);
      assert.ok(one.log.some((line) => line.includes(`not shared by redis://127.0.0.1:${store.port}: `)));
      await store.start(folder);
      await Promise.all([one, other].map(isUp));
      const later = newProof();
      await assertAccepted(one, later);
      assertReplayed(await sendTo(other, later));
    });

    test('without the store each replica goes by what it knows, if the operator wants it', async () => {
      await startTwo({ 'auth.dpop.replay.whenUnavailable': 'open' });
      const before = newProof();
      await assertAccepted(one, before);
      assertReplayed(await sendTo(other, before));
      await store.kill();
      const proof = newProof();
      for (const bank of [one, other]) {
        await assertAccepted(bank, proof);
        assertReplayed(await sendTo(bank, proof));
      }
    });

    test('a replica that starts without the store refuses proofs until it is there', async () => {
      await store.kill();
      const bank = await start();
      await isAway(bank);
      assertUnavailable(await sendTo(bank, newProof()));
      await store.start(folder);
      await isUp(bank);
      await assertAccepted(bank, newProof());
    });

    test('a store that stalls holds up proofs alone, and not for long', async () => {
      one = await start({ 'server.threads': 1, 'revocation.redis.timeout': '2s' });
      const unbound = await issuer.mint({});
      await assertAccepted(one, newProof());
      store.signal('SIGSTOP');
      const begun = Date.now();
      let isAnswered = false;
      const waiting = Promise.all(Array.from({ length: 10 }, () => sendTo(one, newProof()))).then((responses) => {
        isAnswered = true;
        return responses;
      });
      assert.equal(await statusOf(one, unbound), 200);
      assert.ok(!isAnswered);
      for (const response of await waiting) assertUnavailable(response);
      assert.ok(Date.now() - begun < 20_000);
      await isAway(one);
      assertUnavailable(await sendTo(one, newProof()));
      store.signal('SIGCONT');
      await isUp(one);
      await assertAccepted(one, newProof());
    });

    test('clients that leave while the store stalls do no harm', async () => {
      one = await start({ 'revocation.redis.timeout': '1m' });
      await assertAccepted(one, newProof());
      store.signal('SIGSTOP');
      const sockets = Array.from({ length: 50 }, () => connect(one.port, '127.0.0.1'));
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      for (const socket of sockets) socket.write(textWith(holder.token, newProof()));
      const suspended = async () => {
        const { body } = await send({ socketPath: one.adminSocket, path: '/metrics' });
        return Number(/^changebank_http_connections\{state="suspended"\} (\d+)$/m.exec(body)[1]);
      };
      await eventually('all wait', async () => (await suspended()) === 50);
      for (const socket of sockets) socket.destroy();
      store.signal('SIGCONT');
      await eventually('none waits', async () => (await suspended()) === 0);
      await assertAccepted(one, newProof());
    });

    test('a daemon stops while the store stalls', async () => {
      one = await start({ 'revocation.redis.timeout': '1m', 'server.drainTimeout': '1s' });
      await assertAccepted(one, newProof());
      store.signal('SIGSTOP');
      const socket = connect(one.port, '127.0.0.1').on('error', () => {});
      socket.write(textWith(holder.token, newProof()));
      await eventually('it waits', async () => {
        const { body } = await send({ socketPath: one.adminSocket, path: '/metrics' });
        return body.includes('changebank_http_connections{state="suspended"} 1');
      });
      const begun = Date.now();
      assert.equal(await one.stop(), 0, one.log.slice(-20).join('\n'));
      assert.ok(Date.now() - begun < 30_000);
      socket.destroy();
      banks = [];
    });

    test('the user of docs/operation.md has the rights for it', async () => {
      await store.kill();
      const users = join(folder, 'users.acl');
      const rights = 'resetkeys ~changebank:* resetchannels -@all +select +xadd +xread +xrange +set';
      writeFileSync(users, `user default on >other ~* +@all\nuser changebank on >secret ${rights}\n`);
      const credentials = join(folder, 'credentials');
      writeFileSync(credentials, 'changebank:secret\n', { mode: 0o600 });
      store = new Store(program, store.port, ['--aclfile', users]);
      await store.start(folder);
      await startTwo({ 'revocation.redis.credentialsFile': credentials });
      const proof = newProof();
      await assertAccepted(one, proof);
      assertReplayed(await sendTo(other, proof));
      // Without the password.
      const locked = await start();
      await isAway(locked);
      assertUnavailable(await sendTo(locked, newProof()));
      assert.match((await sharedStatus(locked)).failure, /it wants a password/);
    });
  });
}

test('proofs are shared by something', async () => {
  await assert.rejects(startReplica(0, { 'revocation.redis': '' }), ({ status, message }) =>
    status === 78 && message.includes('auth.dpop.replay.shared: needs revocation.redis'));
});
