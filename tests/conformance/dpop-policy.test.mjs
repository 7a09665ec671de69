// What changebankd tells clients about DPoP (RFC 9449), and what it wants of them, by issuer, resource and route.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  algs, boundToken, challengesOf, errorsOf, newHolder, proofOf, resource, send, sendProof, startBank, startIssuer,
  withBank, withNonce,
} from './dpop.mjs';

let issuer;
before(async () => {
  issuer = await startIssuer();
});
after(() => issuer.stop());

// RFC 9449, figures 15 to 19 and 24, with our realm, and with the metadata of RFC 9728.
const metadata = 'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource"';
const bearer = (error) => `Bearer realm="changebank"${error ? `, error="${error}"` : ''}, ${metadata}`;
const dpop = (error) => `DPoP realm="changebank", algs="${algs}"${error ? `, error="${error}"` : ''}, ${metadata}`;

test('the challenges are those of RFC 9449', async (context) => {
  const holder = await newHolder();
  const token = await boundToken(issuer, holder.jwk);
  const unboundToken = await issuer.mint({});
  const rows = [
    // The policy, what is sent, and the challenges.
    ['require', 'nothing (figure 15)', {}, [dpop()]],
    ['require', 'a token of another key (figure 16)',
      { Authorization: `DPoP ${token}`, DPoP: proofOf(await newHolder(), token) }, [dpop('invalid_token')]],
    ['require', 'a token as Bearer', { Authorization: `Bearer ${unboundToken}` }, [dpop('invalid_token')]],
    ['allow', 'nothing (figure 17)', {}, [bearer(), dpop()]],
    ['allow', 'an invalid token as Bearer (figure 18)', { Authorization: 'Bearer INVALID_TOKEN' },
      [bearer('invalid_token'), dpop()]],
    ['allow', 'an invalid token as DPoP', { Authorization: 'DPoP INVALID_TOKEN' }, [bearer(), dpop('invalid_token')]],
    ['allow', 'both schemes (figure 19)', { Authorization: [`Bearer ${token}`, `DPoP ${token}`] },
      [bearer('invalid_request'), dpop('invalid_request')]],
    ['allow', 'a bound token as Bearer', { Authorization: `Bearer ${token}` }, [bearer('invalid_token'), dpop()]],
    ['allow', 'no proof', { Authorization: `DPoP ${token}` }, [bearer(), dpop('invalid_dpop_proof')]],
    ['off', 'nothing', {}, [bearer()]],
    ['off', 'a bound token as Bearer', { Authorization: `Bearer ${token}` }, [bearer('invalid_token')]],
    ['off', 'a bound token as DPoP', { Authorization: `DPoP ${token}`, DPoP: proofOf(holder, token) }, [bearer()]],
  ];
  for (const policy of ['off', 'allow', 'require']) {
    await withBank(() => startBank(issuer, { 'auth.dpop': policy }), async (bank) => {
      for (const [, name, headers, challenges] of rows.filter(([each]) => each === policy)) {
        await context.test(`${policy}: ${name}`, async () => {
          const response = await send(bank, { headers });
          assert.equal(response.status, name.includes('both') ? 400 : 401);
          assert.equal(response.headers['www-authenticate'], challenges.join(', '));
          assert.equal(response.headers['cache-control'], 'no-store');
        });
      }
    });
  }
  await withBank(() => startBank(issuer, withNonce), async (bank) => {
    await context.test('a proof without the nonce (figure 24)', async () => {
      const response = await sendProof(bank, token, proofOf(holder, token));
      assert.equal(response.status, 401);
      assert.equal(response.headers['www-authenticate'], [bearer(), dpop('use_dpop_nonce')].join(', '));
      assert.match(response.headers['dpop-nonce'], /^[\x21\x23-\x5B\x5D-\x7E]+$/);
    });
    await context.test('nothing, before a server with nonces', async () => {
      const response = await send(bank, {});
      assert.equal(response.headers['www-authenticate'], [bearer(), dpop()].join(', '));
    });
  });
});

