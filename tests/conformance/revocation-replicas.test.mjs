// Replicas of changebankd that share revocations by a stream in Redis or Valkey: behind a balancer, under load, while
// the store dies, is empty, stalls or talks nonsense, and while the network between is cut.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePort } from './changebankd.mjs';
import { Link, Load, missing, startBalancer, startStranger, Store } from './replicas.mjs';
import {
  answerTo, assertRevoked, control, eventually, keep, metricsOf, newSession, post, revocationStatus, send,
  sessionRevoked, startBank, startTenant, statusOf, temporaryFolder, userDeactivated, withBank,
} from './revocation.mjs';

const application = randomUUID();
const stream = 'changebank:revocations';

let tenant;
before(async () => {
  tenant = await startTenant();
});
after(() => tenant.stop());

function start(port, settings = {}) {
  return startBank(tenant, {
    'auth.audience': application,
    'revocation.redis': `redis://127.0.0.1:${port}`,
    'revocation.redis.timeout': '1s',
    ...settings,
  });
}

/** A user's session with a token of it. */
async function newUser() {
  const session = newSession({ application });
  return { session, token: await tenant.mint(session) };
}

async function isUpToDate(bank) {
  return (await revocationStatus(bank)).redis.upToDate;
}

/** Waits until the daemon has read everything in the store. */
function upToDate(bank) {
  return eventually('the store was read', async () => {
    const { upToDate: isReached, failure } = (await revocationStatus(bank)).redis;
    return isReached || assert.fail(failure);
  });
}

function outOfDate(bank) {
  return eventually('the daemon sees that the store is out of reach', async () => !(await isUpToDate(bank)));
}

/** Why the daemon cannot reach the store, as soon as it says so. */
function failureOf(bank) {
  return eventually('a failure is told', async () => (await revocationStatus(bank)).redis.failure);
}

/** Waits until every daemon refuses the token. */
function refusedBy(banks, token) {
  return eventually('the revocation is in force', async () => {
    const statuses = await Promise.all(banks.map((bank) => statusOf(bank, token)));
    return statuses.every((status) => status === 401);
  }, { every: 1 });
}

async function isReady(bank) {
  return (await statusOf(bank, undefined, { path: '/readyz' })) === 200;
}

