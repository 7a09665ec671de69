// Proofs that are sent twice: one after the other, at the same moment, by somebody else, after a reload and a restart.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import {
  assertReplayed, boundToken, encode, newHolder, now, proofOf, send, sendAtOnce, sendProof, signatureOf, startBank,
  startIssuer, statusesFrom, textWith,
} from './dpop.mjs';

let issuer;
let bank;
let victim;
before(async () => {
  issuer = await startIssuer();
  bank = await startBank(issuer);
  victim = await newHolder();
  victim.token = await boundToken(issuer, victim.jwk);
});
after(async () => {
  assert.equal(await bank.stop(), 0);
  await issuer.stop();
});

const panic = { method: 'POST', target: '/panic' };
const panicClaims = { htm: 'POST', htu: 'https://api.example.com/panic' };

/** Sends requests one after the other over one connection; resolves to their statuses. */
function sendInOrder(daemon, texts) {
  const socket = connect(new URL(daemon.url).port, '127.0.0.1', () => socket.write(texts.join('')));
  return statusesFrom(socket);
}

test('a proof is good once, whatever connection it comes by', async () => {
  const proof = proofOf(victim, victim.token);
  assert.equal((await sendProof(bank, victim.token, proof)).status, 200);
  for (let i = 0; i < 3; ++i) assertReplayed(await sendProof(bank, victim.token, proof));
});

test('a proof is good once on one connection', async () => {
  const proof = proofOf(victim, victim.token);
  const open = textWith(victim.token, proof).replace('Connection: close\r\n', '');
  assert.deepEqual(await sendInOrder(bank, [open, open, textWith(victim.token, proof)]), [200, 401, 401]);
});

test('a proof is a replay with another query too, and in another spelling of the path it is for', async () => {
  const proof = proofOf(victim, victim.token);
  assert.equal((await sendProof(bank, victim.token, proof)).status, 200);
  for (const other of ['/make-change?total=2.04', '/make-change'])
    assertReplayed(await sendProof(bank, victim.token, proof, { target: other }));
});

