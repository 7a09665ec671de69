// An OpenTelemetry collector for tests: takes spans by OTLP/HTTP in JSON and judges their form strictly, by the rules of its
// JSON encoding and by OpenTelemetry's own messages, which npm's otlp-transformer has as code.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { opentelemetry } = createRequire(import.meta.url)('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const { ExportTraceServiceRequest } = opentelemetry.proto.collector.trace.v1;

/** A message with ids as bytes, which JSON has as hexadecimal digits, and without empty lists, which Protobuf does not have. */
function inProtobuf(value, name) {
  if (Array.isArray(value)) return value.map((each) => inProtobuf(each));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).filter(([, each]) => !Array.isArray(each) || each.length > 0)
      .map(([key, each]) => [key, inProtobuf(each, key)]));
  }
  return ['traceId', 'spanId', 'parentSpanId'].includes(name) ? Buffer.from(value, 'hex') : value;
}

/** Nothing of a request is lost or changed on the way through Protobuf, where an unknown name or a wrong type would be. */
function isMessage(body) {
  const message = inProtobuf(body);
  const bytes = ExportTraceServiceRequest.encode(ExportTraceServiceRequest.fromObject(message)).finish();
  assert.deepEqual(ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(bytes), { longs: String }), message);
}

function hasOnly(object, required, optional = []) {
  assert.equal(typeof object, 'object');
  const names = Object.keys(object);
  for (const name of required) assert.ok(names.includes(name), `no ${name} in ${names}`);
  for (const name of names) assert.ok([...required, ...optional].includes(name), `${name} is unknown`);
}

function isId(id, digits) {
  assert.match(id, new RegExp(`^[0-9a-f]{${digits}}$`));
  assert.doesNotMatch(id, /^0*$/);
}

/** The value of an AnyValue. */
function valueOf(value) {
  assert.equal(Object.keys(value).length, 1);
  if ('stringValue' in value) {
    assert.equal(typeof value.stringValue, 'string');
    return value.stringValue;
  }
  if ('intValue' in value) {
    assert.match(value.intValue, /^-?\d+$/);
    return Number(value.intValue);
  }
  hasOnly(value, ['arrayValue']);
  hasOnly(value.arrayValue, ['values']);
  return value.arrayValue.values.map(valueOf);
}

function attributesOf(attributes) {
  const pairs = attributes.map(({ key, value, ...rest }) => {
    assert.deepEqual(rest, {});
    assert.match(key, /^[a-z][a-z0-9._-]*$/);
    return [key, valueOf(value)];
  });
  assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length, 'a key comes once');
  return Object.fromEntries(pairs);
}

function timeOf(text) {
  assert.match(text, /^\d{19}$/);
  return BigInt(text);
}

function spanOf(span) {
  hasOnly(span, ['traceId', 'spanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano', 'attributes', 'status'],
    ['parentSpanId']);
  isId(span.traceId, 32);
  isId(span.spanId, 16);
  if ('parentSpanId' in span) isId(span.parentSpanId, 16);
  assert.ok([1, 2, 3].includes(span.kind));
  hasOnly(span.status, [], ['code']);
  const [start, end] = [timeOf(span.startTimeUnixNano), timeOf(span.endTimeUnixNano)];
  assert.ok(start <= end, 'it ends after it began');
  assert.ok(Math.abs(Date.now() - Number(end / 1_000_000n)) < 60_000, 'it was just now');
  return { ...span, start, end, attributes: attributesOf(span.attributes) };
}

function spansOf(body) {
  hasOnly(body, ['resourceSpans']);
  return body.resourceSpans.flatMap(({ resource, scopeSpans, ...rest }) => {
    assert.deepEqual(rest, {});
    hasOnly(resource, ['attributes']);
    const attributes = attributesOf(resource.attributes);
    assert.ok(attributes['service.name'] && attributes['service.version'] && attributes['service.instance.id']);
    return scopeSpans.flatMap(({ scope, spans, ...more }) => {
      assert.deepEqual(more, {});
      hasOnly(scope, ['name', 'version']);
      return spans.map((span) => ({ ...spanOf(span), service: attributes['service.name'] }));
    });
  });
}

/** Starts a collector. `answer(request, response, attempt)` may answer by itself, or not at all, and returns true then;
 * what it leaves gets a 200 with `body`. */
export async function startCollector({ answer = () => false, body = '{"partialSuccess":{}}' } = {}) {
  const spans = [];
  const bodies = [];
  const requests = [];
  const faults = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    requests.push({ method: request.method, url: request.url, headers: request.headers });
    bodies.push(text);
    if (answer(request, response, requests.length)) return;
    try {
      assert.equal(request.method, 'POST');
      assert.equal(request.headers['content-type'], 'application/json');
      const message = JSON.parse(text);
      isMessage(message);
      spans.push(...spansOf(message));
    } catch (error) {
      faults.push(error);
    }
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  /** Resolves to the first span for which `condition` holds, and to those of its trace that came by then. */
  const find = async (condition) => {
    for (let i = 0; i < 600; ++i) {
      if (faults.length) throw faults[0];
      const span = spans.find(condition);
      if (span) return span;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no such span among ${JSON.stringify(spans.map(({ name, attributes }) => [name, attributes]))}`);
  };
  return {
    endpoint: `http://127.0.0.1:${server.address().port}/v1/traces`,
    spans,
    bodies,
    requests,
    faults,
    find,
    server: (traceId) => find((span) => span.kind === 2 && span.traceId === traceId),
    children: (span) => spans.filter(({ parentSpanId }) => parentSpanId === span.spanId),
    stop: () => {
      server.closeAllConnections?.();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
