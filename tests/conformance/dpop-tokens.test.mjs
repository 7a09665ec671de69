// Access tokens that are bound to keys, sent to changebankd in every wrong way; and proofs without the nonce it wants.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  boundToken, encode, errorsOf, hashOf, newHolder, now, proofOf, send, sendProof, startBank, startIssuer, thumbprintOf,
} from './dpop.mjs';

let issuer;
let holder;
/** A daemon for each policy, and one that wants a nonce. */
const banks = {};
const policies = { off: {}, allow: {}, require: {}, nonce: { 'auth.dpop': 'allow', 'auth.dpop.nonce': true } };
before(async () => {
  issuer = await startIssuer();
  holder = await newHolder();
  for (const [name, settings] of Object.entries(policies))
    banks[name] = await startBank(issuer, { 'auth.dpop': name, ...settings });
});
after(async () => {
  for (const bank of Object.values(banks)) assert.equal(await bank.stop(), 0);
  await issuer.stop();
});

function assertRefused(response, status, code, errors) {
  assert.equal(response.status, status, response.body);
  assert.equal(JSON.parse(response.body).code, code);
  assert.deepEqual(errorsOf(response), errors);
}

const jkt = () => thumbprintOf(holder.jwk);
const digest = () => Buffer.from(jkt(), 'base64url');
// The errors of the challenges, which are for both schemes.
const forDpop = (error) => ({ Bearer: undefined, DPoP: error });
const forBearer = (error) => ({ Bearer: error, DPoP: undefined });
const claimRefused = [401, 'ERR_JWT_CLAIM_VALIDATION_FAILED', forDpop('invalid_token')];
const unbound = [401, 'ERR_DPOP_UNBOUND', forDpop('invalid_token')];

test('a bound token with a good proof is accepted', async () => {
  const token = await boundToken(issuer, holder.jwk);
  for (const name of ['allow', 'require'])
    assert.equal((await sendProof(banks[name], token, proofOf(holder, token))).status, 200, name);
});

test('a claim cnf that is not understood whole is refused, with a good proof too', async (context) => {
  const rows = {
    'no cnf': [unbound, undefined],
    null: [claimRefused, null],
    'a string': [claimRefused, () => jkt()],
    'an array': [claimRefused, () => [{ jkt: jkt() }]],
    empty: [claimRefused, {}],
    'an unknown member': [claimRefused, { kid: 'k' }],
    'the key itself': [claimRefused, () => ({ jwk: holder.jwk })],
    'an unknown member beside jkt': [claimRefused, () => ({ jkt: jkt(), osc: 'x' })],
    'jkt in capitals': [claimRefused, () => ({ JKT: jkt() })],
    'jkt null': [claimRefused, { jkt: null }],
    'jkt an array': [claimRefused, () => ({ jkt: [jkt()] })],
    'jkt a number': [claimRefused, { jkt: 1 }],
    'jkt empty': [claimRefused, { jkt: '' }],
    'jkt a byte too short': [claimRefused, () => ({ jkt: encode(digest().subarray(1)) })],
    'jkt a byte too long': [claimRefused, () => ({ jkt: encode(Buffer.concat([digest(), Buffer.alloc(1)])) })],
    'jkt padded': [claimRefused, () => ({ jkt: `${jkt()}=` })],
    'jkt in hexadecimal': [claimRefused, () => ({ jkt: digest().toString('hex') })],
    'jkt by SHA-512': [claimRefused, () => ({ jkt: hashOf('x', 'sha512') })],
    'a certificate, without TLS': [claimRefused, () => ({ 'x5t#S256': jkt() })],
    'a certificate beside jkt, without TLS': [claimRefused, () => ({ jkt: jkt(), 'x5t#S256': jkt() })],
  };
  for (const [name, [expected, cnf]] of Object.entries(rows)) {
    await context.test(name, async () => {
      const token = await issuer.mint({ cnf: typeof cnf === 'function' ? cnf() : cnf });
      assertRefused(await sendProof(banks.allow, token, proofOf(holder, token)), ...expected);
      // And nobody gets through with the same token as Bearer, unless it is not bound at all.
      const bearer = await sendProof(banks.allow, token, undefined, { scheme: 'Bearer' });
      assert.equal(bearer.status, name === 'no cnf' ? 200 : 401, bearer.body);
    });
  }
});

// Whoever can plant a cookie must not choose whose token counts.
test('the scheme DPoP goes before the cookie', async () => {
  const token = await boundToken(issuer, holder.jwk);
  for (const planted of [token, await boundToken(issuer, holder.jwk, { sub: 'mallory' }), 'junk']) {
    const response = await sendProof(banks.allow, token, proofOf(holder, token), { headers: { Cookie: `app.at=${planted}` } });
    assert.equal(response.status, 200, response.body);
  }
});

