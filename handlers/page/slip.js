// Shows a request and its answer as they went over the wire, and how to make the same with curl.
import { byId } from '/page/dom.js';

const credentials = {
  cookie: {
    field: (cookie) => [`Cookie: ${cookie}=…`],
    option: (cookie) => `--cookie "${cookie}=$TOKEN" `,
    hint: 'Put your token into TOKEN first. The browser keeps it where no script of a page can see it, so this page cannot show it.',
  },
  header: {
    field: () => ['Authorization: Bearer …'],
    option: () => '--header "Authorization: Bearer $TOKEN" ',
    hint: 'Put a token into TOKEN first.',
  },
  none: { field: () => [], option: () => '', hint: '' },
};

/** The same request for a POSIX shell. */
function curlLine(exchange, option) {
  const url = `'${location.origin}${exchange.target.replaceAll("'", '%27')}'`;
  const method = exchange.method === 'GET' ? '' : `--request ${exchange.method} `;
  return `curl ${method}${option}${url}`;
}

function requestText(exchange, field) {
  return [`${exchange.method} ${exchange.target} HTTP/1.1`, `Host: ${location.host}`, ...field].join('\n');
}

function answerText(exchange) {
  if (exchange.status === 0) return 'No response came.';
  const fields = exchange.headers.map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${exchange.status} ${exchange.statusText}`, ...fields, '', exchange.text].join('\n');
}

/**
 * @param {string} cookie the name of the cookie
 * @param {'cookie'|'header'|'none'} credential what the request brought, as far as the page knows
 */
export function showSlip(exchange, cookie, credential) {
  const { field, option, hint } = credentials[credential];
  byId('slip-request').textContent = requestText(exchange, field(cookie));
  const status = byId('slip-status');
  status.textContent = exchange.status === 0 ? 'none' : String(exchange.status);
  status.className = exchange.status >= 200 && exchange.status < 300 ? 'chip good' : 'chip bad';
  byId('slip-answer').textContent = answerText(exchange);
  byId('slip-curl').textContent = curlLine(exchange, option(cookie));
  byId('slip-token').textContent = hint;
  byId('slip-token').hidden = hint === '';
  byId('copied').textContent = '';
  byId('slip-empty').hidden = true;
  byId('slip').hidden = false;
}

export function clearSlip() {
  byId('slip-empty').hidden = false;
  byId('slip').hidden = true;
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy() {
  const line = byId('slip-curl');
  try {
    await navigator.clipboard.writeText(line.textContent);
    byId('copied').textContent = 'Copied.';
  } catch {
    // Without HTTPS or permission the user's own hands do it.
    select(line);
    byId('copied').textContent = 'Selected; copy it with your keyboard.';
  }
}

export function prepareSlip() {
  byId('copy').addEventListener('click', copy);
}
