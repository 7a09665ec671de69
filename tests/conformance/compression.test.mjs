// What Node's zlib makes of the compressed page, and which coding it gets for what browsers and curl send.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startChangebankd } from './changebankd.mjs';
import { exchange, textOf } from './exchange.mjs';

const paths = ['/', '/stylesheets/style.css', '/page/icon.svg', '/openapi.json',
  ...['api', 'app', 'coins', 'dom', 'session', 'slip'].map((script) => `/page/${script}.js`)];
// The cookie's name in it is a setting.
const withoutBrotli = '/openapi.json';
const decoders = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body) => body };

let daemon;
before(async () => { daemon = await startChangebankd({ 'auth.jwks.uri': 'http://127.0.0.1:9/' }); });
after(() => daemon?.stop());

async function get(target, accepted, headers = {}) {
  const fields = accepted === undefined ? headers : { 'Accept-Encoding': accepted, ...headers };
  const answer = await exchange(Number(new URL(daemon.url).port), textOf({ target, headers: fields }));
  const coding = answer.headers['content-encoding'] ?? 'identity';
  return { ...answer, coding, content: decoders[coding](Buffer.from(answer.body, 'latin1')) };
}

test('each coding has the same content under a tag of its own', async () => {
  for (const path of paths) {
    const answers = [await get(path), await get(path, 'gzip'), ...(path === withoutBrotli ? [] : [await get(path, 'br')])];
    assert.deepEqual(answers.map(({ coding }) => coding), ['identity', 'gzip', 'br'].slice(0, answers.length), path);
    const [plain] = answers;
    for (const answer of answers) {
      assert.equal(answer.status, 200, path);
      assert.ok(answer.content.equals(plain.content), `${path} as ${answer.coding}`);
      assert.equal(Number(answer.headers['content-length']), answer.body.length);
      assert.equal(answer.headers['content-type'], plain.headers['content-type']);
      assert.equal(answer.headers.vary, 'Accept-Encoding');
      if (answer !== plain) assert.ok(answer.body.length < plain.body.length, `${path} as ${answer.coding}`);
    }
    const tags = answers.map(({ headers }) => headers.etag);
    assert.equal(new Set(tags).size, tags.length, path);
    for (const held of answers) {
      for (const wanted of answers) {
        const again = await exchange(Number(new URL(daemon.url).port), textOf({
          target: path,
          headers: { 'Accept-Encoding': wanted.coding, 'If-None-Match': held.headers.etag },
        }));
        assert.equal(again.status, held === wanted ? 304 : 200, `${path}: ${held.coding}, then ${wanted.coding}`);
        assert.equal(again.headers.etag, wanted.headers.etag);
        assert.equal(again.headers.vary, 'Accept-Encoding');
      }
    }
  }
});

test('browsers get brotli, curl --compressed and older clients gzip, others identity', async () => {
  for (const [accepted, coding] of [
    ['gzip, deflate, br, zstd', 'br'],
    ['deflate, gzip', 'gzip'],
    ['br;q=0.1, gzip;q=0.2', 'gzip'],
    ['gzip;q=0, *;q=0', 'identity'],
    ['identity', 'identity'],
    ['', 'identity'],
    ['gzip;q=nonsense', 'identity'],
  ]) assert.equal((await get('/', accepted)).coding, coding, accepted);
});

test('HEAD has the fields of GET', async () => {
  const got = await get('/', 'gzip');
  const head = await exchange(Number(new URL(daemon.url).port),
    textOf({ method: 'HEAD', target: '/', headers: { 'Accept-Encoding': 'gzip' } }));
  for (const name of ['content-encoding', 'content-length', 'etag', 'vary'])
    assert.equal(head.headers[name], got.headers[name], name);
  assert.equal(head.body, '');
});

test('nothing that depends on a token is compressed', async () => {
  for (const path of ['/page/config.json', '/me', '/make-change?total=1', '/livez'])
    assert.equal((await get(path, 'br, gzip')).coding, 'identity', path);
});