test('a bound token is accepted only with the scheme DPoP', async (context) => {
  const downgraded = [401, 'ERR_DPOP_BOUND', forBearer('invalid_token')];
  const nothing = [401, undefined, forDpop()];
  const twoWords = (scheme) => [400, 'ERR_INVALID_REQUEST', { ...forDpop(), [scheme]: 'invalid_request' }];
  const unclear = [400, 'ERR_INVALID_REQUEST', { Bearer: 'invalid_request', DPoP: 'invalid_request' }];
  const cookie = (token) => ({ Cookie: `app.at=${token}` });
  const rows = {
    'as Bearer': [downgraded, (token) => ({ Authorization: `Bearer ${token}` })],
    'as Bearer, with a good proof': [downgraded, (token, DPoP) => ({ Authorization: `Bearer ${token}`, DPoP })],
    'as bEARER': [downgraded, (token, DPoP) => ({ Authorization: `bEARER ${token}`, DPoP })],
    'in the cookie': [downgraded, cookie],
    'in the cookie, with a good proof': [downgraded, (token, DPoP) => ({ ...cookie(token), DPoP })],
    'in the query': [nothing, (_, DPoP) => ({ DPoP })],
    'with the word alone': [nothing, (_, DPoP) => ({ Authorization: 'DPoP', DPoP })],
    'with the word and a blank': [nothing, (_, DPoP) => ({ Authorization: 'DPoP ', DPoP })],
    'with an equals sign': [nothing, (token, DPoP) => ({ Authorization: `DPoP=${token}`, DPoP })],
    'with a comma': [nothing, (token, DPoP) => ({ Authorization: `DPoP,${token}`, DPoP })],
    'with a longer word': [nothing, (token, DPoP) => ({ Authorization: `DPoPs ${token}`, DPoP })],
    'with another scheme': [nothing, (token, DPoP) => ({ Authorization: `Token ${token}`, DPoP })],
    'without a scheme': [nothing, (token, DPoP) => ({ Authorization: token, DPoP })],
    'after another word': [twoWords('DPoP'), (token, DPoP) => ({ Authorization: `DPoP x ${token}`, DPoP })],
    'before another word': [twoWords('DPoP'), (token, DPoP) => ({ Authorization: `DPoP ${token} x`, DPoP })],
    'with the word twice': [twoWords('DPoP'), (token, DPoP) => ({ Authorization: `DPoP DPoP ${token}`, DPoP })],
    'as Bearer before another word': [twoWords('Bearer'), (token) => ({ Authorization: `Bearer ${token} x` })],
    'with both schemes in one field': [twoWords('DPoP'),
      (token, DPoP) => ({ Authorization: `DPoP ${token}, Bearer ${token}`, DPoP })],
    'with both schemes': [unclear, (token, DPoP) => ({ Authorization: [`Bearer ${token}`, `DPoP ${token}`], DPoP })],
    'twice': [unclear, (token, DPoP) => ({ Authorization: [`DPoP ${token}`, `DPoP ${token}`], DPoP })],
  };
  for (const [name, [expected, headers]] of Object.entries(rows)) {
    await context.test(name, async () => {
      const token = await boundToken(issuer, holder.jwk);
      const proof = proofOf(holder, token);
      const target = `/make-change?total=1.02&access_token=${token}`;
      assertRefused(await send(banks.allow, { target, headers: headers(token, proof) }), ...expected);
      // None of that uses the proof up.
      assert.equal((await sendProof(banks.allow, token, proof)).status, 200);
    });
  }
  for (const scheme of ['dpop', 'DPOP', 'dPoP', 'DPoP  ']) {
    await context.test(`the scheme "${scheme}" is accepted`, async () => {
      const token = await boundToken(issuer, holder.jwk);
      assert.equal((await sendProof(banks.allow, token, proofOf(holder, token), { scheme })).status, 200);
    });
  }
});

