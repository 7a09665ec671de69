// FusionAuth's events at the webhook of changebankd: which tokens each revokes, and what is no event of FusionAuth.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encode } from './dpop.mjs';
import {
  answerTo, assertRevoked, control, eventOf, eventually, hashOf, keep, metricsOf, newKey, newSession, now, post,
  postBody, revocationStatus, send, sessionRevoked, signatureField, signatureOf, startBank, startTenant, statusOf,
  temporaryFolder, userDeactivated, webhookPath, withBank,
} from './revocation.mjs';

const applications = Array.from({ length: 40 }, () => randomUUID());
const folder = temporaryFolder();

let tenant;
let bank;
before(async () => {
  tenant = await startTenant();
  bank = await start({
    'revocation.file': join(folder, 'revocations'),
    'audit.file': join(folder, 'audit'),
    'log.level': 'trace',
    'log.format': 'json',
    'log.access': true,
  });
});
after(async () => {
  assert.equal(await bank.stop(), 0);
  await tenant.stop();
});

function start(settings) {
  return startBank(tenant, { 'auth.audience': applications.join(','), ...settings });
}

const noWebhook = { 'revocation.listen': '', 'revocation.webhook.kids': '' };

/** A daemon of its own for a test, with a file of its own. */
function withOwn(settings, run) {
  return withBank(() => start({ 'revocation.file': join(temporaryFolder(), 'revocations'), ...settings }), run);
}

/** A session of a user in the application that all tests share which do not revoke it. */
function sharedSession(claims) {
  return newSession({ application: applications[0], ...claims });
}

// ---- What each event revokes ----

/** Sessions of several users in two applications and two tenants, none of which is anybody else's. */
function newWorld(row) {
  const [one, two] = [applications[2 * row + 2], applications[2 * row + 3]];
  const own = newSession({ application: one });
  const { sub, tid } = own;
  const other = newSession({ application: one, tenant: tid });
  return {
    own,
    otherSession: newSession({ application: one, tenant: tid, sub }),
    withoutSession: { ...own, sid: undefined },
    ofAnAudience: newSession({ tenant: tid, sub, aud: [randomUUID(), one], applicationId: undefined }),
    otherApplication: newSession({ application: two, tenant: tid, sub }),
    otherUser: other,
    otherUserElsewhere: newSession({ application: two, tenant: tid, sub: other.sub }),
    otherTenant: newSession({ application: one }),
  };
}

const ofTheUserThere = ['own', 'otherSession', 'withoutSession', 'ofAnAudience'];
const ofTheUser = [...ofTheUserThere, 'otherApplication'];

function userOf({ sub, tid, applicationId }, active = true) {
  return {
    tenantId: tid,
    user: {
      id: sub, email: `${sub}@example.com`, active, tenantId: tid,
      registrations: [{ applicationId, roles: ['teller'] }],
    },
  };
}

const lifetimes = (...ids) => ({ applicationTimeToLiveInSeconds: Object.fromEntries(ids.map((id) => [id, 3600])) });

const shapes = {
  'one refresh token': {
    event: ({ own }) => sessionRevoked(own),
    revokes: ['own'],
  },
  'one refresh token, as FusionAuth before 1.37 says it': {
    event: ({ own }) => eventOf('jwt.refresh-token.revoke', {
      ...userOf(own), userId: own.sub, applicationId: own.applicationId, ...lifetimes(own.applicationId),
    }),
    revokes: ofTheUserThere,
  },
  'all refresh tokens of a user': {
    event: ({ own, otherApplication }) => eventOf('jwt.refresh-token.revoke', {
      ...userOf(own), userId: own.sub, ...lifetimes(own.applicationId, otherApplication.applicationId),
    }),
    revokes: ofTheUser,
  },
  'all refresh tokens of an application': {
    event: ({ own }) => eventOf('jwt.refresh-token.revoke', {
      tenantId: own.tid, applicationId: own.applicationId, ...lifetimes(own.applicationId),
    }),
    revokes: [...ofTheUserThere, 'otherUser'],
  },
  'a user is deactivated': {
    event: ({ own }) => eventOf('user.deactivate', userOf(own, false)),
    revokes: ofTheUser,
  },
  'a user is deleted': {
    event: ({ own }) => eventOf('user.delete', userOf(own)),
    revokes: ofTheUser,
  },
  'a user has a new password': {
    event: ({ own }) => eventOf('user.password.update', userOf(own)),
    revokes: ofTheUser,
  },
  'a registration is deleted': {
    event: ({ own }) => eventOf('user.registration.delete', {
      ...userOf(own), applicationId: own.applicationId, registration: { applicationId: own.applicationId },
    }),
    revokes: ofTheUserThere,
  },
};

