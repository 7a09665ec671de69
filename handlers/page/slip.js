// Shows a request and its answer as they went over the wire, and how to make the same with curl.
import { byId } from '/page/dom.js';

/** The same request for a POSIX shell. */
function curlLine(exchange, cookie, hasToken) {
  const url = `'${location.origin}${exchange.target.replaceAll("'", '%27')}'`;
  const method = exchange.method === 'GET' ? '' : `--request ${exchange.method} `;
  const token = hasToken ? `--cookie "${cookie}=$TOKEN" ` : '';
  return `curl ${method}${token}${url}`;
}

function requestText(exchange, cookie, hasToken) {
  const lines = [`${exchange.method} ${exchange.target} HTTP/1.1`, `Host: ${location.host}`];
  if (hasToken) lines.push(`Cookie: ${cookie}=…`);
  return lines.join('\n');
}

function answerText(exchange) {
  if (exchange.status === 0) return 'No answer came.';
  const fields = exchange.headers.map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${exchange.status} ${exchange.statusText}`, ...fields, '', exchange.text].join('\n');
}

/** @param {boolean} hasToken whether the browser sends a token along, as far as the page knows */
export function showSlip(exchange, cookie, hasToken) {
  byId('slip-request').textContent = requestText(exchange, cookie, hasToken);
  const status = byId('slip-status');
  status.textContent = exchange.status === 0 ? 'none' : String(exchange.status);
  status.className = exchange.status >= 200 && exchange.status < 300 ? 'chip good' : 'chip bad';
  byId('slip-answer').textContent = answerText(exchange);
  byId('slip-curl').textContent = curlLine(exchange, cookie, hasToken);
  byId('slip-token').hidden = !hasToken;
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