const says = (text) => (socket) => {
  socket.on('data', () => {});
  socket.write(text);
};
const answers = (text) => (socket) => socket.on('data', () => socket.write(text));
const text = (value) => `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
const entry = (id) => answers('*1\r\n*2\r\n' + text(stream) +
  `*1\r\n*2\r\n${text(id)}*2\r\n${text('r')}${text('{"user":"x","issuedUpTo":1}')}`);

/** What servers do that are no Redis, or one that is out of its mind: with the socket of a connection. */
const nonsense = {
  'noise': says(randomBytes(4096)),
  'noise for each request': answers(randomBytes(100)),
  'a page': answers('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  'nothing': (socket) => socket.on('data', () => {}),
  'an end': (socket) => socket.end(),
  'a reset': (socket) => socket.resetAndDestroy?.() ?? socket.destroy(),
  'half an answer': answers('*1\r\n$100\r\nabc'),
  'a huge text': says('$536870911\r\nabc'),
  'a text beyond all limits': says('$99999999999999999999\r\nabc'),
  'a negative text': says('$-7\r\nabc'),
  'a huge array': says('*1073741824\r\n'),
  'an array beyond all limits': says('*9223372036854775807\r\n'),
  'deep nesting': says('*1\r\n'.repeat(10_000)),
  'an error': answers('-ERR no\r\n'),
  'an error with a format': answers('-ERR %s%n%s%n\r\n'),
  'a store that is loading': answers('-LOADING the dataset\r\n'),
  'a store that wants a password': answers('-NOAUTH Authentication required.\r\n'),
  'a number': answers(':1\r\n'),
  'OK': answers('+OK\r\n'),
  'an empty array': answers('*0\r\n'),
  'an empty text': answers('$0\r\n\r\n'),
  'an array of nulls': answers('*2\r\n*-1\r\n$-1\r\n'),
  'another stream': answers(`*1\r\n*2\r\n${text('x')}*0\r\n`),
  'an entry without an id': entry(''),
  'an entry with an odd id': entry('x-y'),
  'answers without an end': (socket) => {
    const go = () => !socket.destroyed && socket.write('+OK\r\n'.repeat(1000), () => setTimeout(go, 5));
    go();
  },
};

const programs = ['redis-server', 'valkey-server'];
const withoutAll = programs.every((program) => missing(program)) && `none of ${programs.join(' and ')} is installed`;

for (const program of programs) {
  describe(program, { skip: missing(program) }, () => {
    const revoked = [];
    let store;
    let links;
    let banks;
    let balancer;
    let load;
    let alive;

    before(async () => {
      if (missing(program)) return;
      store = new Store(program, await freePort());
      await store.start();
      links = await Promise.all([0, 1, 2].map(() => new Link(store.port).start()));
      banks = [];
      for (const [i, link] of links.entries()) {
        // The first two keep a file as well.
        banks.push(await start(link.port, i < 2 ? { 'revocation.file': join(temporaryFolder(), 'revocations') } : {}));
      }
      for (const bank of banks) await eventually('the replica is ready', () => isReady(bank));
      alive = await Promise.all(Array.from({ length: 8 }, newUser));
      if (missing('nginx')) return;
      balancer = await startBalancer(banks.map((bank) => bank.port));
      load = new Load(balancer.port, alive.map(({ token }) => token));
      await load.judged(100);
    });
    after(async () => {
      await load?.stop();
      await balancer?.stop();
      for (const bank of banks ?? []) await bank.stop();
      for (const link of links ?? []) link.stop();
      await store?.kill();
    });

    /** Revokes a new user's session through one replica, and waits until all those that must refuse it do. Resolves to
     * the user and to how long that took after the answer. */
    async function revoke(through, everywhere = banks) {
      const user = await newUser();
      load?.add(user.token);
      for (const bank of banks) assert.equal(await statusOf(bank, user.token), 200);
      await keep(through, sessionRevoked(user.session));
      const begun = performance.now();
      await refusedBy(everywhere, user.token);
      const took = performance.now() - begun;
      if (everywhere === banks) load?.mustRefuse(user.token);
      revoked.push(user);
      return { user, took };
    }

    /** That the load had no answer but the right ones until now. */
    async function assertLoadWasRight() {
      if (!load) return;
      await load.judged(100);
      assert.deepEqual(load.faults.slice(0, 5), []);
      for (const { token } of revoked.slice(0, -8)) load.remove(token);
    }

    /** Waits until everything that was revoked is in the stream. */
    function streamIsFull() {
      return eventually('the stream is filled', async () => Number(await store.ask('XLEN', stream)) >= revoked.length);
    }

    /** A replica that starts now, and keeps nothing of its own, knows everything. */
    async function assertNewcomerKnows(all = revoked) {
      await withBank(() => start(store.port), async (newcomer) => {
        await eventually('the newcomer is ready', () => isReady(newcomer));
        for (const { token } of all) await assertRevoked(newcomer, token);
        for (const { token } of alive) assert.equal(await statusOf(newcomer, token), 200);
      });
    }

    test('a revocation is in force on all within 100 ms', async (context) => {
      let median;
      for (let attempt = 0; attempt < 2 && !(median < 100); ++attempt) {
        const times = [];
        for (let i = 0; i < 20; ++i) times.push((await revoke(banks[i % banks.length])).took);
        times.sort((a, b) => a - b);
        median = (times[9] + times[10]) / 2;
        context.diagnostic(`in force after ${median.toFixed(1)} ms (median), ${times[19].toFixed(1)} ms (longest)`);
      }
      assert.ok(median < 100, `${median} ms`);
      await assertLoadWasRight();
    });

    test('behind the balancer nobody passes with a revoked token', { skip: missing('nginx') }, async () => {
      for (const bank of banks) {
        const { user } = await revoke(bank);
        for (let i = 0; i < 30; ++i) await assertRevoked({ port: balancer.port }, user.token);
      }
      await assertLoadWasRight();
      assert.ok(load.counts.passed > 100 && load.counts.refused > 0, JSON.stringify(load.counts));
    });

    test('what an operator does on one replica holds on all', async () => {
      const user = await newUser();
      await control(banks[1], 'revoke', 'session', user.session.sid, '--reason=by hand');
      await refusedBy(banks, user.token);
      for (const bank of banks) {
        const words = ['revocations', `--session=${user.session.sid}`];
        assert.match(JSON.parse(await control(bank, '--json', ...words)).revocations[0].reason, /by hand/);
      }
      revoked.push(user);
    });

    test('an event that reaches every replica is one revocation', async () => {
      const user = await newUser();
      const event = userDeactivated(user.session);
      const entries = (await revocationStatus(banks[0])).entries + 1;
      const responses = await Promise.all(banks.map((bank) => post(bank, event)));
      for (const response of responses) assert.match(response.outcome, /^(kept|unchanged)$/);
      await refusedBy(banks, user.token);
      for (const bank of banks) assert.equal((await revocationStatus(bank)).entries, entries);
      revoked.push(user);
    });

    test('a replica that starts later knows everything', () => assertNewcomerKnows());

    test('a replica that comes back after kill -9 knows what it missed', async () => {
      const settings = { 'revocation.file': join(temporaryFolder(), 'revocations') };
      await withBank(() => start(store.port, settings), async (first) => {
        await upToDate(first);
        first.kill();
      });
      await revoke(banks[0]);
      await withBank(() => start(store.port, settings), async (again) => {
        await eventually('the replica is ready', () => isReady(again));
        for (const { token } of revoked) await assertRevoked(again, token);
      });
    });

    test('a replica that was cut off catches up', async () => {
      const [here, there, cutOff] = banks;
      links[2].cut();
      await outOfDate(cutOff);
      const { user } = await revoke(here, [here, there]);
      const { user: other } = await revoke(there, [here, there]);
      // It serves with what it knows.
      assert.equal(await statusOf(cutOff, user.token), 200);
      for (const { token } of revoked.slice(0, 5)) await assertRevoked(cutOff, token);
      const { lastUpToDate, failure } = (await revocationStatus(cutOff)).redis;
      assert.ok(Date.parse(lastUpToDate) <= Date.now(), lastUpToDate);
      assert.notEqual(failure, '');
      links[2].heal();
      await refusedBy(banks, user.token);
      await refusedBy(banks, other.token);
      await upToDate(cutOff);
      await assertLoadWasRight();
    });

    test('what a replica without the store cannot keep is refused; one with a file tells it later', async () => {
      const [withFile, there, withoutFile] = banks;
      links[0].cut();
      links[2].cut();
      await outOfDate(withFile);
      await outOfDate(withoutFile);
      const refused = await newUser();
      const event = sessionRevoked(refused.session);
      const response = await post(withoutFile, event);
      assert.equal(response.status, 503, response.body);
      assert.ok(Number(response.headers['retry-after']) > 0);
      for (const bank of banks) assert.equal(await statusOf(bank, refused.token), 200);
      const { user } = await revoke(withFile, [withFile]);
      assert.equal(await statusOf(there, user.token), 200);
      assert.equal((await revocationStatus(withFile)).redis.unpublished, 1);
      assert.equal((await metricsOf(withFile)).revocation_unpublished, 1);
      links[0].heal();
      await refusedBy([withFile, there], user.token);
      links[2].heal();
      await refusedBy(banks, user.token);
      await eventually('all is published', async () => (await revocationStatus(withFile)).redis.unpublished === 0);
      await eventually('the event is kept', async () => (await post(withoutFile, event)).status === 200);
      await refusedBy(banks, refused.token);
      revoked.push(refused);
      await assertLoadWasRight();
    });

    test('a store that died and is empty is filled again', async () => {
      await store.kill();
      for (const bank of banks) await outOfDate(bank);
      const { user } = await revoke(banks[0], [banks[0]]);
      await load?.judged(200);
      await store.start();
      for (const bank of banks) await upToDate(bank);
      await refusedBy(banks, user.token);
      await streamIsFull();
      await assertNewcomerKnows();
      await revoke(banks[1]);
      await assertLoadWasRight();
    });

    test('a store that somebody empties is filled again', async () => {
      assert.equal(await store.ask('FLUSHALL'), 'OK');
      await streamIsFull();
      await revoke(banks[0]);
      await assertNewcomerKnows();
      await assertLoadWasRight();
    });

    test('a store that died goes on with its file', async () => {
      const folder = temporaryFolder();
      await store.kill();
      await store.start(folder);
      for (const bank of banks) await upToDate(bank);
      await streamIsFull();
      await revoke(banks[0]);
      const length = Number(await store.ask('XLEN', stream));
      await store.kill();
      for (const bank of banks) await outOfDate(bank);
      await store.start(folder);
      for (const bank of banks) await upToDate(bank);
      // Nobody fills what is full.
      assert.equal(Number(await store.ask('XLEN', stream)), length);
      await revoke(banks[2]);
      await assertNewcomerKnows();
      await assertLoadWasRight();
    });

    test('a store that stalls holds up no request, and is caught up with', async () => {
      const [withFile, , withoutFile] = banks;
      store.signal('SIGSTOP');
      try {
        for (const bank of banks) await outOfDate(bank);
        const { user } = await revoke(withFile, [withFile]);
        assert.equal(await statusOf(withoutFile, user.token), 200);
        const event = sessionRevoked((await newUser()).session);
        assert.equal((await post(withoutFile, event)).status, 503);
        await load?.judged(200);
        store.signal('SIGCONT');
        await refusedBy(banks, user.token);
      } finally {
        store.signal('SIGCONT');
      }
      for (const bank of banks) await upToDate(bank);
      await revoke(banks[1]);
      await assertLoadWasRight();
    });

    test('nonsense instead of a store does not hold up a replica for long', async () => {
      const [first, ...others] = banks;
      const stranger = await startStranger();
      stranger.behave = nonsense.noise;
      links[0].leadTo(stranger.port);
      await eventually('a connection is tried again', () => stranger.taken > 1);
      const { user } = await revoke(others[0], others);
      const { user: own } = await revoke(first, [first]);
      stranger.stop();
      links[0].leadTo(store.port);
      await refusedBy(banks, user.token);
      await refusedBy(banks, own.token);
      await upToDate(first);
      await assertLoadWasRight();
    });

    test('no nonsense harms a replica', { concurrency: 3 }, async (context) => {
      const user = revoked.at(-1);
      await Promise.all(Object.entries(nonsense).map(([name, behave]) => context.test(name, async () => {
        const stranger = await startStranger();
        stranger.behave = behave;
        const link = await new Link(stranger.port).start();
        const settings = {
          'revocation.file': join(temporaryFolder(), 'revocations'), 'revocation.whenStale': 'open',
        };
        try {
          await withBank(() => start(link.port, settings), async (bank) => {
            const own = await newUser();
            await keep(bank, sessionRevoked(own.session));
            await eventually('a connection is tried again', () => stranger.taken > 2);
            await assertRevoked(bank, own.token);
            for (const { token } of alive.slice(-3)) assert.equal(await statusOf(bank, token), 200);
            assert.equal(await isUpToDate(bank), false);
            link.leadTo(store.port);
            await upToDate(bank);
            await assertRevoked(bank, user.token);
            await refusedBy(banks, own.token);
          });
        } finally {
          stranger.stop();
          link.stop();
        }
      })));
    });

    test('foreign entries in the stream are left out and counted', async () => {
      const countOf = async (bank) => (await metricsOf(bank)).revocation_stream_malformed_total;
      const counted = () => Promise.all(banks.map(countOf));
      const before = await counted();
      const { entries } = await revocationStatus(banks[0]);
      const foreign = [
        ['r', 'no JSON'], ['r', ''], ['r', '{}'], ['r', '[]'], ['x', '1'], ['r', '{"user":7,"issuedUpTo":1}'],
        ['r', `{"user":"${'x'.repeat(300)}","issuedUpTo":9999999999}`], ['r', '{"issuedUpTo":9999999999}'],
        ['r', '{"user":"x","session":"y","issuedUpTo":9999999999}'], ['r', `{"user":"x","issuedUpTo":1e99}`],
      ];
      for (const fields of foreign) await store.ask('XADD', stream, '*', ...fields);
      await revoke(banks[0]);
      for (const bank of banks) assert.equal((await revocationStatus(bank)).entries, entries + 1);
      assert.deepEqual(await counted(), before.map((count) => count + foreign.length));
      await assertNewcomerKnows();
    });

    test('the key of the stream is something else', async () => {
      await store.ask('SET', 'some:text', 'x');
      const settings = { 'revocation.redis.stream': 'some:text', 'revocation.whenStale': 'open' };
      await withBank(() => start(store.port, settings), async (bank) => {
        assert.match(await failureOf(bank), /WRONGTYPE/);
        assert.equal((await post(bank, sessionRevoked((await newUser()).session))).status, 503);
        await store.ask('DEL', 'some:text');
        await upToDate(bank);
        await keep(bank, sessionRevoked((await newUser()).session));
      });
    });

    test('other names of streams and databases are apart', async () => {
      const { user } = await revoke(banks[0]);
      const rows = [
        { 'revocation.redis.stream': 'other:revocations' },
        { 'revocation.redis': `redis://127.0.0.1:${store.port}/1` },
      ];
      for (const settings of rows) {
        await withBank(() => start(store.port, settings), async (bank) => {
          await eventually('the replica is ready', () => isReady(bank));
          assert.equal(await statusOf(bank, user.token), 200);
          const own = await newUser();
          await keep(bank, sessionRevoked(own.session));
          await assertRevoked(bank, own.token);
          assert.equal(await statusOf(banks[0], own.token), 200);
        });
      }
    });

    test('the load had no wrong answer', { skip: missing('nginx') }, async (context) => {
      await assertLoadWasRight();
      context.diagnostic(`${load.counts.passed} requests passed, ${load.counts.refused} were refused`);
    });
  });

  describe(`${program} out of reach`, { skip: missing(program) }, () => {
    let store;
    before(async () => {
      if (!missing(program)) store = new Store(program, await freePort());
    });
    after(() => store?.kill());

    test('closed: requests are refused until the store is back', async () => {
      await store.start();
      const [user, other] = [await newUser(), await newUser()];
      const settings = { 'revocation.staleFor': '1s', 'revocation.whenStale': 'closed' };
      await withBank(() => start(store.port, settings), async (bank) => {
        await eventually('the replica is ready', () => isReady(bank));
        await keep(bank, sessionRevoked(user.session));
        for (let round = 0; round < 2; ++round) {
          await store.kill();
          const response = await eventually('requests are refused', async () => {
            const answer = await answerTo(bank, other.token);
            return answer.status !== 200 && answer;
          });
          assert.equal(response.status, 503, response.body);
          assert.equal(JSON.parse(response.body).code, 'ERR_REVOCATIONS_UNAVAILABLE');
          assert.ok(Number(response.headers['retry-after']) > 0);
          assert.equal(response.headers['www-authenticate'], undefined);
          assert.equal((await send({ port: bank.port, path: '/readyz' })).status, 503);
          assert.equal((await send({ port: bank.port, path: '/livez' })).status, 200);
          // Who has no good token learns no more than ever.
          assert.equal((await send({ port: bank.port, path: '/make-change' })).status, 401);
          assert.equal(await statusOf(bank, `${other.token}A`), 401);
          const { available, redis } = await revocationStatus(bank);
          assert.equal(available, false);
          assert.equal(redis.upToDate, false);
          await store.start();
          await eventually('requests pass again', async () => (await statusOf(bank, other.token)) === 200);
          await eventually('the replica is ready', () => isReady(bank));
          await assertRevoked(bank, user.token);
        }
      });
      await store.kill();
    });

    test('closed: nobody passes before the stream was read', async () => {
      const [user, other] = [await newUser(), await newUser()];
      await withBank(() => start(store.port), async (bank) => {
        assert.equal(await isReady(bank), false);
        assert.equal(await statusOf(bank, other.token), 503);
        assert.equal((await post(bank, sessionRevoked(user.session))).status, 503);
        await store.start();
        await eventually('the replica is ready', () => isReady(bank));
        assert.equal(await statusOf(bank, other.token), 200);
        // It may have been told to the store meanwhile.
        assert.match((await post(bank, sessionRevoked(user.session))).outcome, /^(kept|unchanged)$/);
        await assertRevoked(bank, user.token);
      });
      await store.kill();
    });

    test('open: the replica goes on with what it knows, and says since when', async () => {
      const folder = temporaryFolder();
      await store.start(folder);
      const [user, other] = [await newUser(), await newUser()];
      const settings = { 'revocation.staleFor': '1s', 'revocation.whenStale': 'open' };
      await withBank(() => start(store.port, settings), async (bank) => {
        await upToDate(bank);
        await keep(bank, sessionRevoked(user.session));
        assert.equal((await metricsOf(bank)).revocation_store_up, 1);
        const before = Date.now();
        await store.kill();
        await eventually('it is long out of date', async () =>
          (await metricsOf(bank)).revocation_store_seconds_since_up_to_date > 1.5);
        const metrics = await metricsOf(bank);
        assert.equal(metrics.revocation_store_up, 0);
        await assertRevoked(bank, user.token);
        assert.equal(await statusOf(bank, other.token), 200);
        assert.equal(await isReady(bank), true);
        const { available, redis } = await revocationStatus(bank);
        assert.equal(available, true);
        assert.equal(redis.upToDate, false);
        assert.notEqual(redis.failure, '');
        const last = Date.parse(redis.lastUpToDate);
        // The time is shown in seconds.
        assert.ok(last >= before - 5_000 && last <= Date.now() - 500, redis.lastUpToDate);
        assert.match(await control(bank, 'status'), new RegExp(`redis://127.0.0.1:${store.port}`));
        await store.start(folder);
        await upToDate(bank);
        const after = await metricsOf(bank);
        assert.equal(after.revocation_store_up, 1);
        assert.equal(after.revocation_store_seconds_since_up_to_date, 0);
      });
      await store.kill();
      await withBank(() => start(store.port, settings), async (bank) => {
        assert.equal(await statusOf(bank, other.token), 200);
        assert.equal(await isReady(bank), true);
      });
    });

    test('a daemon stops at once while the store stalls', async () => {
      await store.start();
      await withBank(() => start(store.port, { 'revocation.redis.timeout': '30s' }), async (bank) => {
        await upToDate(bank);
        store.signal('SIGSTOP');
        const begun = performance.now();
        assert.equal(await bank.stop(), 0);
        assert.ok(performance.now() - begun < 10_000);
      });
      await store.kill();
    });
  });

  describe(`${program} with a password`, { skip: missing(program) }, () => {
    const password = randomUUID();
    let store;
    before(async () => {
      if (missing(program)) return;
      const folder = temporaryFolder();
      const users = join(folder, 'users.acl');
      const operation = readFileSync(join(process.env.CHANGEBANK_SOURCE, 'docs/operation.md'), 'utf8');
      const lines = operation.match(/^user (default|changebank) .*$/gm);
      writeFileSync(users, `${lines.join('\n')}\n`.replace('>PASSWORD', `>${password}`));
      store = new Store(program, await freePort(), ['--aclfile', users, '--unixsocket', join(folder, 'redis.sock')]);
      store.socket = join(folder, 'redis.sock');
      await store.start();
    });
    after(() => store?.kill());

    function credentials(text, mode = 0o600) {
      const path = join(temporaryFolder(), 'credentials');
      writeFileSync(path, text, { mode });
      return path;
    }

    const settings = (text) => ({
      'revocation.redis.credentialsFile': credentials(text), 'revocation.whenStale': 'open', 'log.level': 'trace',
    });

    for (const [name, addressOf] of Object.entries({
      'an address': () => `redis://127.0.0.1:${store.port}`, 'a Unix socket': () => `unix://${store.socket}`,
    })) {
      test(`replicas share revocations by ${name} as the user of the documentation`, async () => {
        const all = { ...settings(`changebank:${password}\n`), 'revocation.redis': addressOf() };
        const own = () => start(store.port, all);
        await withBank(own, (one) => withBank(own, async (other) => {
          for (const bank of [one, other]) await upToDate(bank);
          const user = await newUser();
          await keep(one, sessionRevoked(user.session));
          await refusedBy([one, other], user.token);
          for (const bank of [one, other]) {
            const statuses = [await control(bank, 'status'), await control(bank, '--json', 'status')];
            const shown = [...bank.log, ...statuses].join('\n');
            assert.ok(shown.includes(addressOf()), shown);
            assert.ok(!shown.includes(password));
          }
        }));
      });
    }

    test('a wrong password is said, and not shown', async () => {
      for (const text of [`changebank:${password}x`, `nobody:${password}`, password]) {
        await withBank(() => start(store.port, settings(text)), async (bank) => {
          const failure = await failureOf(bank);
          assert.match(failure, /\bpassword\b/);
          assert.ok(!(failure + bank.log.join('\n')).includes(password));
          assert.equal((await post(bank, sessionRevoked((await newUser()).session))).status, 503);
        });
      }
    });

    test('credentials that others can read stop the start', async () => {
      const path = credentials(`changebank:${password}`, 0o644);
      await assert.rejects(start(store.port, { 'revocation.redis.credentialsFile': path }), ({ status, message }) => {
        assert.equal(status, 78);
        assert.ok(message.includes(path) && !message.includes(password), message);
        return true;
      });
    });
  });
}

test('an address with a password in it stops the start', async () => {
  const addresses = [
    'redis://:secret@127.0.0.1', 'redis://user:secret@127.0.0.1/1', 'http://127.0.0.1', '127.0.0.1:6379',
  ];
  for (const address of addresses) {
    await assert.rejects(start(0, { 'revocation.redis': address }), ({ status, message }) => {
      assert.equal(status, 78, address);
      assert.ok(message.includes('revocation.redis') && !message.includes('secret'), message);
      return true;
    });
  }
});

test('the tests had a store', { skip: withoutAll }, () => {});