test('one route may require what the others only allow', async () => {
  await withBank(() => startBank(issuer, { 'access.panic': 'roles=teller dpop=require' }), async (bank) => {
    const holder = await newHolder();
    const token = await boundToken(issuer, holder.jwk);
    const unboundToken = await issuer.mint({});
    const panic = { method: 'POST', target: '/panic' };
    const claims = { htm: 'POST', htu: `${resource}panic` };
    const ask = (headers, request = panic) => send(bank, { ...request, headers });

    assert.equal((await ask({ Authorization: `Bearer ${unboundToken}` }, {})).status, 200);
    assert.equal((await sendProof(bank, token, proofOf(holder, token, { claims }), panic)).status, 200);
    const refused = await ask({ Authorization: `Bearer ${unboundToken}` });
    assert.equal(refused.status, 401);
    assert.equal(JSON.parse(refused.body).code, 'ERR_DPOP_REQUIRED');
    assert.equal(refused.headers['www-authenticate'], dpop('invalid_token'));
    const inCookie = await ask({ Cookie: `app.at=${unboundToken}` });
    assert.equal(JSON.parse(inCookie.body).code, 'ERR_DPOP_REQUIRED');
    // The route offers no other scheme to those without a token either.
    assert.equal((await ask({})).headers['www-authenticate'], dpop());
    assert.equal((await ask({}, {})).headers['www-authenticate'], [bearer(), dpop()].join(', '));
    // Who has a proof may still lack the role.
    const customer = await boundToken(issuer, holder.jwk, { roles: ['customer'] });
    const forbidden = await sendProof(bank, customer, proofOf(holder, customer, { claims }), panic);
    assert.equal(forbidden.status, 403);
    assert.deepEqual(errorsOf(forbidden), { DPoP: 'insufficient_scope' });
  });
});

test('with several resources a proof is for the origin of the one whose path is asked for', async () => {
  const resources = `${resource},https://police.example.com/panic`;
  await withBank(() => startBank(issuer, { 'server.resource': resources }), async (bank) => {
    const holder = await newHolder();
    const token = await boundToken(issuer, holder.jwk);
    const ask = (htu, request) =>
      sendProof(bank, token, proofOf(holder, token, { claims: { htm: request.method ?? 'GET', htu } }), request);
    const panic = { method: 'POST', target: '/panic' };
    assert.equal((await ask('https://police.example.com/panic', panic)).status, 200);
    assert.equal((await ask(`${resource}make-change`, {})).status, 200);
    for (const [htu, request] of [[`${resource}panic`, panic], ['https://police.example.com/make-change', {}]]) {
      const response = await ask(htu, request);
      assert.equal(response.status, 401);
      assert.equal(JSON.parse(response.body).error, 'unexpected "htu" claim value in the DPoP proof');
    }
  });
});

test('each issuer has a policy of its own', async () => {
  const strict = await startIssuer();
  const plain = await startIssuer();
  const settings = { 'auth.issuers': 'strict,plain' };
  for (const [name, { issuer: url }, policy] of [['strict', strict, 'require'], ['plain', plain, 'off']]) {
    Object.assign(settings, Object.fromEntries(Object.entries({
      url, 'jwks.uri': `${url}/jwks`, profile: 'rfc9068', algorithms: 'ES256', audience: resource, dpop: policy,
    }).map(([key, value]) => [`auth.issuer.${name}.${key}`, value])));
  }
  await withBank(() => startBank(issuer, settings), async (bank) => {
    const holder = await newHolder();
    const statusOf = async (by, isBound, scheme) => {
      const token = isBound ? await boundToken(by, holder.jwk) : await by.mint({});
      const { status, body } = await sendProof(bank, token, proofOf(holder, token), { scheme });
      return JSON.parse(body).code ?? status;
    };
    for (const [by, bound, boundAsBearer, unbound, unboundAsDpop] of [
      [issuer, 200, 'ERR_DPOP_BOUND', 200, 'ERR_DPOP_UNBOUND'],
      [strict, 200, 'ERR_DPOP_BOUND', 'ERR_DPOP_REQUIRED', 'ERR_DPOP_REQUIRED'],
      [plain, 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'ERR_JWT_CLAIM_VALIDATION_FAILED', 200, 'ERR_DPOP_UNBOUND'],
    ]) {
      assert.equal(await statusOf(by, true, 'DPoP'), bound);
      assert.equal(await statusOf(by, true, 'Bearer'), boundAsBearer);
      assert.equal(await statusOf(by, false, 'Bearer'), unbound);
      assert.equal(await statusOf(by, false, 'DPoP'), unboundAsDpop);
    }
    // Not all tokens must be bound, so nobody is told that they must.
    assert.deepEqual(challengesOf(await send(bank, {})).map(({ scheme }) => scheme), ['Bearer', 'DPoP']);
    const document = JSON.parse((await send(bank, { target: '/.well-known/oauth-protected-resource' })).body);
    assert.equal(document.dpop_bound_access_tokens_required, undefined);
    assert.deepEqual(document.dpop_signing_alg_values_supported, algs.split(' '));
  });
  await strict.stop();
  await plain.stop();
});

