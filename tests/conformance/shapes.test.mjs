// Tokens in the shapes that the documents of other issuers show, signed by a test's keys, before changebankd with one
// issuer for each.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { ask, challengeOf, startChangebankd } from './changebankd.mjs';

const bank = 'https://bank.example/';
const now = () => Math.floor(Date.now() / 1000);
/** exp, iat and what else counts from now, in seconds. */
const times = (ages) => Object.fromEntries(Object.entries(ages).map(([name, age]) => [name, now() + age]));

const entraTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';
const entraApplication = '6731de76-14a6-49ae-97bc-6eba6914391e';
const cognitoClient = '1example23456789';

/**
 * Each issuer: its settings, without their prefix, and its token of a teller who may make change: header and payload.
 * `customer` changes the payload into one that may not panic, `stranger` into one that is refused or may do nothing, with
 * the status of that.
 */
const issuers = {
  // Server Administration Guide; the roles of a realm, and of a client.
  keycloak: {
    settings: { url: 'https://sso.example/realms/bank', audience: 'bank-api', 'claims.roles': 'realm_access.roles' },
    header: { alg: 'RS256', typ: 'JWT' },
    payload: () => ({
      ...times({ exp: 300, iat: 0, auth_time: -20 }),
      jti: randomUUID(),
      iss: 'https://sso.example/realms/bank',
      aud: ['bank-api', 'account'],
      sub: 'f7b1a5de-3c1f-4a5e-8a0e-111111111111',
      typ: 'Bearer',
      azp: 'bank-page',
      sid: 'c2a5e9d0-4b0d-4a68-9a43-222222222222',
      acr: '1',
      'allowed-origins': ['https://page.example'],
      realm_access: { roles: ['offline_access', 'uma_authorization', 'teller'] },
      resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
      scope: 'openid profile email',
      email_verified: true,
      preferred_username: 'tammy',
    }),
    customer: { realm_access: { roles: ['customer'] } },
    stranger: [{ aud: 'account' }, 401],
  },
  // Access token claims reference, version 2.0.
  entra: {
    settings: {
      url: `https://login.microsoftonline.com/${entraTenant}/v2.0`,
      audience: entraApplication,
      'claims.scopes': 'scp',
    },
    header: { typ: 'JWT', alg: 'RS256' },
    payload: () => ({
      ...times({ iat: 0, nbf: 0, exp: 4000 }),
      aud: entraApplication,
      iss: `https://login.microsoftonline.com/${entraTenant}/v2.0`,
      aio: 'AXQAi/8IAAAAFm+E/QTG+gFnVxLjWdw8K+61AGrSOuMMF6ebaMj7XO3Ib',
      azp: '6e74172b-be56-4843-9ff4-e66a39bb12e3',
      azpacr: '0',
      name: 'Tammy Teller',
      oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
      preferred_username: 'tammy@bank.example',
      rh: 'I',
      roles: ['teller'],
      scp: 'change.make profile',
      sub: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
      tid: entraTenant,
      uti: 'fqiBqXLPj0eQa82S-IYFAA',
      ver: '2.0',
    }),
    customer: { roles: ['customer'] },
    stranger: [{ iss: 'https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0' }, 401],
  },
  // Developer Guide, "Understanding user pool access tokens": no audience, no typ.
  cognito: {
    settings: {
      url: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE',
      audience: cognitoClient,
      'claims.audience': 'client_id',
      'claims.roles': 'cognito:groups',
    },
    header: { alg: 'RS256' },
    payload: () => ({
      ...times({ auth_time: -20, exp: 3600, iat: 0 }),
      sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      'cognito:groups': ['teller'],
      iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE',
      version: 2,
      client_id: cognitoClient,
      origin_jti: randomUUID(),
      event_id: randomUUID(),
      token_use: 'access',
      scope: 'phone openid profile bank/change.make',
      jti: randomUUID(),
      username: 'tammy',
    }),
    customer: { 'cognito:groups': ['customer'] },
    // An id token has its client in aud.
    stranger: [{ client_id: undefined, aud: cognitoClient, token_use: 'id', scope: undefined }, 401],
  },
  // "OpenID Connect reference" of GitHub Actions; a subject stands for roles.
  github: {
    settings: {
      url: 'https://token.actions.githubusercontent.com',
      audience: bank,
      'claims.roles': 'sub',
      'claims.roleMap': 'repo:octo-org/octo-repo:environment:prod=teller, repo:octo-org/octo-repo:ref:refs/heads/main=customer',
    },
    header: { typ: 'JWT', alg: 'RS256', x5t: 'example-thumbprint' },
    payload: () => ({
      ...times({ nbf: -600, exp: 300, iat: 0 }),
      jti: randomUUID(),
      sub: 'repo:octo-org/octo-repo:environment:prod',
      environment: 'prod',
      aud: bank,
      ref: 'refs/heads/main',
      sha: 'example-sha',
      repository: 'octo-org/octo-repo',
      repository_owner: 'octo-org',
      actor_id: '12',
      repository_visibility: 'private',
      repository_id: '74',
      repository_owner_id: '65',
      run_id: 'example-run-id',
      run_number: '10',
      run_attempt: '2',
      runner_environment: 'github-hosted',
      actor: 'octocat',
      workflow: 'example-workflow',
      head_ref: '',
      base_ref: '',
      event_name: 'workflow_dispatch',
      ref_type: 'branch',
      job_workflow_ref: 'octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main',
      iss: 'https://token.actions.githubusercontent.com',
    }),
    customer: { sub: 'repo:octo-org/octo-repo:ref:refs/heads/main', environment: undefined },
    stranger: [{ sub: 'repo:octo-org/octo-repo:environment:prod2' }, 403],
  },
  // "Service account token volume projection": no typ; the keys want a bearer token.
  kubernetes: {
    settings: {
      url: 'https://kubernetes.default.svc.cluster.local',
      audience: bank,
      'claims.roles': 'sub',
      'claims.roleMap': 'system:serviceaccount:bank:counter=teller, system:serviceaccount:bank:page=customer',
    },
    header: { alg: 'RS256' },
    payload: () => ({
      ...times({ exp: 3600, iat: 0, nbf: 0 }),
      aud: [bank],
      iss: 'https://kubernetes.default.svc.cluster.local',
      jti: randomUUID(),
      'kubernetes.io': {
        namespace: 'bank',
        node: { name: 'node-1', uid: '646e7c5e-32d6-4d42-9dbd-e504e6cbe6b1' },
        pod: { name: 'counter-0', uid: '5e0bd49b-f040-43b0-99b7-22765a53f7f3' },
        serviceaccount: { name: 'counter', uid: '14ee3fa4-a7e2-420f-9f9a-dbc4507c3798' },
        warnafter: now() + 3607,
      },
      sub: 'system:serviceaccount:bank:counter',
    }),
    customer: { sub: 'system:serviceaccount:bank:page' },
    stranger: [{ sub: 'system:serviceaccount:other:counter' }, 403],
  },
};
const keysToken = 'the-token-for-the-keys';

