// The file of revocations: what was answered survives the end of the process, whatever ends it, and a full disk.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  assertRevoked, control, eventually, keep, metricsOf, newSession, now, post, revocationStatus, startBank, startTenant,
  statusOf, temporaryFolder, userDeactivated, withBank,
} from './revocation.mjs';

const application = randomUUID();

let tenant;
let file;
before(async () => {
  tenant = await startTenant();
});
after(() => tenant.stop());

function start(settings, options) {
  return startBank(tenant, { 'auth.audience': application, 'revocation.file': file, ...settings }, options);
}

/** A test with a file of its own. */
function testWithFile(name, run) {
  test(name, async (context) => {
    file = join(temporaryFolder(), 'revocations');
    await run(context);
  });
}

/** A user's session with a token of it. */
async function newUser() {
  const session = newSession({ application });
  return { session, token: await tenant.mint(session) };
}

/** Users whose revocation was answered. */
async function revokeSome(bank, count) {
  const users = await Promise.all(Array.from({ length: count }, newUser));
  for (const { session } of users) await keep(bank, userDeactivated(session));
  return users;
}

async function assertAllRevoked(bank, users) {
  for (const { token } of users) await assertRevoked(bank, token);
}

function assertComesAgain(response) {
  assert.equal(response.status, 503, response.body);
  assert.ok(Number(response.headers['retry-after']) > 0);
  assert.equal(response.outcome, undefined);
}