test('a proof with the same jti, htm and htu is a replay, however it is written', async (context) => {
  const jti = 'the same';
  const first = proofOf(victim, victim.token, { claims: { jti } });
  assert.equal((await sendProof(bank, victim.token, first)).status, 200);
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const [head, payload, signature] = first.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const other = (order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0');
  const mirrored = Buffer.from(other, 'hex');
  const rows = {
    'signed again': proofOf(victim, victim.token, { claims: { jti } }),
    'with further claims': proofOf(victim, victim.token, { claims: { jti, x: 1 } }),
    'with another spelling of htu': proofOf(victim, victim.token, {
      claims: { jti, htu: 'HTTPS://API.example.com:443/make-change?x' },
    }),
    // ECDSA: (r, n - s) is a signature wherever (r, s) is one, and anybody can compute it.
    'with the other signature': `${head}.${payload}.${encode(Buffer.concat([bytes.subarray(0, 32), mirrored]))}`,
  };
  for (const [name, proof] of Object.entries(rows))
    await context.test(name, async () => assertReplayed(await sendProof(bank, victim.token, proof)));
});

test('a jti is for one key, method and URI', async () => {
  const claims = { jti: 'of several' };
  assert.equal((await sendProof(bank, victim.token, proofOf(victim, victim.token, { claims }))).status, 200);
  const elsewhere = proofOf(victim, victim.token, { claims: { ...claims, ...panicClaims } });
  assert.equal((await sendProof(bank, victim.token, elsewhere, panic)).status, 200);
  const asHead = proofOf(victim, victim.token, { claims: { ...claims, htm: 'HEAD' } });
  assert.equal((await sendProof(bank, victim.token, asHead, { method: 'HEAD' })).status, 200);
  const other = await newHolder();
  const token = await boundToken(issuer, other.jwk);
  assert.equal((await sendProof(bank, token, proofOf(other, token, { claims }))).status, 200);
});

test('a used proof is of no use elsewhere', async () => {
  const proof = proofOf(victim, victim.token);
  assert.equal((await sendProof(bank, victim.token, proof)).status, 200);
  const response = await sendProof(bank, victim.token, proof, panic);
  assert.equal(JSON.parse(response.body).code, 'ERR_DPOP_INVALID');
  // A token of the same key is another token (ath).
  const token = await boundToken(issuer, victim.jwk);
  assert.equal(JSON.parse((await sendProof(bank, token, proof)).body).code, 'ERR_DPOP_INVALID');
});

test('refused proofs use no jti up, so nobody makes a replay of what another is about to send', async (context) => {
  const attacker = await newHolder();
  attacker.token = await boundToken(issuer, attacker.jwk);
  const other = await boundToken(issuer, victim.jwk);
  const rows = {
    "the attacker's key": { by: attacker },
    "the victim's key and no signature of it": { sign: (input) => signatureOf(attacker, input) },
    'a signature of zeros': { sign: () => Buffer.alloc(64) },
    'the hash of another token': { for: other },
    'another htm': { claims: { htm: 'POST' } },
    'another htu': { claims: { htu: 'https://evil.example/make-change' } },
    'a time long ago': { claims: { iat: now() - 3600 } },
    'a time to come': { claims: { iat: now() + 3600 } },
    'another typ': { header: { typ: 'JWT' } },
    'another algorithm': { header: { alg: 'none' } },
    'a private member': { header: { jwk: { ...victim.jwk, d: null } } },
  };
  for (const [name, { by = victim, for: token = victim.token, claims, ...change }] of Object.entries(rows)) {
    await context.test(name, async () => {
      const jti = `of ${name}`;
      const proof = proofOf(by, token, { ...change, claims: { jti, ...claims } });
      assert.equal((await sendProof(bank, victim.token, proof)).status, 401);
      const good = proofOf(victim, victim.token, { claims: { jti } });
      assert.equal((await sendProof(bank, victim.token, good)).status, 200);
      assertReplayed(await sendProof(bank, victim.token, good));
    });
  }
  await context.test("the attacker's own good request", async () => {
    const claims = { jti: 'of both' };
    assert.equal((await sendProof(bank, attacker.token, proofOf(attacker, attacker.token, { claims }))).status, 200);
    assert.equal((await sendProof(bank, victim.token, proofOf(victim, victim.token, { claims }))).status, 200);
  });
  await context.test('the proof without its token, or with the token as Bearer', async () => {
    const proof = proofOf(victim, victim.token);
    assert.equal((await send(bank, { headers: { DPoP: proof } })).status, 401);
    assert.equal((await sendProof(bank, victim.token, proof, { scheme: 'Bearer' })).status, 401);
    assert.equal((await sendProof(bank, attacker.token, proof)).status, 401);
    assert.equal((await sendProof(bank, victim.token, proof)).status, 200);
  });
});

test('a proof is used up by a request that is refused or fails later', async () => {
  const bad = proofOf(victim, victim.token);
  assert.equal((await sendProof(bank, victim.token, bad, { target: '/make-change?total=x' })).status, 400);
  assertReplayed(await sendProof(bank, victim.token, bad));
  const unknown = proofOf(victim, victim.token, { claims: { htu: 'https://api.example.com/unknown' } });
  assert.equal((await sendProof(bank, victim.token, unknown, { target: '/unknown' })).status, 404);
  assertReplayed(await sendProof(bank, victim.token, unknown, { target: '/unknown' }));
});

test('a reload forgets no proof', async () => {
  const proof = proofOf(victim, victim.token);
  assert.equal((await sendProof(bank, victim.token, proof)).status, 200);
  await bank.reload();
  assertReplayed(await sendProof(bank, victim.token, proof));
  assert.equal((await sendProof(bank, victim.token, proofOf(victim, victim.token))).status, 200);
});

test('copies of a proof that come while the settings are read again are good once', async () => {
  for (let round = 0; round < 3; ++round) {
    const text = textWith(victim.token, proofOf(victim, victim.token));
    const [statuses] = await Promise.all([sendAtOnce(bank, Array(64).fill(text)), bank.reload()]);
    assert.deepEqual(statuses.sort(), [200, ...Array(63).fill(401)]);
  }
});

test('a restart accepts no proof from before it', async () => {
  const first = await startBank(issuer);
  const proof = proofOf(victim, victim.token);
  assert.equal((await sendProof(first, victim.token, proof)).status, 200);
  assert.equal(await first.stop(), 0);
  // A proof's time is a whole second: the next daemon must start in a later one.
  const made = now();
  while (now() === made) await new Promise((resolve) => setTimeout(resolve, 20));
  const second = await startBank(issuer);
  const response = await sendProof(second, victim.token, proof);
  assert.equal(JSON.parse(response.body).code, 'ERR_DPOP_EXPIRED');
  // And takes new ones at once.
  assert.equal((await sendProof(second, victim.token, proofOf(victim, victim.token))).status, 200);
  assert.equal(await second.stop(), 0);
});

for (const [threads, cache] of [[1, 10000], [2, 10000], [2, 0]]) {
  test(`of 64 copies of a proof at once one is good, with ${threads} threads and a cache of ${cache}`, async () => {
    const daemon = await startBank(issuer, { 'server.threads': threads, 'auth.cache.entries': cache });
    for (let round = 0; round < 5; ++round) {
      // Tokens that nobody has seen, and ones that have been verified.
      const token = round % 2 === 0 ? await boundToken(issuer, victim.jwk) : victim.token;
      const text = textWith(token, proofOf(victim, token));
      const statuses = await sendAtOnce(daemon, Array(64).fill(text));
      assert.deepEqual(statuses.sort(), [200, ...Array(63).fill(401)]);
    }
    const texts = Array.from({ length: 64 }, () => textWith(victim.token, proofOf(victim, victim.token)));
    assert.deepEqual(await sendAtOnce(daemon, texts), Array(64).fill(200));
    assert.equal(await daemon.stop(), 0);
  });
}

test('more proofs of one caller than are remembered get a 429, and those of other callers pass', async () => {
  const daemon = await startBank(issuer, { 'auth.dpop.replay.entriesPerCaller': 1000 });
  const statuses = [];
  for (let i = 0; i < 40; ++i) {
    const texts = Array.from({ length: 64 }, () => textWith(victim.token, proofOf(victim, victim.token)));
    statuses.push(...(await sendAtOnce(daemon, texts)));
  }
  assert.deepEqual([...new Set(statuses)].sort(), [200, 429]);
  assert.ok(statuses.filter((status) => status === 200).length >= 1000);
  let limited;
  do limited = await sendProof(daemon, victim.token, proofOf(victim, victim.token));
  while (limited.status === 200);
  assert.equal(limited.status, 429);
  assert.equal(JSON.parse(limited.body).code, 'ERR_DPOP_TOO_MANY');
  assert.ok(Number(limited.headers['retry-after']) > 0);
  assert.equal(limited.headers['www-authenticate'], undefined);
  let passed = 0;
  for (let i = 0; i < 4; ++i) {
    const other = await newHolder();
    const token = await boundToken(issuer, other.jwk, { sub: `other-${i}` });
    if ((await sendProof(daemon, token, proofOf(other, token))).status === 200) ++passed;
  }
  assert.equal(passed, 4);
  // Another key of the same caller makes no difference.
  const second = await newHolder();
  const token = await boundToken(issuer, second.jwk);
  const results = [];
  for (let i = 0; i < 200; ++i) results.push((await sendProof(daemon, token, proofOf(second, token))).status);
  assert.ok(results.filter((status) => status === 429).length > 100);
  assert.equal(await daemon.stop(), 0);
});