for (const [row, [name, { event, revokes }]] of Object.entries(shapes).entries()) {
  test(`${name}: ${revokes.join(', ')}`, async () => {
    const world = newWorld(row);
    const said = event(world);
    const cutOff = Math.floor(said.event.createInstant / 1000);
    const tokens = [];
    for (const [whose, claims] of Object.entries(world)) {
      for (const [age, iat] of Object.entries({ older: cutOff - 30, ofThatSecond: cutOff, newer: cutOff + 1 })) {
        const isRevoked = revokes.includes(whose) && age !== 'newer';
        for (const isCached of [true, false]) {
          const text = await tenant.mint({ ...claims, iat });
          tokens.push({ name: `${whose}, ${age}, ${isCached ? 'cached' : 'cold'}`, isCached, isRevoked, text });
        }
      }
    }
    for (const { text, isCached, name: which } of tokens)
      if (isCached) assert.equal(await statusOf(bank, text), 200, which);
    await keep(bank, said);
    const passed = [];
    for (const { text, isRevoked, name: which } of tokens) {
      if (isRevoked) await assertRevoked(bank, text, which);
      else if ((await statusOf(bank, text)) === 200) passed.push(which);
    }
    assert.equal(passed.length, tokens.filter(({ isRevoked }) => !isRevoked).length, passed.join('\n'));
  });
}

test('other routes refuse a revoked token, too, and public ones do not look at it', async () => {
  const session = sharedSession();
  const token = await tenant.mint(session);
  await keep(bank, sessionRevoked(session));
  assert.equal(await statusOf(bank, token, { path: '/me' }), 401);
  assert.equal(await statusOf(bank, token, { path: '/panic', method: 'POST' }), 401);
  assert.equal(await statusOf(bank, token, { path: '/readyz' }), 200);
});

