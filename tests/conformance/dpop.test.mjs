// changebankd with clients that are not ours and make proofs (DPoP, RFC 9449): dpop, oauth4webapi and openid-client;
// and beside a resource server that is not ours, oauth4webapi's, which must agree.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  algs, boundToken, hashOf, newHolder, now, proofOf, resource, send, sendProof, startBank, startIssuer, startLocalBank,
  target, thumbprintOf, withBank, withNonce,
} from './dpop.mjs';

// node 18
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;
const DPoP = await import('dpop');
const oauth = await import('oauth4webapi');
const oidc = await import('openid-client');

const insecure = { [oauth.allowInsecureRequests]: true };
const client = { client_id: 'page' };

let issuer;
before(async () => {
  issuer = await startIssuer();
});
after(() => issuer.stop());

async function jwkOf(pair) {
  return crypto.subtle.exportKey('jwk', pair.publicKey);
}

for (const alg of ['ES256', 'Ed25519', 'RS256', 'PS256']) {
  test(`proofs that dpop makes with ${alg} are accepted, with a nonce and without`, async () => {
    const pair = await DPoP.generateKeyPair(alg);
    const token = await boundToken(issuer, await jwkOf(pair));
    assert.equal(await DPoP.calculateThumbprint(pair.publicKey), thumbprintOf(await jwkOf(pair)));
    const proof = (nonce) => DPoP.generateProof(pair, `${resource}make-change`, 'GET', nonce, token);
    await withBank(() => startBank(issuer), async (bank) => {
      const response = await sendProof(bank, token, await proof());
      assert.equal(response.status, 200, response.body);
      assert.deepEqual(JSON.parse(response.body), { total: 1.02, nickels: 20, pennies: 2 });
    });
    await withBank(() => startBank(issuer, withNonce), async (bank) => {
      const nonce = (await sendProof(bank, token, await proof())).headers['dpop-nonce'];
      for (let i = 0; i < 2; ++i) assert.equal((await sendProof(bank, token, await proof(nonce))).status, 200);
    });
  });
}

function callWith(options, token, method, url) {
  return oauth.protectedResourceRequest(token, method, url, undefined, undefined, options);
}

for (const alg of ['ES256', 'Ed25519']) {
  test(`oauth4webapi calls with proofs of ${alg}, and tries again with the nonce`, async () => {
    const pair = await oauth.generateKeyPair(alg);
    const token = await boundToken(issuer, await jwkOf(pair));
    await withBank(() => startLocalBank(issuer), async (bank) => {
      const options = { ...insecure, DPoP: oauth.DPoP(client, pair) };
      const call = (method, path) => callWith(options, token, method, new URL(path, bank.url));
      for (let i = 0; i < 3; ++i) assert.equal((await call('GET', target)).status, 200);
      assert.equal((await call('POST', '/panic')).status, 200);
    });
    await withBank(() => startLocalBank(issuer, withNonce), async (bank) => {
      const options = { ...insecure, DPoP: oauth.DPoP(client, pair) };
      const call = () => callWith(options, token, 'GET', new URL(target, bank.url));
      await assert.rejects(call(), (error) => {
        assert.ok(oauth.isDPoPNonceError(error));
        assert.deepEqual(error.cause.map(({ scheme }) => scheme), ['bearer', 'dpop']);
        assert.equal(error.cause[1].parameters.algs, algs);
        return true;
      });
      // It has kept the nonce for that origin.
      for (let i = 0; i < 3; ++i) assert.equal((await call()).status, 200);
    });
  });
}

for (const [name, settings] of [['', {}], [', and tries again by itself with the nonce', withNonce]]) {
  test(`openid-client calls with proofs${name}`, async () => {
    const pair = await oidc.randomDPoPKeyPair();
    const token = await boundToken(issuer, await jwkOf(pair));
    await withBank(() => startLocalBank(issuer, settings), async (bank) => {
      const config = new oidc.Configuration({ issuer: issuer.issuer }, client.client_id);
      oidc.allowInsecureRequests(config);
      const options = { DPoP: oidc.getDPoPHandle(config, pair) };
      for (const [method, path] of [['GET', target], ['GET', target], ['POST', '/panic']]) {
        const url = new URL(path, bank.url);
        const response = await oidc.fetchProtectedResource(config, token, url, method, undefined, undefined, options);
        assert.equal(response.status, 200);
      }
      // As Bearer it is worth nothing.
      await assert.rejects(oidc.fetchProtectedResource(config, token, new URL(target, bank.url), 'GET'), (error) => {
        assert.equal(error.cause.find(({ scheme }) => scheme === 'bearer').parameters.error, 'invalid_token');
        return true;
      });
    });
  });
}

