// Sends bytes to a server as they are and reads the response, so that no client repairs a malformed request.
import { connect } from 'node:net';

const patience = 10_000;

function receiveAll(port, text, pause) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      const first = pause ? 1 : text.length;
      socket.write(text.slice(0, first), 'latin1');
      if (pause) setTimeout(() => socket.write(text.slice(first), 'latin1'), pause);
    });
    const chunks = [];
    socket.setTimeout(patience, () => socket.destroy(new Error(`no end of the response to ${text.slice(0, 80)}`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error)));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

function withoutChunks(text) {
  let body = '';
  for (let rest = text; ;) {
    const end = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, end), 16);
    if (!size) return body;
    body += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 4 + size);
  }
}

/** The response: { interim, status, headers, body }; headers by their names in lower case. */
function parse(text) {
  const interim = [];
  for (let rest = text; ;) {
    const end = rest.indexOf('\r\n\r\n');
    const [first, ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(`${first} `)?.[1]);
    rest = rest.slice(end + 4);
    if (status < 200) {
      interim.push(status);
      continue;
    }
    const headers = Object.fromEntries(lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }));
    const isChunked = headers['transfer-encoding'] === 'chunked' && rest !== '';
    return { interim, status, headers, body: isChunked ? withoutChunks(rest) : rest };
  }
}

/** The text of a request that ends its connection. */
export function textOf({ method = 'GET', target, headers = {}, body = '' }) {
  const fields = { Host: 'localhost', Connection: 'close', ...headers };
  if (body && !('Transfer-Encoding' in fields)) fields['Content-Length'] ??= body.length;
  const lines = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/**
 * Sends the text of a request, after its first byte with a pause of so many milliseconds; resolves to the response, or
 * to undefined if the connection closes without one.
 */
export async function exchange(port, text, { pause = 0 } = {}) {
  const received = await receiveAll(port, text, pause);
  return received === '' ? undefined : parse(received);
}