test('a token without iat is not accepted while revocations are kept', async () => {
  const response = await answerTo(bank, await tenant.mint({ ...sharedSession(), iat: undefined }));
  assert.equal(response.status, 401);
  assert.equal(JSON.parse(response.body).code, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
});

test('a token that lives longer than revocations are kept is refused', async () => {
  const settings = { 'revocation.tokenLifetime': '1h' };
  await withOwn(settings, async (own) => {
    const tokenFor = (lifetime) => tenant.mint({ ...sharedSession(), iat: now() - 10, exp: now() - 10 + lifetime });
    assert.equal(await statusOf(own, await tokenFor(3600)), 200);
    const response = await answerTo(own, await tokenFor(3601));
    assert.equal(response.status, 401);
    assert.equal(JSON.parse(response.body).code, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  });
  await withBank(() => start({ ...settings, ...noWebhook }), async (without) =>
    assert.equal(await statusOf(without, await tenant.mint({ ...sharedSession(), exp: now() + 1e6 })), 200));
});

// ---- Repeated, reordered, early and late events ----

test('an event that is delivered again changes nothing', async () => {
  const event = userDeactivated(sharedSession());
  await keep(bank, event);
  for (let i = 0; i < 2; ++i) {
    const again = await post(bank, event);
    assert.equal(again.status, 200);
    assert.equal(again.outcome, 'duplicate');
  }
  const other = structuredClone(event);
  other.event.id = randomUUID();
  assert.equal((await post(bank, other)).outcome, 'unchanged');
});

test('an event with the id of one that was not kept is no duplicate', async () => {
  const session = sharedSession();
  const event = userDeactivated(session);
  assert.equal((await post(bank, event, { key: tenant.keys.other })).status, 401);
  await keep(bank, event);
  await assertRevoked(bank, await tenant.mint(session));
});

test('of two events the newer counts, whichever comes first', async () => {
  const tokenOf = (session, age) => tenant.mint({ ...session, iat: now() - age });
  const [first, last] = [sharedSession(), sharedSession()];
  const between = await Promise.all([first, last].map((session) => tokenOf(session, 40)));
  await keep(bank, userDeactivated(first, { at: now() - 50 }));
  assert.equal(await statusOf(bank, between[0]), 200);
  await keep(bank, userDeactivated(first, { at: now() - 30 }));
  await keep(bank, userDeactivated(last, { at: now() - 30 }));
  assert.equal((await post(bank, userDeactivated(last, { at: now() - 50 }))).outcome, 'unchanged');
  for (const token of between) await assertRevoked(bank, token);
  for (const session of [first, last]) assert.equal(await statusOf(bank, await tokenOf(session, 20)), 200);
});

test('an event from the future is refused and revokes nothing', async () => {
  const session = sharedSession();
  const token = await tenant.mint(session);
  for (const at of [now() + 90, now() + 86_400, now() * 1000, 9e12]) {
    const response = await post(bank, userDeactivated(session, { at }));
    assert.equal(response.status, 400, `${at}`);
    assert.equal(typeof response.error, 'string');
  }
  assert.equal(await statusOf(bank, token), 200);
  // FusionAuth's clock may be somewhat ahead.
  await keep(bank, userDeactivated(session, { at: now() + 30 }));
  await assertRevoked(bank, token);
});

test('an event that concerns expired tokens alone changes nothing', async () => {
  const session = sharedSession();
  for (const createInstant of [(now() - 25 * 3600) * 1000, 1000, 0]) {
    const response = await post(bank, userDeactivated(session, { createInstant }));
    assert.equal(response.status, 200, response.body);
    assert.equal(response.outcome, 'unchanged');
  }
  assert.equal(await statusOf(bank, await tenant.mint(session)), 200);
});

// ---- What is no revocation ----

test('other events are answered and ignored', async () => {
  const session = sharedSession();
  const token = await tenant.mint(session);
  const types = [
    'user.create', 'user.update', 'user.reactivate', 'user.login.success', 'user.registration.create', 'jwt.refresh',
    'kickstart.success', 'user.deactivate.', 'USER.DEACTIVATE', 'a.new.type',
  ];
  for (const type of types) {
    const response = await post(bank, eventOf(type, { ...userOf(session), userId: session.sub, token: 'a secret' }));
    assert.equal(response.status, 200, type);
    assert.equal(response.outcome, 'ignored', type);
  }
  assert.equal(await statusOf(bank, token), 200);
});

test('unknown members of an event do not matter', async () => {
  const session = sharedSession();
  const event = sessionRevoked(session);
  Object.assign(event, { extra: [1, { a: null }] });
  const more = { type: 'user.create', userId: 7 };
  Object.assign(event.event, { linkedObjectId: randomUUID(), more, refreshTokens: [] });
  await keep(bank, event);
  await assertRevoked(bank, await tenant.mint(session));
});

test('a user who comes back stays without the old tokens', async () => {
  const session = sharedSession();
  await keep(bank, userDeactivated(session));
  assert.equal((await post(bank, eventOf('user.reactivate', userOf(session)))).outcome, 'ignored');
  await assertRevoked(bank, await tenant.mint(session));
});

test('what is not an event is refused', async (context) => {
  const session = sharedSession();
  const token = await tenant.mint(session);
  const good = userDeactivated(session);
  const changed = (changes) => JSON.stringify({ event: { ...good.event, id: randomUUID(), ...changes } });
  const rows = {
    'no text': '',
    'no JSON': 'event=user.deactivate',
    'half of it': JSON.stringify(good).slice(0, -1),
    'an array': JSON.stringify([good]),
    'a string': '"event"',
    null: 'null',
    'no event': '{}',
    'an event that is text': '{"event":"user.deactivate"}',
    'two texts': JSON.stringify(good) + JSON.stringify(good),
    'deep nesting': `{"event":${'['.repeat(2000)}${']'.repeat(2000)}}`,
    'without a type': changed({ type: undefined }),
    'with a number for a type': changed({ type: 7 }),
    'without an id': changed({ id: undefined }),
    'with an empty id': changed({ id: '' }),
    'without createInstant': changed({ createInstant: undefined }),
    'with text for createInstant': changed({ createInstant: `${good.event.createInstant}` }),
    'without a user': changed({ user: undefined }),
    'with a user that is text': changed({ user: session.sub }),
    'with a user without an id': changed({ user: { email: 'a@example.com' } }),
    'with a number for a user id': changed({ user: { id: 7 } }),
    'with an empty user id': changed({ user: { id: '' } }),
    'with too long a user id': changed({ user: { id: 'x'.repeat(257) } }),
    'a revoked refresh token of nobody': changed({ type: 'jwt.refresh-token.revoke', user: undefined }),
    'a deleted registration without an application': changed({ type: 'user.registration.delete' }),
  };
  for (const [name, body] of Object.entries(rows)) {
    await context.test(name, async () => {
      const response = await postBody(bank, body);
      assert.equal(response.status, 400, response.body);
      assert.equal(typeof response.error, 'string');
      assert.doesNotMatch(response.body, new RegExp(session.sub));
    });
  }
  assert.equal(await statusOf(bank, token), 200);
});

test('keys that FusionAuth has changed are fetched again', async () => {
  await withOwn({}, async (own) => {
    const { asked } = tenant;
    await keep(own, eventOf('jwt.public-key.update', { applicationIds: [applications[0]] }));
    await eventually('the keys are fetched again', () => tenant.asked > asked);
  });
});

// ---- Signatures ----

test('only FusionAuth says what is revoked', async (context) => {
  const session = sharedSession();
  const token = await tenant.mint(session);
  const { events, other, tokens } = tenant.keys;
  const stranger = newKey('events');
  // A body whose hash looks different in base64url.
  let body;
  do body = JSON.stringify(userDeactivated(session)); while (!/[+/]/.test(hashOf(body)));
  const hash = hashOf(body);
  const foreign = JSON.stringify(userDeactivated(sharedSession()));
  const good = await signatureOf(events, body);
  const [head, payload, signature] = good.split('.');
  const hmac = (key) => {
    const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'events' })}.${payload}`;
    return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  };
  const withHash = (request_body_sha256) => signatureOf(events, body, { claims: { request_body_sha256 } });
  const none = (alg) => `${encode({ alg, typ: 'JWT', kid: 'events' })}.${payload}.`;
  const rows = {
    'no signature': null,
    'an empty one': '',
    'alg none': none('none'),
    'alg NONE': none('NONE'),
    'alg none with the signature': `${none('none')}${signature}`,
    'no signature in the JWT': `${head}.${payload}.`,
    'a signature of zeros': `${head}.${payload}.${encode(Buffer.alloc(64))}`,
    'a changed signature': `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'HS256 with the public key in PEM': hmac(events.pem),
    'HS256 with the public key as a JWK': hmac(JSON.stringify(events.jwk)),
    'HS256 with the point of the public key': hmac(Buffer.from(events.jwk.x, 'base64url')),
    'HS256 with nothing': hmac(''),
    "the tenant's key for tokens": await signatureOf(tokens, body),
    "another key of the tenant's set": await signatureOf(other, body),
    "another key of the tenant's set under the name of the pinned one":
      await signatureOf(other, body, { header: { kid: 'events' } }),
    'a key of nobody under the name of the pinned one': await signatureOf(stranger, body),
    'a key in the header': await signatureOf(stranger, body, { header: { jwk: stranger.jwk } }),
    'a key behind a URL': await signatureOf(stranger, body, { header: { jku: `${tenant.issuer}/jwks` } }),
    'no kid': await signatureOf(other, body, { header: { kid: undefined } }),
    "another body's": await signatureOf(events, foreign),
    'the hash in base64url': await withHash(Buffer.from(hash, 'base64').toString('base64url')),
    'the hash without padding': await withHash(hash.replace(/=+$/, '')),
    'the hash in hexadecimal digits': await withHash(Buffer.from(hash, 'base64').toString('hex')),
    'the hash with a blank': await withHash(`${hash} `),
    'an empty hash': await withHash(''),
    'a number for a hash': await withHash(0),
    'an array with the hash': await withHash([hash]),
    'no hash': await signatureOf(events, body, { claims: {} }),
    'a critical extension': `${encode({ alg: 'ES256', kid: 'events', crit: ['x'], x: 1 })}.${payload}.${signature}`,
    'an access token': token,
    'an access token with the hash': await tenant.mint({ ...session, request_body_sha256: hash }),
    'a scheme before it': `Bearer ${good}`,
    'two in one field': `${good}, ${good}`,
    'two fields': [good, good],
    'two fields, the good one last': [none('none'), good],
    'no JWT': 'signature',
    'four parts': `${good}.${signature}`,
  };
  for (const [name, text] of Object.entries(rows)) {
    await context.test(name, async () => {
      const response = await postBody(bank, body, { signature: text });
      // Two fields may be refused as a malformed request as well.
      const statuses = Array.isArray(text) ? [400, 401] : [401];
      assert.ok(statuses.includes(response.status), `${response.status} ${response.body}`);
      assert.equal(response.outcome, undefined);
      assert.equal(await statusOf(bank, token), 200);
    });
  }
  await context.test('one more byte in the body', async () => {
    assert.equal((await postBody(bank, `${body} `, { signature: good })).status, 401);
    assert.equal((await postBody(bank, body.slice(0, -1), { signature: good })).status, 401);
  });
  await context.test('the signature in another field', async () => {
    for (const field of ['authorization', 'x-fusionauth-signature', 'x_fusionauth_signature_jwt'])
      assert.equal((await postBody(bank, body, { signature: null, headers: { [field]: good } })).status, 401);
  });
  await context.test('the good one passes after all of them', async () => {
    const response = await postBody(bank, body, { signature: good });
    assert.equal(response.outcome, 'kept', response.body);
    await assertRevoked(bank, token);
  });
});