test("what oauth4webapi's resource server refuses is refused, and both accept a good proof", async (context) => {
  const holder = await newHolder();
  const other = await newHolder();
  const token = await boundToken(issuer, holder.jwk);
  const good = (change) => [`DPoP ${token}`, proofOf(holder, token, change)];
  const withClaims = (claims) => good({ claims });
  const withHeader = (header) => good({ header });
  const unboundToken = await issuer.mint({});
  const expired = await boundToken(issuer, holder.jwk, { exp: now() - 60 });
  const elsewhere = await boundToken(issuer, holder.jwk, { aud: 'https://vault.example/' });
  const rows = {
    'a token as Bearer': [`Bearer ${token}`, undefined],
    'a token as Bearer with a proof': [`Bearer ${token}`, proofOf(holder, token)],
    'no proof': [`DPoP ${token}`, undefined],
    'an empty proof': [`DPoP ${token}`, ''],
    'nonsense': [`DPoP ${token}`, 'x.y.z'],
    'two proofs': [`DPoP ${token}`, `${proofOf(holder, token)}, ${proofOf(holder, token)}`],
    'a token without a binding': [`DPoP ${unboundToken}`, proofOf(holder, unboundToken)],
    "another's proof": [`DPoP ${token}`, proofOf(other, token)],
    'a proof for another token': [`DPoP ${token}`, proofOf(holder, unboundToken)],
    'an expired token': [`DPoP ${expired}`, proofOf(holder, expired)],
    'a token for another audience': [`DPoP ${elsewhere}`, proofOf(holder, elsewhere)],
    'another signature': good({ sign: () => Buffer.alloc(64, 1) }),
    'typ JWT': withHeader({ typ: 'JWT' }),
    'no typ': withHeader({ typ: undefined }),
    'alg none': withHeader({ alg: 'none' }),
    'alg HS256': withHeader({ alg: 'HS256' }),
    'alg ES384': withHeader({ alg: 'ES384' }),
    'no jwk': withHeader({ jwk: undefined }),
    'a jwk that is a string': withHeader({ jwk: 'x' }),
    'a private jwk': withHeader({ jwk: holder.privateKey.export({ format: 'jwk' }) }),
    'crit': withHeader({ crit: ['x'], x: 1 }),
    'no jti': withClaims({ jti: undefined }),
    'a jti that is a number': withClaims({ jti: 1 }),
    'no htm': withClaims({ htm: undefined }),
    'htm POST': withClaims({ htm: 'POST' }),
    'htm get': withClaims({ htm: 'get' }),
    'no htu': withClaims({ htu: undefined }),
    'htu of another host': withClaims({ htu: 'https://evil.example/make-change' }),
    'htu of another path': withClaims({ htu: `${resource}panic` }),
    'htu with a slash at its end': withClaims({ htu: `${resource}make-change/` }),
    'htu that is relative': withClaims({ htu: '/make-change' }),
    'no iat': withClaims({ iat: undefined }),
    'iat a string': withClaims({ iat: String(now()) }),
    'an old iat': withClaims({ iat: now() - 3600 }),
    'an iat in the future': withClaims({ iat: now() + 3600 }),
    'no ath': withClaims({ ath: undefined }),
    'ath padded': withClaims({ ath: `${hashOf(token)}=` }),
    'exp past': withClaims({ exp: now() - 60 }),
    'nbf in the future': withClaims({ nbf: now() + 60 }),
    'a payload that is an array': good({ payload: '[]' }),
    'a padded payload': [`DPoP ${token}`, proofOf(holder, token).replace(/\.(.*)\./, '.$1=.')],
  };
  await withBank(() => startBank(issuer), async (bank) => {
    const judge = async ([authorization, proof]) => {
      const headers = { authorization, ...(proof === undefined ? {} : { dpop: proof }) };
      const request = new Request(new URL(target, resource), { headers });
      const theirs = await oauth.validateJwtAccessToken(issuer.metadata, request, resource, insecure)
        .then(() => 'accepted', (error) => error.message);
      return { theirs, ours: await send(bank, { headers }) };
    };
    await context.test('a good proof', async () => {
      const { theirs, ours } = await judge(good());
      assert.equal(theirs, 'accepted');
      assert.equal(ours.status, 200, ours.body);
    });
    for (const [name, row] of Object.entries(rows)) {
      await context.test(name, async () => {
        const { theirs, ours } = await judge(row);
        assert.notEqual(theirs, 'accepted');
        assert.equal(ours.status, 401, `${theirs}: ${ours.body}`);
      });
    }
  });
});
