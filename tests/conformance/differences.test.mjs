// Sends the same requests to the original's application and to changebankd. Every difference must be named by a row of
// docs/differences.md, whose cells have the statuses of both; every row must be shown by a request here or by another
// test.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { exchange, textOf } from './exchange.mjs';
import { startOriginal } from './original.mjs';
import { Minter, audience, requests, requestsOfOneKey } from './requests.mjs';

const { CHANGEBANK_BIN: programs, CHANGEBANK_SOURCE: source } = process.env;

/** Rows about circumstances: keys that are odd or come and go, limits of other settings. Unit tests show them. */
const shownElsewhere = new Set([
  'a token of more than 128 KiB',
  'signed by an RSA key with e = 1, a prime modulus or the ROCA fingerprint',
  'signed by a key whose `use`, `alg` or `kid` is not a string, or whose `key_ops` is not an array',
  '`alg` `Ed25519` (RFC 9864) on a key without `alg` or with the same `alg`, if the algorithm is allowed',
  '`alg` `Ed25519` on a key whose `alg` is `EdDSA`, or the other way round',
  'has private members',
  'RSA with the member `oth`',
  'RSA below 2048 bits, RSA without `n`, a point that is not on its curve',
  'RSA above 8192 bits',
  'the key set is unavailable',
  'the key set becomes unavailable',
  'a new key within 30 s of the last fetch',
  'a key id with new key material',
  'a withdrawn key',
  'a panic that cannot be written to the audit log',
  'a page of another origin',
]);

/** Headers that differ everywhere, by the rows that say so. */
const headerRows = {
  'x-powered-by': 'header `X-Powered-By`',
  etag: 'header `ETag`',
  'www-authenticate': 'any 401 and 403',
  'cache-control': 'any response of a protected route',
  'x-request-id': 'header `X-Request-Id`',
};

/** The rows of the document's tables: what each cell says, by the first one. */
function documentedRows() {
  const lines = readFileSync(`${source}/docs/differences.md`, 'utf8').split('\n');
  const cells = lines.filter((line) => /^\| /.test(line)).map((line) => line.slice(2, -2).split(' | '));
  return new Map(cells.map(([first, original, changeBank]) => [first, { original, changeBank }]));
}