test("the signature of an event is no access token, and the webhook's key signs none", async () => {
  const body = JSON.stringify(userDeactivated(sharedSession()));
  assert.equal(await statusOf(bank, await signatureOf(tenant.keys.events, body)), 401);
});

for (const alg of ['ES256', 'RS256', 'EdDSA']) {
  test(`a key of its own signs events: ${alg}, as a JWK set, a JWK and in PEM`, async () => {
    const key = newKey('own', alg);
    const forms = {
      set: JSON.stringify({ keys: [newKey('older', alg).jwk, key.jwk] }),
      jwk: JSON.stringify(key.jwk),
      pem: key.pem,
    };
    for (const [form, text] of Object.entries(forms)) {
      const keyFile = join(temporaryFolder(), 'key');
      writeFileSync(keyFile, text);
      await withOwn({ 'revocation.webhook.keyFile': keyFile, 'revocation.webhook.kids': '' }, async (own) => {
        const session = sharedSession();
        const event = userDeactivated(session);
        for (const wrong of [tenant.keys.events, newKey('own', alg)])
          assert.equal((await post(own, event, { key: wrong })).status, 401, form);
        const body = JSON.stringify(event);
        const forged = `${encode({ alg: 'HS256', kid: 'own' })}.${encode({ request_body_sha256: hashOf(body) })}`;
        for (const secret of [text, key.pem, key.pem.trimEnd()]) {
          const mac = createHmac('sha256', secret).update(forged).digest('base64url');
          assert.equal((await postBody(own, body, { signature: `${forged}.${mac}` })).status, 401, form);
        }
        const response = await post(own, event, { key });
        assert.equal(response.outcome, 'kept', `${form}: ${response.body}`);
        await assertRevoked(own, await tenant.mint(session));
      });
    }
  });
}