testWithFile('what was answered survives kill -9 at once', async () => {
  const users = [];
  const alive = await newUser();
  for (let round = 0; round < 5; ++round) {
    await withBank(start, async (bank) => {
      await assertAllRevoked(bank, users);
      assert.equal(await statusOf(bank, alive.token), 200);
      const user = await newUser();
      await keep(bank, userDeactivated(user.session));
      bank.kill();
      users.push(user);
    });
  }
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

testWithFile('what was answered survives kill -9 amid many events', async () => {
  const answered = [];
  let unanswered = 0;
  for (let round = 0; round < 3; ++round) {
    await withBank(start, async (bank) => {
      const users = await Promise.all(Array.from({ length: 200 }, newUser));
      let kept = 0;
      await Promise.all(users.map(async (user) => {
        const response = await post(bank, userDeactivated(user.session)).catch(() => undefined);
        if (response?.status !== 200) return ++unanswered;
        answered.push(user);
        if (++kept === 20) bank.kill();
        return kept;
      }));
    });
  }
  assert.ok(answered.length >= 60 && unanswered > 0, `${answered.length} answered, ${unanswered} not`);
  await withBank(start, (bank) => assertAllRevoked(bank, answered));
});

testWithFile('a restart keeps what it kept, and what was done by hand', async () => {
  const byHand = await newUser();
  let users;
  await withBank(start, async (bank) => {
    users = await revokeSome(bank, 10);
    await control(bank, 'revoke', 'session', byHand.session.sid, '--reason=by hand');
  });
  await withBank(start, async (bank) => {
    await assertAllRevoked(bank, [...users, byHand]);
    assert.equal((await revocationStatus(bank)).entries, 11);
    const { revocations } = JSON.parse(await control(bank, '--json', 'revocations', `--session=${byHand.session.sid}`));
    assert.match(revocations[0].reason, /by hand/);
    // The event is known no more, but what it says is.
    assert.equal((await post(bank, userDeactivated(users[0].session, { at: now() - 50 }))).outcome, 'unchanged');
    const [{ session }] = users;
    assert.equal(await statusOf(bank, await tenant.mint({ ...session, iat: now() })), 200);
  });
});

testWithFile('newer events of the same tokens count after a restart', async () => {
  const { session } = await newUser();
  const tokenOf = (age) => tenant.mint({ ...session, iat: now() - age });
  await withBank(start, async (bank) => {
    for (const age of [100, 60, 80]) await post(bank, userDeactivated(session, { at: now() - age }));
  });
  await withBank(start, async (bank) => {
    await assertRevoked(bank, await tokenOf(70));
    assert.equal(await statusOf(bank, await tokenOf(50)), 200);
    assert.equal((await revocationStatus(bank)).entries, 1);
  });
});

testWithFile('a last line that was cut off was never answered', async () => {
  let users;
  await withBank(start, async (bank) => {
    users = await revokeSome(bank, 3);
  });
  const { token, session } = await newUser();
  appendFileSync(file, `{"user":"${session.sub}","issuedUpTo":${now()}`);
  await withBank(start, async (bank) => {
    await assertAllRevoked(bank, users);
    assert.equal(await statusOf(bank, token), 200);
    assert.ok(bank.log.some((line) => line.includes(file)), bank.log.join('\n'));
    users.push(...(await revokeSome(bank, 1)));
  });
  await withBank(start, (bank) => assertAllRevoked(bank, users));
});

testWithFile('a damaged file stops the start and is left as it is', async (context) => {
  await withBank(start, (bank) => revokeSome(bank, 3));
  const lines = readFileSync(file, 'utf8').split('\n');
  const withSecond = (line) => [lines[0], line, ...lines.slice(2)].join('\n');
  const rows = {
    'zeros, as after a crash of the machine': withSecond('\0'.repeat(lines[1].length)),
    'half a line': withSecond(lines[1].slice(0, 20)),
    'an empty line': withSecond(''),
    'another kind of line': withSecond('{"userId":"x","issuedUpTo":1}'),
    'no instant': withSecond('{"user":"x"}'),
    'nobody': withSecond('{"issuedUpTo":1764500000}'),
    'another file': 'revocation.file = x\n\n',
  };
  for (const [name, text] of Object.entries(rows)) {
    await context.test(name, async () => {
      writeFileSync(file, text);
      const line = name === 'another file' ? 1 : 2;
      await assert.rejects(start(), ({ status, message }) => {
        assert.equal(status, 78, message);
        assert.ok(message.includes(`${file}:${line}`), message);
        return true;
      });
      assert.equal(readFileSync(file, 'utf8'), text);
    });
  }
});

testWithFile('a file that cannot be used stops the start', async () => {
  const folder = temporaryFolder();
  for (const path of [folder, join(folder, 'missing', 'file'), '/proc/revocations'])
    await assert.rejects(start({ 'revocation.file': path }), { status: 78 }, path);
});

testWithFile('a file has one daemon', async () => {
  await withBank(start, async (bank) => {
    const users = await revokeSome(bank, 2);
    await assert.rejects(start(), ({ status, message }) => {
      assert.ok(status > 0, `${status}`);
      assert.ok(message.includes(file), message);
      return true;
    });
    users.push(...(await revokeSome(bank, 1)));
    await assertAllRevoked(bank, users);
  });
});

testWithFile('when there is no more room, events are refused and nothing is dropped', async () => {
  const settings = { 'revocation.entries': 100 };
  const late = await newUser();
  let users;
  await withBank(() => start(settings), async (bank) => {
    users = await revokeSome(bank, 100);
    const event = userDeactivated(late.session);
    for (let i = 0; i < 3; ++i) assertComesAgain(await post(bank, event));
    await assert.rejects(control(bank, 'revoke', 'user', late.session.sub),
      ({ stderr }) => /revocation\.entries/.test(stderr));
    assert.equal(await statusOf(bank, late.token), 200);
    await assertAllRevoked(bank, users);
    // Those that are there can still change.
    await keep(bank, userDeactivated(users[0].session, { at: now() - 20 }));
    const metrics = await metricsOf(bank);
    assert.equal(metrics.revocations, 100);
    assert.equal(metrics['revocation_events_total{outcome="full"}'], 3);
  });
  await withBank(() => start({ ...settings, 'revocation.entries': 101 }), async (bank) => {
    await keep(bank, userDeactivated(late.session));
    await assertAllRevoked(bank, [...users, late]);
  });
  // Fewer than there are.
  await withBank(() => start({ ...settings, 'revocation.entries': 100 }), async (bank) => {
    await assertAllRevoked(bank, [...users, late]);
    assertComesAgain(await post(bank, userDeactivated((await newUser()).session)));
  });
});

testWithFile('a reload with other limits keeps everything', async () => {
  const config = join(temporaryFolder(), 'changebank.properties');
  const write = (entries, lifetime) =>
    writeFileSync(config, `revocation.entries = ${entries}\nrevocation.tokenLifetime = ${lifetime}\n`);
  write(100, '24h');
  await withBank(() => start({}, { config }), async (bank) => {
    const users = await revokeSome(bank, 100);
    assertComesAgain(await post(bank, userDeactivated((await newUser()).session)));
    for (const [entries, lifetime] of [[102, '24h'], [102, '12h'], [100, '12h'], [1000, '24h']]) {
      write(entries, lifetime);
      await bank.reload();
      await assertAllRevoked(bank, users);
      assert.equal((await revocationStatus(bank)).capacity, entries);
      const user = await newUser();
      const response = await post(bank, userDeactivated(user.session));
      if (entries < users.length) {
        assertComesAgain(response);
      } else {
        assert.equal(response.outcome, 'kept', response.body);
        users.push(user);
      }
    }
    await assertAllRevoked(bank, users);
  });
});

testWithFile('with a shorter lifetime, what concerns expired tokens alone is forgotten at the start', async () => {
  const { session } = await newUser();
  const token = await tenant.mint({ ...session, iat: now() - 5000, exp: now() + 500 });
  await withBank(() => start({ 'revocation.tokenLifetime': '2h' }), async (bank) => {
    assert.equal(await statusOf(bank, token), 200);
    await keep(bank, userDeactivated(session, { at: now() - 4000 }));
    await assertRevoked(bank, token);
  });
  await withBank(() => start({ 'revocation.tokenLifetime': '1h' }), async (bank) => {
    // Such tokens are not accepted at all now.
    assert.equal(await statusOf(bank, token), 401);
    assert.equal((await revocationStatus(bank)).entries, 0);
  });
});

// ---- A full disk ----

/** A disk that gets full: it is filled, and gets room again. */
const disks = {
  'a disk that is full': {
    skip() {
      if (process.getuid() !== 0) return 'needs root, to mount a small disk';
      const folder = temporaryFolder();
      const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
      if (isMounted) spawnSync('umount', [folder]);
      return isMounted ? false : 'a small disk cannot be mounted here';
    },
    make() {
      const folder = join(temporaryFolder(), 'disk');
      mkdirSync(folder);
      assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', folder]).status, 0);
      // Before the folder is removed; a process that was killed may hold it for a moment.
      process.prependOnceListener('exit', () => spawnSync('umount', ['--lazy', folder]));
      const filling = join(folder, 'filling');
      return {
        folder,
        fill() {
          const target = openSync(filling, 'w');
          try {
            for (;;) writeSync(target, Buffer.alloc(4096));
          } catch (error) {
            assert.equal(error.code, 'ENOSPC');
          } finally {
            closeSync(target);
          }
        },
        free: () => rmSync(filling),
      };
    },
  },
  'a file that may not grow': {
    skip: () => (spawnSync('prlimit', ['--version']).error ? 'prlimit is not installed' : false),
    make() {
      const limit = (bank, size) =>
        assert.equal(spawnSync('prlimit', [`--pid=${bank.child.pid}`, `--fsize=${size}:`]).status, 0);
      return {
        folder: temporaryFolder(),
        // Otherwise the signal ends the process.
        under: ['env', '--ignore-signal=XFSZ'],
        fill: (bank) => limit(bank, statSync(file).size + 10),
        free: (bank) => limit(bank, 'unlimited'),
      };
    },
  },
};

/** Sends events until one is refused, since the last page of the file may still have room. */
function refusedEvent(bank, users) {
  return eventually('an event is refused', async () => {
    const user = await newUser();
    const event = userDeactivated(user.session);
    const response = await post(bank, event);
    if (response.status !== 200) {
      assertComesAgain(response);
      return { user, event };
    }
    assert.equal(response.outcome, 'kept');
    users.push(user);
    return undefined;
  }, { every: 0 });
}

for (const [name, disk] of Object.entries(disks)) {
  test(`${name}: the event is not answered and not lost`, { skip: disk.skip() }, async () => {
    const { folder, under, fill, free } = disk.make();
    file = join(folder, 'revocations');
    const users = [];
    await withBank(() => start({}, { under }), async (bank) => {
      users.push(...(await revokeSome(bank, 5)));
      for (let round = 0; round < 2; ++round) {
        fill(bank);
        const { user, event } = await refusedEvent(bank, users);
        assertComesAgain(await post(bank, event));
        // Longer than the room that the event needed.
        const reason = `--reason=${'x'.repeat(200)}`;
        await assert.rejects(control(bank, 'revoke', 'user', user.session.sub, reason), ({ stderr }) => stderr !== '');
        assert.equal(await statusOf(bank, user.token), 200);
        await assertAllRevoked(bank, users);
        free(bank);
        assert.equal((await post(bank, event)).outcome, 'kept');
        await assertRevoked(bank, user.token);
        users.push(user);
      }
      assert.ok((await metricsOf(bank))['revocation_events_total{outcome="not_written"}'] >= 4);
      bank.kill();
    });
    await withBank(start, (restarted) => assertAllRevoked(restarted, users));
  });
}
