// Tokens of kickstartd, fetched over HTTP, judged by jose: the version that the quickstart locks, and the current one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as jose4 from 'jose';
import { applicationId, issuer, logIn, startKickstartd } from './kickstartd.mjs';

const oldestNodeOfJose6 = 20;
const libraries = { 'jose 4.15.9': jose4 };
if (Number(process.versions.node.split('.')[0]) >= oldestNodeOfJose6) {
  libraries['jose 6'] = await import('jose6');
} else {
  console.log(`jose 6 is left out: it needs node ${oldestNodeOfJose6}, and this is ${process.version}`);
}

let kickstartd;
before(async () => {
  kickstartd = await startKickstartd();
});
after(async () => {
  assert.equal(await kickstartd.stop(), 0);
});

for (const [name, jose] of Object.entries(libraries)) {
  const verify = (token, options = {}) => {
    const keys = jose.createRemoteJWKSet(new URL(`${kickstartd.url}/.well-known/jwks.json`));
    return jose.jwtVerify(token, keys, { issuer, audience: applicationId, algorithms: ['RS256'], ...options });
  };

  test(`${name} accepts the token of a login`, async () => {
    const earliest = Math.floor(Date.now() / 1000);
    const { token, tokenExpirationInstant, user } = await logIn(kickstartd.url, 'teller@example.com');
    const { payload, protectedHeader } = await verify(token);
    const latest = Math.floor(Date.now() / 1000);

    assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
    assert.equal(protectedHeader.alg, 'RS256');
    assert.equal(protectedHeader.typ, 'JWT');
    assert.deepEqual(Object.keys(payload).sort(), [
      'applicationId', 'aud', 'auth_time', 'authenticationType', 'email', 'email_verified', 'exp', 'iat', 'iss',
      'jti', 'roles', 'sub', 'tid', 'tty',
    ]);
    assert.equal(payload.applicationId, applicationId);
    assert.equal(payload.authenticationType, 'PASSWORD');
    assert.equal(payload.email, 'teller@example.com');
    assert.equal(payload.email_verified, true);
    assert.deepEqual(payload.roles, ['teller']);
    assert.equal(payload.sub, user.id);
    assert.equal(payload.tid, user.tenantId);
    assert.equal(payload.tty, 'at');
    for (const time of ['auth_time', 'exp', 'iat']) assert.ok(Number.isInteger(payload[time]), time);
    assert.ok(earliest <= payload.iat && payload.iat <= latest);
    assert.equal(payload.auth_time, payload.iat);
    assert.equal(payload.exp, payload.iat + 3600);
    assert.equal(Math.floor(tokenExpirationInstant / 1000), payload.exp);
  });

  test(`${name} finds the thumbprint of the key in its kid`, async () => {
    const { keys } = await (await fetch(`${kickstartd.url}/.well-known/jwks.json`)).json();
    const { token } = await logIn(kickstartd.url, 'customer@example.com');
    const { kid } = jose.decodeProtectedHeader(token);
    const { e, kty, n } = keys.find((key) => key.kid === kid);
    const text = new TextEncoder().encode(JSON.stringify({ e, kty, n }));
    const digest = await (await import('node:crypto')).webcrypto.subtle.digest('SHA-1', text);
    assert.equal(kid, Buffer.from(digest).toString('base64url'));
  });

  test(`${name} refuses a token that was changed in any part`, async () => {
    const { token } = await logIn(kickstartd.url, 'customer@example.com');
    const [header, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const promoted = encode({ ...claims, roles: ['teller'] });
    const octets = Buffer.from(signature, 'base64url');
    octets[0] ^= 1;

    const invalid = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
    await verify(token);
    await assert.rejects(verify([header, promoted, signature].join('.')), invalid);
    await assert.rejects(verify([header, payload, octets.toString('base64url')].join('.')), invalid);
    const unsigned = [encode({ alg: 'none', typ: 'JWT' }), payload, ''].join('.');
    await assert.rejects(verify(unsigned), { code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
  });

  test(`${name} refuses it for another audience, issuer or time`, async () => {
    const { token, tokenExpirationInstant } = await logIn(kickstartd.url, 'teller@example.com');
    const claim = { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' };
    await assert.rejects(verify(token, { audience: 'somebody-else' }), claim);
    await assert.rejects(verify(token, { issuer: 'http://localhost:9012' }), claim);
    await assert.rejects(verify(token, { currentDate: new Date(tokenExpirationInstant + 1000) }), {
      code: 'ERR_JWT_EXPIRED',
    });
  });
}