test("while the tenant's keys cannot be fetched, FusionAuth is told to come again", async () => {
  const gone = await startTenant();
  await gone.stop();
  const file = join(temporaryFolder(), 'revocations');
  await withBank(() => startBank(gone, { 'revocation.file': file }), async (own) => {
    const response = await post(own, userDeactivated(sharedSession()));
    assert.equal(response.status, 503, response.body);
    assert.ok(Number(response.headers['retry-after']) > 0);
  });
});

// ---- The listener ----

test('the webhook has a limit for bodies', async () => {
  await withOwn({ 'revocation.webhook.maxBodyBytes': '4KiB' }, async (own) => {
    const session = sharedSession();
    const padded = (size) => {
      const event = userDeactivated(session);
      const missing = size - JSON.stringify({ ...event, padding: '' }).length;
      return JSON.stringify({ ...event, padding: 'x'.repeat(missing) });
    };
    assert.equal((await postBody(own, padded(4097))).status, 413);
    const chunked = await postBody(own, padded(4097),
      { headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } }).catch((error) => error);
    assert.equal(chunked.status, 413, `${chunked}`);
    assert.equal(await statusOf(own, await tenant.mint(session)), 200);
    assert.equal((await postBody(own, padded(4096))).outcome, 'kept');
  });
  // 1 MiB by default; FusionAuth's users can have much data.
  const event = userDeactivated(sharedSession());
  event.event.user.data = { text: 'x'.repeat(900_000) };
  await keep(bank, event);
});