async function startChangeBank(issuer) {
  const child = spawn(`${programs}/changebankd`, [
    '--define=server.port=0', '--define=admin.socket=', '--define=log.access=false',
    `--define=auth.issuer=${issuer}`, `--define=auth.audience=${audience}`,
  ], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Without the variables of the test, which changebankd would take for misspelt settings.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CHANGEBANK_'))),
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.once('exit', () => child.kill('SIGKILL'));
  const port = await new Promise((resolve, reject) => {
    ended.then(() => reject(new Error('changebankd ended before it listened')));
    createInterface({ input: child.stderr }).on('line', (line) => {
      const match = /listening on \S+:(\d+)/.exec(line);
      if (match) resolve(Number(match[1]));
    });
  });
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { port, stop };
}

/** The two servers with the public ones of some keys. */
class Comparison {
  async open(keys) {
    const set = Object.entries(keys).map(([kid, { pair, jwk }]) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, ...jwk }));
    this.keyServer = createServer((request, response) => response.end(JSON.stringify({ keys: set })));
    await new Promise((resolve) => this.keyServer.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${this.keyServer.address().port}`;
    this.minter = new Minter(issuer, keys);
    [this.original, this.changeBank] = await Promise.all([startOriginal(issuer, audience), startChangeBank(issuer)]);
    return this;
  }

  async close() {
    this.keyServer.close();
    await this.original.stop();
    assert.equal(await this.changeBank.stop(), 0);
  }

  ask(request) {
    const text = typeof request === 'string' ? request : textOf(request);
    return Promise.all([this.original, this.changeBank].map(({ port }) => exchange(port, text)));
  }
}

const responseHeaders = ['content-type', 'location', 'allow', 'access-control-allow-origin', 'access-control-allow-methods'];

/** What a client sees of a response. */
function seen(response) {
  if (!response) return { status: 'no response' };
  const { interim, status, headers, body } = response;
  return { interim, status, body, ...Object.fromEntries(responseHeaders.map((name) => [name, headers[name]])) };
}

/** Whether both are the same to a client. Where the original's server responds by itself, without a body, ours may have one. */
function areAlike(original, changeBank) {
  const [one, other] = [seen(original), seen(changeBank)];
  if (one.status >= 400 && one.body === '') {
    other.body = '';
    other['content-type'] = one['content-type'];
  }
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The headers of one response alone that no row names. */
function unnamedHeaders(original, changeBank) {
  const ignored = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', ...responseHeaders, ...Object.keys(headerRows)]);
  const names = (response) => Object.keys(response?.headers ?? {}).filter((name) => !ignored.has(name));
  const [first, second] = [names(original), names(changeBank)];
  return [...first.filter((name) => !second.includes(name)), ...second.filter((name) => !first.includes(name))];
}

function describe([original, changeBank]) {
  const shorten = (response) => JSON.stringify(seen(response)).slice(0, 400);
  return `\noriginal   ${shorten(original)}\nChangeBank ${shorten(changeBank)}`;
}

const rows = documentedRows();
const shown = new Set([...Object.values(headerRows), 'the body of a response of the HTTP server itself: 400, 417 or 431']);
let several;
let single;

before(async () => {
  const rsa = (jwk) => ({ alg: 'RS256', pair: generateKeyPairSync('rsa', { modulusLength: 2048 }), jwk: { use: 'sig', ...jwk } });
  const curve = (alg, namedCurve) => ({ alg, pair: generateKeyPairSync('ec', { namedCurve }), jwk: { use: 'sig' } });
  several = await new Comparison().open({
    rsa: rsa({ alg: 'RS256' }),
    bare: rsa({}),
    p256: curve('ES256', 'P-256'),
    secp256k1: curve('ES256K', 'secp256k1'),
    ed25519: { alg: 'EdDSA', pair: generateKeyPairSync('ed25519'), jwk: { use: 'sig' } },
  });
  single = await new Comparison().open({ rsa: rsa({ alg: 'RS256' }) });
});

after(() => Promise.all([several.close(), single.close()]));

test('a difference is named by a row, and a row names a difference', async (context) => {
  const compared = [[several, requests], [single, requestsOfOneKey]].flatMap(
    ([comparison, table]) => table(comparison.minter).map((entry) => [comparison, ...entry]));
  assert.ok(compared.length >= 149, `${compared.length} requests`);
  const titles = compared.map(([, title]) => title);
  assert.deepEqual(titles.filter((title, at) => titles.indexOf(title) !== at), [], 'titles are unique');

  for (const [comparison, title, request, row] of compared) {
    await context.test(title, async () => {
      const responses = await comparison.ask(request);
      const [original, changeBank] = responses.map((response) => seen(response).status);
      if (row === undefined) {
        assert.ok(areAlike(...responses), `no row names this difference:${describe(responses)}`);
        assert.deepEqual(unnamedHeaders(...responses), [], `headers of one alone:${describe(responses)}`);
        return;
      }
      assert.ok(rows.has(row), `docs/differences.md has no row ${row}`);
      assert.ok(!areAlike(...responses), `both respond alike, other than ${row} says:${describe(responses)}`);
      const cells = rows.get(row);
      assert.match(cells.original, new RegExp(`\\b${original}\\b`), `${row}:${describe(responses)}`);
      assert.match(cells.changeBank, new RegExp(`\\b${changeBank}\\b`), `${row}:${describe(responses)}`);
      shown.add(row);
    });
  }
});

test('headers differ as their rows say', async () => {
  const [original, changeBank] = await several.ask({ target: '/make-change' });
  assert.equal(original.headers['x-powered-by'], 'Express');
  assert.match(original.headers.etag, /^W\//);
  assert.equal(changeBank.headers['www-authenticate'], 'Bearer realm="changebank"');
  assert.equal(changeBank.headers['cache-control'], 'no-store');
  assert.deepEqual(['x-powered-by', 'etag'].filter((name) => name in changeBank.headers), []);
  assert.deepEqual(['www-authenticate', 'cache-control'].filter((name) => name in original.headers), []);
});

test('every row is shown', () => {
  const titles = /^(token|the token's key|request|`total`|---.*)$/;
  const hidden = [...rows.keys()].filter((row) => !titles.test(row) && !shown.has(row) && !shownElsewhere.has(row));
  assert.deepEqual(hidden, []);
  assert.deepEqual([...shownElsewhere].filter((row) => !rows.has(row)), [], 'rows that are no longer there');
  assert.deepEqual([...shownElsewhere].filter((row) => shown.has(row)), [], 'rows that are shown here');
});