test('faulty bound tokens are refused for what is wrong with them, in the challenge for DPoP', async (context) => {
  const errors = forDpop('invalid_token');
  const good = await boundToken(issuer, holder.jwk);
  const rows = {
    expired: [[401, 'ERR_JWT_EXPIRED', errors], await boundToken(issuer, holder.jwk, { exp: now() - 10 })],
    'for another audience': [claimRefused, await boundToken(issuer, holder.jwk, { aud: 'x' })],
    'not a JWT': [[401, 'ERR_JWS_INVALID', errors], 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'],
    opaque: [[401, 'ERR_JWS_INVALID', errors], 'x'],
    'padded, with the hash of that': [[401, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', errors], `${good}=`],
    'with another signature': [[401, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', errors], `${good.slice(0, -8)}AAAAAAAA`],
    'bound to another key': [[401, 'ERR_DPOP_KEY_MISMATCH', errors], await boundToken(issuer, (await newHolder()).jwk)],
  };
  for (const [name, [expected, token]] of Object.entries(rows)) {
    await context.test(name, async () => {
      assertRefused(await sendProof(banks.allow, token, proofOf(holder, token)), ...expected);
    });
  }
});

test('a token without a binding is no worse off for a proof beside it', async () => {
  const token = await issuer.mint({});
  assert.equal((await sendProof(banks.allow, token, 'x', { scheme: 'Bearer' })).status, 200);
  assertRefused(await sendProof(banks.allow, token, proofOf(holder, token)), ...unbound);
});

test('off: bound tokens are refused with every scheme, as other validators let them pass', async () => {
  const token = await boundToken(issuer, holder.jwk);
  const bearer = await sendProof(banks.off, token, proofOf(holder, token), { scheme: 'Bearer' });
  assertRefused(bearer, 401, 'ERR_JWT_CLAIM_VALIDATION_FAILED', { Bearer: 'invalid_token' });
  const cookie = await send(banks.off, { headers: { Cookie: `app.at=${token}` } });
  assertRefused(cookie, 401, 'ERR_JWT_CLAIM_VALIDATION_FAILED', { Bearer: 'invalid_token' });
  assertRefused(await sendProof(banks.off, token, proofOf(holder, token)), 401, undefined, { Bearer: undefined });
  assert.equal((await sendProof(banks.off, await issuer.mint({}), undefined, { scheme: 'Bearer' })).status, 200);
});

test('require: tokens without a binding are refused with every scheme', async () => {
  const token = await issuer.mint({});
  // No other scheme is offered.
  const required = [401, 'ERR_DPOP_REQUIRED', { DPoP: 'invalid_token' }];
  for (const scheme of ['Bearer', 'DPoP'])
    assertRefused(await sendProof(banks.require, token, proofOf(holder, token), { scheme }), ...required);
  assertRefused(await send(banks.require, { headers: { Cookie: `app.at=${token}` } }), ...required);
  const bound = await boundToken(issuer, holder.jwk);
  const bearer = await sendProof(banks.require, bound, proofOf(holder, bound), { scheme: 'Bearer' });
  assertRefused(bearer, 401, 'ERR_DPOP_BOUND', { DPoP: 'invalid_token' });
});

test('a caller without the role is refused after the proof, which is used up', async () => {
  const token = await boundToken(issuer, holder.jwk, { roles: ['customer'] });
  const proof = proofOf(holder, token, { claims: { htm: 'POST', htu: 'https://api.example.com/panic' } });
  const request = { method: 'POST', target: '/panic' };
  const ask = () => sendProof(banks.allow, token, proof, request);
  assertRefused(await ask(), 403, undefined, forDpop('insufficient_scope'));
  assertRefused(await ask(), 401, 'ERR_DPOP_REPLAYED', forDpop('invalid_dpop_proof'));
});

test('a proof needs the nonce, and a refusal for that does not use it up', async (context) => {
  const token = await boundToken(issuer, holder.jwk);
  const ask = (claims) => sendProof(banks.nonce, token, proofOf(holder, token, { claims }));
  const nonceOf = (response) => {
    // 43 characters of base64url, once, in a response that nobody keeps.
    assert.match(response.headers['dpop-nonce'], /^[\w-]{43}$/);
    assert.equal(response.headers['cache-control'], 'no-store');
    return response.headers['dpop-nonce'];
  };
  const wanted = [401, 'ERR_DPOP_NONCE', forDpop('use_dpop_nonce')];
  const first = await ask({});
  assertRefused(first, ...wanted);
  const nonce = nonceOf(first);
  const foreign = await startBank(issuer, policies.nonce);
  const foreignNonce = nonceOf(await sendProof(foreign, token, proofOf(holder, token)));
  assert.notEqual(foreignNonce, nonce);
  assert.equal(await foreign.stop(), 0);

  const rows = {
    missing: undefined,
    empty: '',
    'made up': 'x',
    'of another server': foreignNonce,
    'without its end': nonce.slice(0, -1),
    'with more behind it': `${nonce}x`,
    padded: `${nonce}=`,
    'with a blank': `${nonce} `,
    'in small letters': nonce.toLowerCase() === nonce ? 'x' : nonce.toLowerCase(),
    'with a zero character': `${nonce}\0`,
    'twice with a comma': `${nonce},${nonce}`,
  };
  for (const [name, value] of Object.entries(rows)) {
    await context.test(`a nonce ${name}`, async () => {
      const response = await ask({ nonce: value });
      assertRefused(response, ...wanted);
      nonceOf(response);
    });
  }
  for (const value of [1, null, [nonce], { nonce }, true]) {
    await context.test(`a nonce that is ${JSON.stringify(value).slice(0, 12)}`, async () => {
      assertRefused(await ask({ nonce: value }), 401, 'ERR_DPOP_INVALID', forDpop('invalid_dpop_proof'));
    });
  }
  await context.test('a good nonce serves more than one proof', async () => {
    for (let i = 0; i < 3; ++i) assert.equal((await ask({ nonce })).status, 200);
  });
  await context.test('the refusal does not use the proof up', async () => {
    const proof = proofOf(holder, token);
    for (let i = 0; i < 2; ++i) assertRefused(await sendProof(banks.nonce, token, proof), ...wanted);
    const claims = { jti: 'the same', nonce };
    assertRefused(await ask({ ...claims, nonce: 'x' }), ...wanted);
    assert.equal((await ask(claims)).status, 200);
  });
  await context.test('no nonce is given for a proof that is wrong otherwise', async () => {
    const response = await sendProof(banks.nonce, token, proofOf(await newHolder(), token));
    assertRefused(response, 401, 'ERR_DPOP_KEY_MISMATCH', forDpop('invalid_token'));
    assert.equal(response.headers['dpop-nonce'], undefined);
  });
  await context.test('a good nonce does not help an old proof', async () => {
    const response = await ask({ nonce, iat: now() - 3600 });
    assertRefused(response, 401, 'ERR_DPOP_EXPIRED', forDpop('invalid_dpop_proof'));
  });
});

/** The answer to a proof with a nonce, and with another iat if wanted. */
function askWith(bank, token, nonce, claims = {}) {
  return sendProof(bank, token, proofOf(holder, token, { claims: { nonce, ...claims } }));
}

test('a nonce outlives a reload, and not a restart', async () => {
  const token = await boundToken(issuer, holder.jwk);
  const first = await startBank(issuer, policies.nonce);
  const nonce = (await askWith(first, token)).headers['dpop-nonce'];
  await first.reload();
  assert.equal((await askWith(first, token, nonce)).status, 200);
  // Of a client whose clock is ahead: the next daemon has never seen it, and could not tell by its time.
  const proof = proofOf(holder, token, { claims: { nonce, iat: now() + 12 } });
  assert.equal((await sendProof(first, token, proof)).status, 200);
  assert.equal(await first.stop(), 0);
  const second = await startBank(issuer, policies.nonce);
  assert.equal(JSON.parse((await sendProof(second, token, proof)).body).code, 'ERR_DPOP_NONCE');
  assert.equal(await second.stop(), 0);
});

test('servers with one secret accept the nonces of each other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'changebank-'));
  const replicas = [];
  try {
    const secret = join(folder, 'secret');
    writeFileSync(secret, randomBytes(32), { mode: 0o600 });
    const token = await boundToken(issuer, holder.jwk);
    for (let i = 0; i < 2; ++i)
      replicas.push(await startBank(issuer, { ...policies.nonce, 'auth.dpop.nonce.secretFile': secret }));
    for (const [giver, taker] of [replicas, [...replicas].reverse()]) {
      const nonce = (await askWith(giver, token)).headers['dpop-nonce'];
      assert.equal((await askWith(taker, token, nonce)).status, 200);
    }
  } finally {
    rmSync(folder, { recursive: true });
    for (const replica of replicas) assert.equal(await replica.stop(), 0);
  }
});

test('the answer to a proof whose nonce comes to its end has the next nonce', async () => {
  // Nonces change at the multiples of their lifetime. Of several, the one whose next multiple is soon, after the start.
  const waits = Array.from({ length: 10 }, (_, i) => ({ lifetime: i + 10, wait: i + 10 - (now() % (i + 10)) }));
  const [{ lifetime }] = waits.filter(({ wait }) => wait >= 3).sort((a, b) => a.wait - b.wait);
  const bank = await startBank(issuer, { ...policies.nonce, 'auth.dpop.nonce.lifetime': `${lifetime}s` });
  const token = await boundToken(issuer, holder.jwk);
  const old = (await askWith(bank, token)).headers['dpop-nonce'];
  let response;
  do {
    await setTimeout(100);
    response = await askWith(bank, token, old);
    assert.equal(response.status, 200, response.body);
  } while (!response.headers['dpop-nonce']);
  const fresh = response.headers['dpop-nonce'];
  assert.notEqual(fresh, old);
  assert.equal(response.headers['cache-control'], 'no-store');
  // Both are good, and only the old one is to be replaced.
  const renewed = await askWith(bank, token, fresh);
  assert.equal(renewed.status, 200);
  assert.equal(renewed.headers['dpop-nonce'], undefined);
  assert.equal((await askWith(bank, token, old)).headers['dpop-nonce'], fresh);
  assert.equal(await bank.stop(), 0);
});