test('a body that does not come ends its connection', async () => {
  const body = JSON.stringify(userDeactivated(sharedSession()));
  const head = [
    `POST ${webhookPath} HTTP/1.1`, 'Host: bank', 'Content-Type: application/json', `Content-Length: ${body.length}`,
    `${signatureField}: ${await signatureOf(tenant.keys.events, body)}`, '', '',
  ].join('\r\n');
  const socket = connect(bank.webhook.port, '127.0.0.1', () => socket.write(head + body.slice(0, 20)));
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve, reject) => {
    socket.on('error', resolve);
    socket.on('close', resolve);
    socket.setTimeout(60_000, () => reject(new Error('it is open for ever')));
  });
  assert.doesNotMatch(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 2/);
});

test('events are taken at one path by one method, apart from the API', async () => {
  const body = JSON.stringify(userDeactivated(sharedSession()));
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const response = await postBody(bank, method === 'GET' ? '' : body, { method });
    assert.equal(response.status, 405, method);
    assert.match(response.headers.allow, /\bPOST\b/);
  }
  const paths = [
    '/', '/webhooks', '/webhooks/', '/webhooks/fusionauth/x', '/fusionauth', '/make-change', '/status',
    '/metrics', '/revocations', '/livez', '/.well-known/oauth-protected-resource',
  ];
  for (const path of paths) assert.equal((await postBody(bank, body, { path })).status, 404, path);
  const token = await tenant.mint(sharedSession());
  assert.equal(await statusOf(bank, token, { method: 'POST', path: webhookPath }), 404);
});

test('events are taken at a Unix socket, too', async () => {
  const socketPath = join(temporaryFolder(), 'hook.sock');
  await withOwn({ 'revocation.listen': socketPath }, async (own) => {
    assert.deepEqual(own.webhook, { socketPath });
    const session = sharedSession();
    await keep(own, userDeactivated(session));
    await assertRevoked(own, await tenant.mint(session));
  });
});

test('a webhook needs somewhere to keep events, and a key', async () => {
  const rows = [
    { 'revocation.file': '' },
    { 'revocation.file': join(folder, 'other'), 'revocation.webhook.kids': '' },
    { 'revocation.file': join(folder, 'other'), 'revocation.webhook.keyFile': join(folder, 'no such file') },
    { 'revocation.file': 'relative' },
  ];
  for (const settings of rows)
    await assert.rejects(start(settings), { status: 78, message: /revocation\./ }, JSON.stringify(settings));
});

// ---- By hand ----

