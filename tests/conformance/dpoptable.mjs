// Runs tables of faulty DPoP proofs before a changebankd.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  boundToken, claimsFor, errorsOf, newHolder, now, proofOf, sendProof, startBank, startIssuer,
} from './dpop.mjs';

export let issuer;
let bank;
/** Clients by the algorithm of their proofs, each with a token. */
export const holders = {};
/** When the daemon was about to start, in seconds since 1970. */
export let startedAt;
before(async () => {
  issuer = await startIssuer();
  startedAt = now();
  bank = await startBank(issuer);
  for (const alg of ['ES256', 'ES384', 'ES512', 'Ed25519', 'RS256']) holders[alg] = await newHolder(alg);
  holders.other = await newHolder();
  holders.secp256k1 = await newHolder('ES256', ['ec', { namedCurve: 'secp256k1' }]);
  holders.small = await newHolder('RS256', ['rsa', { modulusLength: 1024 }]);
  for (const holder of Object.values(holders)) holder.token = await boundToken(issuer, holder.jwk);
});
after(async () => {
  assert.equal(await bank.stop(), 0);
  await issuer.stop();
  // No URL of a proof was fetched.
  assert.deepEqual([...new Set(issuer.asked)], ['/jwks']);
});

// What a row may expect.
const proofError = (code, message) => ({ status: 401, code, message, error: 'invalid_dpop_proof' });
export const accepted = { status: 200 };
export const absent = proofError('ERR_DPOP_MISSING', 'the DPoP header is missing');
export const repeated = proofError('ERR_DPOP_INVALID', 'more than one DPoP header');
export const malformed = proofError('ERR_DPOP_INVALID', 'the DPoP proof is not a well-formed JWT');
export const missing = (claim) =>
  proofError('ERR_DPOP_INVALID', `missing required "${claim}" claim in the DPoP proof`);
export const unexpected = (claim) =>
  proofError('ERR_DPOP_INVALID', `unexpected "${claim}" claim value in the DPoP proof`);
export const wrongType = proofError('ERR_DPOP_INVALID', 'unexpected "typ" header value in the DPoP proof');
export const wrongAlgorithm = proofError(
  'ERR_DPOP_ALG_NOT_ALLOWED', '"alg" (Algorithm) Header Parameter not allowed in the DPoP proof');
export const unsigned = proofError(
  'ERR_DPOP_SIGNATURE_VERIFICATION_FAILED', 'signature verification of the DPoP proof failed');
export const badKey = proofError('ERR_DPOP_INVALID', 'the "jwk" of the DPoP proof is not a usable public key');
export const stale = (claim) =>
  proofError('ERR_DPOP_EXPIRED', `"${claim}" claim timestamp check failed in the DPoP proof`);
export const otherKey = {
  status: 401,
  code: 'ERR_DPOP_KEY_MISMATCH',
  message: "the access token is bound to another key than the DPoP proof's",
  error: 'invalid_token',
};

/** Bytes with one bit changed. */
export const flipped = (bytes, at = 0) => {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1;
  return copy;
};
export const bytesOf = (text) => Buffer.from(text, 'base64url');

/** Stray bits in the last character of base64url, which lax decoders pass over. */
export function withStrayBits(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) ^ 1];
}

/** A change of one part of a proof. */
export const part = (index, change) => (proof) =>
  proof.split('.').map((each, i) => (i === index ? change(each) : each)).join('.');
/** Makes a payload out of the text of the claims of a good proof. */
export const claimsText = (change) => (holder) => change(JSON.stringify(claimsFor(holder.token)));

/** Sends what a row describes. */
async function attack({ by = 'ES256', header, claims, payload, sign, proof = (good) => good, bound, request }) {
  let holder = holders[by];
  if (bound) {
    const jwk = bound(holder);
    holder = { ...holder, jwk, token: await boundToken(issuer, jwk) };
  }
  const of = (value) => (typeof value === 'function' ? value(holder) : value);
  const good = proofOf(holder, holder.token, {
    header: of(header), claims: of(claims), payload: of(payload), sign: sign && ((input) => sign(input, holder)),
  });
  return sendProof(bank, holder.token, proof(good, holder), request);
}

/**
 * Tests what the rows of each check say: a name, what is expected, and how the proof differs from a good one. `by` is
 * the name of the holder, `header`, `claims`, `payload` and `sign` are those of proofOf() or functions of the holder,
 * `proof` changes the finished text or makes a list of header fields of it, `bound` is the key that the token is bound
 * to instead, and `request` the rest of the request.
 */
export function runTable(table) {
  for (const [check, rows] of Object.entries(table)) {
    test(check, async (context) => {
      for (const [name, expected, change] of rows) {
        await context.test(name, async () => {
          const response = await attack(change);
          assert.equal(response.status, expected.status, response.body);
          if (expected.status === 200) return;
          if (change.request?.method !== 'HEAD')
            assert.deepEqual(JSON.parse(response.body), { error: expected.message, code: expected.code });
          // The error is for the scheme that was used, and both are offered.
          assert.deepEqual(errorsOf(response), { Bearer: undefined, DPoP: expected.error });
          assert.equal(response.headers['dpop-nonce'], undefined);
        });
      }
    });
  }
}
