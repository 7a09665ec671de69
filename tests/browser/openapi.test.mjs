// The answers of a running changebankd against its own description: every status of every operation is provoked, and
// every answer must be one that /openapi.json has, with its headers, its type and its body.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import http from 'node:http';
import net from 'node:net';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import { Bank } from './bank.mjs';

const limits = `server.bodyTimeout = 300ms
server.maxBodyBytes = 1KiB
server.maxConnections = 20
`;

/** One request on a connection of its own. */
function ask(port, method, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => { body += text; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    request.on('error', reject).end();
  });
}

/** Sends text as it is and reads until the server closes. */
function send(port, text) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (part) => { answer += part; });
    socket.on('error', reject).on('close', () => {
      const [head, body] = answer.split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), body });
    });
  });
}

describe('/openapi.json', () => {
  let bank;
  let keyless;
  let document;
  let ajv;
  let tokens;
  const seen = new Set();

  before(async () => {
    bank = await Bank.open({ settings: limits });
    keyless = await Bank.withoutKeys();
    document = await (await fetch(`${bank.url}openapi.json`)).json();
    ajv = new Ajv({ strict: false, allErrors: true });
    ajv.addSchema(document, 'openapi');
    tokens = { teller: await bank.tokenOf('teller'), customer: await bank.tokenOf('customer') };
  });

  after(async () => {
    await bank?.close();
    await keyless?.close();
  });

  function resolved(part) {
    if (!part?.$ref) return part;
    return part.$ref.slice(2).split('/').reduce((place, name) => place[name], document);
  }

  function validate(schema, value, what) {
    const valid = ajv.compile({ ...JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) });
    assert.ok(valid(value), `${what}: ${JSON.stringify(value)}: ${ajv.errorsText(valid.errors)}`);
  }

  function templateOf(path) {
    const plain = path.split('?')[0].toLowerCase();
    if (document.paths[plain]) return plain;
    return /^\/page\/[a-z]+\.js$/.test(plain) ? '/page/{script}' : '/{elsewhere}';
  }

  function checkAgainst(response, answer, what, withoutBody) {
    for (const [name, reference] of Object.entries(response.headers ?? {})) {
      const header = resolved(reference);
      const value = answer.headers[name.toLowerCase()];
      if (header.required) assert.ok(value !== undefined, `${what} has no ${name}`);
      if (value !== undefined) validate(header.schema, value, `${what} ${name}`);
    }
    if (withoutBody) {
      assert.equal(answer.body, '', what);
    } else if (response.content) {
      const type = answer.headers['content-type'];
      assert.deepEqual(Object.keys(response.content), [type], what);
      const body = type.startsWith('application/json') ? JSON.parse(answer.body) : answer.body;
      validate(response.content[type].schema, body, what);
    } else {
      assert.equal(answer.body, '', what);
      assert.equal(answer.headers['content-type'], undefined, what);
    }
  }

  /** Makes a request and holds the answer against the description. */
  async function expect(status, method, path, headers = {}, port = bank.port) {
    return holdAgainstDescription(await ask(port, method, path, headers), status, method, path);
  }

  function holdAgainstDescription(answer, status, method, path) {
    const what = `${method} ${path} ${status}`;
    assert.equal(answer.status, status, `${what}: ${answer.body}`);
    const template = templateOf(path);
    const operation = document.paths[template][method.toLowerCase()];
    const response = resolved(operation.responses[status]);
    assert.ok(response, `${what} is not described`);
    checkAgainst(response, answer, what, method === 'HEAD');
    seen.add(`${method.toLowerCase()} ${template} ${status}`);
    return answer;
  }

  const cookie = (token) => ({ Cookie: `app.at=${token}` });
  const twice = { Authorization: ['Bearer a', 'Bearer b'] };

  function* operations() {
    for (const [template, item] of Object.entries(document.paths)) {
      for (const method of ['get', 'head', 'options', 'post', 'put', 'patch', 'delete']) {
        if (item[method]) yield { template, method: method.toUpperCase(), operation: item[method] };
      }
    }
  }

  function targetOf(template, script = 'app.js') {
    if (template === '/make-change') return '/make-change?total=1.02';
    return template.replace('{script}', script).replace('{elsewhere}', 'nowhere');
  }

  test('is a description by OpenAPI 3.1', async () => {
    assert.match(document.openapi, /^3\.1\./);
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(document.components.securitySchemes.cookie.name, 'app.at');
    assert.match(document.info.version, /^\d+\.\d+\.\d+$/);
  });

  test('every good answer is described', async () => {
    for (const { template, method, operation } of operations()) {
      const scripts = template.includes('{script}') ? document.paths[template].parameters[0].schema.enum : [''];
      for (const script of scripts) {
        const target = targetOf(template, script);
        const status = method === 'OPTIONS' ? 204 : 200;
        if (template === '/{elsewhere}') await expect(404, method, target, cookie(tokens.teller));
        else if (operation.security) await expect(status, method, target, cookie(tokens.teller));
        else await expect(status, method, target);
      }
    }
  });

  test('every refusal is described', async () => {
    for (const { template, method, operation } of operations()) {
      if (!operation.security) continue;
      const target = targetOf(template);
      await expect(401, method, target);
      await expect(401, method, target, { Authorization: 'Bearer abc' });
      await expect(401, method, target, cookie(`${tokens.teller.slice(0, -8)}AAAAAAAA`));
      await expect(400, method, target, twice);
      await expect(503, method, target, cookie(tokens.teller), keyless.port);
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      await expect(403, method, '/nowhere', { ...cookie(tokens.teller), 'Sec-Fetch-Site': 'cross-site' });
    }
    await expect(403, 'POST', '/panic', { ...cookie(tokens.teller), 'Sec-Fetch-Site': 'cross-site' });
    await expect(403, 'POST', '/panic', cookie(tokens.customer));
    for (const method of ['GET', 'HEAD']) {
      await expect(503, method, '/readyz', {}, keyless.port);
      for (const total of ['', '?total=ten', '?total=1&total=1', '?total=1234567890123456']) {
        await expect(400, method, `/make-change${total}`, cookie(tokens.teller));
      }
    }
  });

  test('an explanation is what the description says, whatever it is about', async () => {
    const authorizations = ['', 'abc', tokens.customer, tokens.teller, `${tokens.teller.slice(0, -8)}AAAAAAAA`];
    for (const token of authorizations) {
      const headers = token ? { Authorization: `Bearer ${token}` } : {};
      for (const question of ['', '?method=POST&path=/panic', '?path=/panic', '?path=/nowhere', '?path=/livez', '?method=OPTIONS&path=/me']) {
        await expect(200, 'GET', `/explain${question}`, headers);
        await expect(200, 'GET', `/explain${question}`, headers, keyless.port);
      }
    }
    for (const method of ['GET', 'HEAD']) {
      for (const question of ['?path=me', '?path=/a&path=/b', '?method=A%20B']) await expect(400, method, `/explain${question}`);
    }
  });

  test('amounts stay what the description says', async () => {
    for (const total of ['0', '.01', '5.', '1.029', '0000000000001', '9999999999999.99']) {
      await expect(200, 'GET', `/make-change?total=${total}`, cookie(tokens.customer));
    }
  });

  test('what a client has already is described', async () => {
    for (const { template, method, operation } of operations()) {
      if (!operation.responses['304']) continue;
      const target = targetOf(template);
      const { headers } = await expect(200, method, target);
      await expect(304, method, target, { 'If-None-Match': headers.etag });
    }
  });

  test('a method that a path does not know is answered as described', async () => {
    const response = document.components.responses.MethodNotAllowed;
    for (const template of Object.keys(document.paths)) {
      if (template === '/{elsewhere}') continue;
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
        if (document.paths[template][method.toLowerCase()]) continue;
        const answer = await ask(bank.port, method, targetOf(template), cookie(tokens.teller));
        assert.equal(answer.status, 405, `${method} ${template}`);
        checkAgainst(response, answer, `${method} ${template} 405`, false);
      }
    }
  });

  test('what the server refuses by itself is named, and has a line of JSON', async () => {
    const named = document.components.responses.RefusedByServer.description;
    const head = 'Host: localhost\r\nConnection: close\r\n';
    for (const [status, text] of [
      [400, 'nonsense\r\n\r\n'],
      [408, `POST /panic HTTP/1.1\r\n${head}Content-Length: 5\r\n\r\n`],
      [413, `POST /panic HTTP/1.1\r\n${head}Content-Length: 5000\r\n\r\n`],
      [417, `POST /panic HTTP/1.1\r\n${head}Content-Length: 1\r\nExpect: miracles\r\n\r\n`],
      [431, `GET / HTTP/1.1\r\n${head}X: ${'x'.repeat(40_000)}\r\n\r\n`],
      [501, `POST /panic HTTP/1.1\r\n${head}Transfer-Encoding: gzip, chunked\r\n\r\n`],
      [505, `GET / HTTP/3.0\r\n${head}\r\n`],
    ]) {
      const answer = await send(bank.port, text);
      assert.equal(answer.status, status, text.slice(0, 80));
      assert.equal(typeof JSON.parse(answer.body).error, 'string', String(status));
      assert.match(named, new RegExp(`\\b${status} `));
    }
  });

  test('too many connections are refused as described', async () => {
    const held = await Promise.all(Array.from({ length: 20 }, () => new Promise((resolve) => {
      const socket = net.connect(bank.port, '127.0.0.1', () => resolve(socket)).on('error', () => {});
    })));
    try {
      // The kernel accepts connections before the server does.
      let answer;
      for (const end = Date.now() + 20_000; answer?.status !== 503 && Date.now() < end;)
        answer = await send(bank.port, 'GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      assert.equal(answer.status, 503);
      assert.deepEqual(JSON.parse(answer.body), { error: 'The server is busy' });
    } finally {
      held.forEach((socket) => socket.destroy());
    }
  });

  test('a role that nobody has is refused as described', async () => {
    await bank.change('roles.makeChange = manager\n');
    for (const method of ['GET', 'HEAD']) await expect(403, method, '/make-change?total=1', cookie(tokens.teller));
  });

  test('with minimal errors the code is the described one', async () => {
    await bank.change('auth.errors = minimal\n');
    const { body } = await expect(401, 'GET', '/me', { Authorization: 'Bearer abc' });
    assert.equal(JSON.parse(body).code, 'ERR_INVALID_TOKEN');
  });

  test('who makes too many requests is refused as described', async () => {
    await bank.change('limit.client.rate = 1\nlimit.client.burst = 1\n');
    for (const { template, method, operation } of operations()) {
      if (!operation.responses[429]) continue;
      const target = targetOf(template);
      let answer;
      // A second later another one would pass.
      for (let i = 0; i < 50 && answer?.status !== 429; ++i) answer = await ask(bank.port, method, target);
      holdAgainstDescription(answer, 429, method, target);
      assert.match(answer.headers.ratelimit, /^"client";r=0;t=1$/);
    }
  });

  test('every described status was seen', () => {
    const described = [...operations()].flatMap(({ template, method, operation }) =>
      Object.keys(operation.responses).filter((status) => status !== 'default')
        .map((status) => `${method.toLowerCase()} ${template} ${status}`));
    assert.deepEqual(described.filter((each) => !seen.has(each)), []);
  });
});