test('operators revoke by hand', async () => {
  const list = async (...words) => JSON.parse(await control(bank, '--json', 'revocations', ...words));
  const [application] = applications.slice(-1);
  const session = newSession({ application });
  const { sub: user, sid, tid } = session;
  const tokenOf = (claims) => tenant.mint({ ...claims, iat: now() });
  const rows = [
    {
      words: ['session', sid], filter: `--session=${sid}`, shown: { session: sid },
      other: { ...session, sid: randomUUID() },
    },
    {
      words: ['user', user, `--application=${application}`], filter: `--user=${user}`, shown: { user, application },
      other: { ...session, sid: randomUUID(), applicationId: applications[0], aud: applications[0] },
    },
    {
      words: ['user', user], filter: `--user=${user}`, shown: { user },
      other: newSession({ application, tenant: tid }),
    },
    {
      words: ['application', application, `--tenant=${tid}`], filter: `--tenant=${tid}`,
      shown: { application, tenant: tid }, other: newSession({ application }),
    },
    {
      words: ['application', application], filter: `--application=${application}`, shown: { application },
      other: newSession({ application: applications[0] }),
    },
  ];
  for (const { words, filter, shown, other } of rows) {
    const what = words.join(' ');
    const survivor = await tokenOf(other);
    const before = now();
    await control(bank, 'revoke', ...words, '--reason=seen on a forum');
    const { revocations } = await list(filter);
    const [found] = revocations.filter((each) =>
      ['session', 'user', 'application', 'tenant'].every((name) => each[name] === shown[name]));
    assert.ok(found, `${what}: ${JSON.stringify(revocations)}`);
    assert.match(found.reason, /seen on a forum/);
    const until = Date.parse(found.issuedUpTo) / 1000;
    assert.ok(until >= before && until <= now(), found.issuedUpTo);
    assert.equal(await statusOf(bank, survivor), 200, what);
    await assertRevoked(bank, await tenant.mint({ ...session, iat: before }), what);
    assert.match(await control(bank, 'revocations', filter), new RegExp(words[1]));
  }
  // Whoever logs in afterwards passes, as soon as the second is over.
  const elsewhere = { ...session, applicationId: applications[0], aud: applications[0], sid: randomUUID() };
  assert.equal(await statusOf(bank, await tenant.mint({ ...elsewhere, iat: now() + 5 })), 200);

  const all = await list('--limit=2');
  assert.equal(all.revocations.length, 2);
  assert.ok(all.total > 2);
  const instants = (await list()).revocations.map(({ issuedUpTo }) => Date.parse(issuedUpTo));
  assert.deepEqual(instants, [...instants].sort((a, b) => b - a));
  assert.deepEqual((await list(`--user=${randomUUID()}`)).revocations, []);
  assert.doesNotMatch(await control(bank, 'revocations', `--user=${randomUUID()}`), new RegExp(user));
});

test('what makes no sense is not revoked', async () => {
  const { entries } = await revocationStatus(bank);
  const rows = [
    ['revoke'], ['revoke', 'user'], ['revoke', 'user', ''], ['revoke', 'everybody', 'x'], ['revoke', 'user', 'a', 'b'],
    ['revoke', 'session', 'x', '--application=y'], ['revoke', 'user', 'x'.repeat(257)], ['revocations', '--limit=x'],
  ];
  for (const words of rows)
    await assert.rejects(control(bank, ...words), ({ code, stderr }) => code === 64 && stderr !== '', words.join(' '));
  assert.equal((await revocationStatus(bank)).entries, entries);
});

test('without revocations there is nothing to revoke', async () => {
  await withBank(() => start(noWebhook), async (own) => {
    await assert.rejects(control(own, 'revoke', 'user', randomUUID()), ({ stderr }) => /revocation\./.test(stderr));
    assert.equal(await revocationStatus(own), undefined);
  });
});

// ---- What operators see ----