test('the algorithms are those of the settings, in the challenge and for proofs', async () => {
  await withBank(() => startBank(issuer, { 'auth.dpop.algorithms': 'ES512' }), async (bank) => {
    const holder = await newHolder('ES512');
    const token = await boundToken(issuer, holder.jwk);
    assert.equal((await sendProof(bank, token, proofOf(holder, token))).status, 200);
    const other = await newHolder('ES256');
    const othersToken = await boundToken(issuer, other.jwk);
    const response = await sendProof(bank, othersToken, proofOf(other, othersToken));
    assert.equal(JSON.parse(response.body).code, 'ERR_DPOP_ALG_NOT_ALLOWED');
    assert.equal(challengesOf(response)[1].algs, 'ES512');
  });
});

test('the metadata say what is possible and what is necessary (RFC 9728 section 2)', async () => {
  const expected = {
    off: [undefined, undefined],
    allow: [algs.split(' '), undefined],
    require: [algs.split(' '), true],
  };
  for (const [policy, [algorithms, isRequired]] of Object.entries(expected)) {
    await withBank(() => startBank(issuer, { 'auth.dpop': policy }), async (bank) => {
      const response = await send(bank, { target: '/.well-known/oauth-protected-resource' });
      const document = JSON.parse(response.body);
      assert.equal(document.resource, resource);
      assert.deepEqual(document.dpop_signing_alg_values_supported, algorithms, policy);
      assert.equal(document.dpop_bound_access_tokens_required, isRequired, policy);
    });
  }
});

test('pages of other origins may send proofs and read what comes back', async () => {
  const origin = 'https://page.example';
  await withBank(() => startBank(issuer, { 'cors.origins': origin, ...withNonce }), async (bank) => {
    const preflight = await send(bank, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization,dpop',
      },
    });
    assert.equal(preflight.status, 204);
    const listOf = (response, name) => response.headers[name].toLowerCase().split(/, */);
    for (const name of ['authorization', 'dpop'])
      assert.ok(listOf(preflight, 'access-control-allow-headers').includes(name), name);
    const holder = await newHolder();
    const token = await boundToken(issuer, holder.jwk);
    const refused = await sendProof(bank, token, proofOf(holder, token), { headers: { Origin: origin } });
    assert.equal(refused.status, 401);
    const proof = proofOf(holder, token, { claims: { nonce: refused.headers['dpop-nonce'] } });
    const granted = await sendProof(bank, token, proof, { headers: { Origin: origin } });
    assert.equal(granted.status, 200);
    for (const response of [refused, granted]) {
      assert.equal(response.headers['access-control-allow-origin'], origin);
      for (const name of ['dpop-nonce', 'www-authenticate'])
        assert.ok(listOf(response, 'access-control-expose-headers').includes(name), name);
    }
  });
});

test('minimal errors say nothing about proofs but what a client needs', async () => {
  await withBank(() => startBank(issuer, { 'auth.errors': 'minimal', ...withNonce }), async (bank) => {
    const holder = await newHolder();
    const token = await boundToken(issuer, holder.jwk);
    for (const [claims, error] of [[{}, 'use_dpop_nonce'], [{ htm: 'POST' }, 'invalid_dpop_proof']]) {
      const response = await sendProof(bank, token, proofOf(holder, token, { claims }));
      assert.deepEqual(JSON.parse(response.body), { error: 'invalid token', code: 'ERR_INVALID_TOKEN' });
      assert.deepEqual(errorsOf(response), { Bearer: undefined, DPoP: error });
    }
  });
});
