// The service of a project that is not ours, built with our libraries, on POCO's server and on ours: it keeps a caller
// without a token out and lets one in whose token jose has signed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import * as jose from 'jose';

const folder = process.env.CHANGEBANK_FOREIGN;
const byCMake = process.env.CHANGEBANK_FOREIGN_BUILT_BY !== 'pkg-config';
const services = [['my_service', "POCO's server"], ['http', 'ours']];
const audience = 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e';

let keys;
let keyServer;
let issuer;
before(async () => {
  keys = await jose.generateKeyPair('RS256');
  const jwk = { ...(await jose.exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  keyServer = createServer((request, response) => {
    response.statusCode = request.url === '/.well-known/jwks.json' ? 200 : 404;
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${keyServer.address().port}`;
});
after(() => keyServer.close());

function tokenFor(role) {
  return new jose.SignJWT({ roles: [role] })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('Carla')
    .setExpirationTime('5m')
    .sign(keys.privateKey);
}

/** Starts the service on a free port. Resolves to its base URL and a function that stops it. */
async function start(program) {
  const child = spawn(`${folder}/${program}`, [issuer, '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.once('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /listening on ([^,]+)/.exec(line);
    if (!match) continue;
    const stop = () => {
      child.stdin.end('\n');
      return ended;
    };
    return { url: `http://${match[1]}/`, stop };
  }
  throw new Error(`${program} ended before it listened`);
}

for (const [program, server] of byCMake ? services : services.slice(1)) {
  test(`a service on ${server} is guarded`, async () => {
    const service = await start(program);
    const ask = async (headers = {}) => {
      const response = await fetch(service.url, { headers: { ...headers, Connection: 'close' } });
      return [response.status, response.headers.get('WWW-Authenticate'), await response.text()];
    };
    assert.deepEqual(await ask(), [
      401, 'Bearer realm="changebank"', '{"error":"Missing token cookie and Authorization header"}',
    ]);
    const clerk = await tokenFor('clerk');
    assert.deepEqual(await ask({ Authorization: `Bearer ${clerk}` }), [200, null, 'Hello Carla\n']);
    assert.deepEqual(await ask({ Cookie: `app.at=${clerk}` }), [200, null, 'Hello Carla\n']);
    const [status, challenge] = await ask({ Authorization: `Bearer ${await tokenFor('customer')}` });
    assert.deepEqual([status, challenge], [403, 'Bearer realm="changebank", error="insufficient_scope"']);
    const [, , forged] = (await ask({ Authorization: `Bearer ${clerk.slice(0, -8)}AAAAAAAA` }));
    assert.equal(JSON.parse(forged).code, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    assert.equal(await service.stop(), 0);
  });
}

test('the service is compiled and linked with no options but those that it needs', { skip: !byCMake }, () => {
  const commands = JSON.parse(readFileSync(`${folder}/compile_commands.json`, 'utf8'));
  const own = commands.filter(({ file }) => /guarded_service|exchanged_server/.test(file));
  assert.equal(own.length, 2);
  for (const { command } of own) assert.deepEqual(command.match(/ -[fWOg]\S+/g), null, command);
  assert.doesNotMatch(readFileSync(`${folder}/build.ninja`, 'utf8'), /LINK_FLAGS = .*-Wl/);
});