test('every revocation has its audit line', async () => {
  const session = sharedSession();
  const event = userDeactivated(session);
  const lines = () =>
    readFileSync(join(folder, 'audit'), 'utf8').trimEnd().split('\n').filter((line) => line.includes(session.sub));
  await keep(bank, event);
  // Before the answer.
  const [line, ...more] = lines();
  assert.deepEqual(more, []);
  assert.equal(JSON.parse(line).event, 'revoked');
  assert.ok(line.includes('user.deactivate') && line.includes(event.event.id), line);
  await post(bank, event);
  assert.equal(lines().length, 1);
  await control(bank, 'revoke', 'user', session.sub, '--reason=by hand');
  assert.equal(lines().length, 2);
  assert.equal(JSON.parse(lines()[1]).event, 'revoked');
  assert.match(lines()[1], /by hand/);
});

test('events and revocations are counted', async () => {
  const names = [
    'kept', 'unchanged', 'duplicate', 'ignored', 'unsigned', 'malformed', 'future', 'full', 'not_written',
  ];
  await withOwn({ 'revocation.entries': 1000 }, async (own) => {
    const outcomes = async () => {
      const metrics = await metricsOf(own);
      return Object.fromEntries(names.map((name) => [name, metrics[`revocation_events_total{outcome="${name}"}`]]));
    };
    const none = Object.fromEntries(names.map((name) => [name, 0]));
    assert.deepEqual(await outcomes(), none);
    const session = sharedSession();
    const event = userDeactivated(session);
    await post(own, event);
    await post(own, event);
    await post(own, userDeactivated(session, { at: now() - 50 }));
    for (let i = 0; i < 2; ++i) await post(own, eventOf('user.create', userOf(session)));
    for (let i = 0; i < 3; ++i) await post(own, event, { signature: null });
    for (let i = 0; i < 4; ++i) await postBody(own, '{}');
    for (let i = 0; i < 5; ++i) await post(own, userDeactivated(session, { at: now() + 900 }));
    assert.deepEqual(await outcomes(),
      { ...none, kept: 1, duplicate: 1, unchanged: 1, ignored: 2, unsigned: 3, malformed: 4, future: 5 });
    const metrics = await metricsOf(own);
    assert.equal(metrics.revocations, 1);
    assert.equal(metrics.revocations_max, 1000);
    const { entries, capacity, file, available } = await revocationStatus(own);
    assert.deepEqual({ entries, capacity, available }, { entries: 1, capacity: 1000, available: true });
    assert.match(file, /revocations$/);
    assert.match(await control(own, 'status'), /revocation/);
    await assertRevoked(own, await tenant.mint(session));
    const { body } = await send({ socketPath: own.adminSocket, path: '/metrics' });
    assert.match(body, /\{\S*"ERR_JWT_REVOKED"\} 1\n/);
  });
});

test('nothing that events say of people is written down', async () => {
  const session = sharedSession();
  const event = sessionRevoked(session);
  const secrets = {
    email: `${randomUUID()}@example.com`, phone: `+49${now()}`, token: randomUUID(), agent: `agent ${randomUUID()}`,
    own: randomUUID(),
  };
  Object.assign(event.event.user, { email: secrets.email, mobilePhone: secrets.phone, data: { x: secrets.own } });
  Object.assign(event.event.info, { userAgent: secrets.agent });
  event.event.refreshToken.token = secrets.token;
  const body = JSON.stringify(event);
  const signature = await signatureOf(tenant.keys.events, body);
  const malformed = [
    body.slice(0, -1), body.replace('"createInstant"', '"created"'), JSON.stringify({ event: [event] }),
  ];
  const statuses = [];
  for (const each of [...malformed, body]) {
    statuses.push((await postBody(bank, each)).status, (await postBody(bank, each, { signature })).status);
    statuses.push((await postBody(bank, each, { key: tenant.keys.other })).status);
  }
  assert.deepEqual([...new Set(statuses)].sort(), [200, 400, 401]);
  const files = ['audit', 'revocations'].map((name) => readFileSync(join(folder, name), 'utf8'));
  const written = [bank.log.join('\n'), ...files];
  assert.ok(bank.log.length > 100, 'the log has lines');
  assert.ok(written.some((text) => text.includes(session.sid)), 'the revocation is written down');
  for (const secret of [...Object.values(secrets), signature, signature.split('.')[2], hashOf(body)])
    for (const text of written) assert.ok(!text.includes(secret), secret);
});