let folder;
let keyServer;
let changebankd;
before(async () => {
  for (const [name, issuer] of Object.entries(issuers)) {
    const { publicKey, privateKey } = await jose.generateKeyPair('RS256');
    issuer.kid = `${name}-1`;
    issuer.key = privateKey;
    issuer.jwk = { ...(await jose.exportJWK(publicKey)), kid: issuer.kid, alg: 'RS256', use: 'sig' };
  }
  keyServer = createServer((request, response) => {
    const name = request.url.slice(1);
    const isOpen = name !== 'kubernetes' || request.headers.authorization === `Bearer ${keysToken}`;
    response.statusCode = !issuers[name] ? 404 : isOpen ? 200 : 401;
    response.end(response.statusCode === 200 ? JSON.stringify({ keys: [issuers[name].jwk] }) : '');
  });
  await new Promise((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'changebank-'));
  // As kubelet writes it, without a line break.
  writeFileSync(join(folder, 'token'), keysToken, { mode: 0o600 });
  issuers.kubernetes.settings['jwks.tokenFile'] = join(folder, 'token');
  changebankd = await startChangebankd({ ...settingsOf(Object.keys(issuers)) });
});
after(async () => {
  assert.equal(await changebankd.stop(), 0);
  keyServer.close();
  rmSync(folder, { recursive: true });
});

/** Settings with these issuers; the first one, which a daemon always has, issues no token here. */
function settingsOf(names) {
  const keys = `http://127.0.0.1:${keyServer.address().port}`;
  const settings = {
    'auth.issuer': 'https://nobody.example',
    'auth.jwks.uri': `${keys}/keycloak`,
    'auth.issuers': names.join(', '),
  };
  for (const name of names) {
    const own = { profile: 'generic', algorithms: 'RS256', 'jwks.uri': `${keys}/${name}`, ...issuers[name].settings };
    for (const [key, value] of Object.entries(own)) settings[`auth.issuer.${name}.${key}`] = value;
  }
  return settings;
}

function tokenOf(name, changes = {}, signer = name) {
  const { header, payload } = issuers[name];
  return new jose.SignJWT({ ...payload(), ...changes })
    .setProtectedHeader({ ...header, kid: issuers[signer].kid })
    .sign(issuers[signer].key);
}

const panic = { path: '/panic', method: 'POST' };

for (const [name, { customer, stranger }] of Object.entries(issuers)) {
  test(`${name}: a teller's token`, async () => {
    const token = await tokenOf(name);
    assert.equal((await ask(changebankd.url, token)).status, 200);
    assert.equal((await ask(changebankd.url, token, panic)).status, 200);
  });

  test(`${name}: a customer's token`, async () => {
    const token = await tokenOf(name, customer);
    assert.equal((await ask(changebankd.url, token)).status, 200);
    assert.equal((await ask(changebankd.url, token, panic)).status, 403);
  });

  test(`${name}: a stranger's token`, async () => {
    const [changes, status] = stranger;
    assert.equal((await ask(changebankd.url, await tokenOf(name, changes))).status, status);
  });

  test(`${name}: an expired token, and one that another issuer has signed`, async () => {
    assert.equal((await ask(changebankd.url, await tokenOf(name, { exp: now() - 1 }))).status, 401);
    for (const signer of Object.keys(issuers).filter((other) => other !== name)) {
      assert.equal((await ask(changebankd.url, await tokenOf(name, {}, signer))).status, 401, signer);
    }
  });
}

test('a route may want a recent login (RFC 9470)', async () => {
  const daemon = await startChangebankd({ ...settingsOf(['keycloak']), 'access.panic': 'roles=teller maxAge=15m' });
  try {
    const recent = await tokenOf('keycloak', { auth_time: now() - 800 });
    assert.equal((await ask(daemon.url, recent, panic)).status, 200);
    for (const auth_time of [now() - 1000, undefined]) {
      const token = await tokenOf('keycloak', { auth_time });
      assert.equal((await ask(daemon.url, token)).status, 200);
      const response = await ask(daemon.url, token, panic);
      assert.equal(response.status, 401);
      const challenge = challengeOf(response);
      assert.equal(challenge.error, 'insufficient_user_authentication');
      assert.equal(challenge.max_age, '900');
    }
  } finally {
    assert.equal(await daemon.stop(), 0);
  }
});

test('a route may want a class of authentication (RFC 9470)', async () => {
  const daemon = await startChangebankd({ ...settingsOf(['keycloak']), 'access.panic': 'roles=teller acr=gold' });
  try {
    assert.equal((await ask(daemon.url, await tokenOf('keycloak', { acr: 'gold' }), panic)).status, 200);
    for (const acr of ['1', undefined]) {
      const response = await ask(daemon.url, await tokenOf('keycloak', { acr }), panic);
      assert.equal(response.status, 401);
      assert.equal(challengeOf(response).error, 'insufficient_user_authentication');
      assert.equal(challengeOf(response).acr_values, 'gold');
    }
  } finally {
    assert.equal(await daemon.stop(), 0);
  }
});

test('scopes are read from the claim that the issuer writes', async () => {
  const daemon = await startChangebankd({
    ...settingsOf(['entra', 'cognito']),
    'access.makeChange': 'scopes=change.make',
    'access.panic': 'scopes=bank/change.make',
  });
  try {
    assert.equal((await ask(daemon.url, await tokenOf('entra'))).status, 200);
    assert.equal((await ask(daemon.url, await tokenOf('entra', { scp: 'profile' }))).status, 403);
    assert.equal((await ask(daemon.url, await tokenOf('entra', { scp: undefined, scope: 'change.make' }))).status, 403);
    assert.equal((await ask(daemon.url, await tokenOf('cognito'), panic)).status, 200);
    assert.equal((await ask(daemon.url, await tokenOf('entra'), panic)).status, 403);
  } finally {
    assert.equal(await daemon.stop(), 0);
  }
});
