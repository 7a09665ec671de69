// Asks ChangeBank and keeps what went over the wire. The token is in a cookie that no script can read; the browser
// sends it along by itself.

/**
 * @typedef {object} Exchange
 * @property {string} method
 * @property {string} target the path with its query
 * @property {number} status 0 if no answer came
 * @property {string} statusText
 * @property {[string, string][]} headers
 * @property {string} text the body
 * @property {any} json the body, undefined if it is no JSON
 */

const patience = 20_000;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns {Promise<Exchange>} never rejects */
export async function ask(method, target) {
  const nothing = { method, target, status: 0, statusText: '', headers: [], text: '', json: undefined };
  try {
    const response = await fetch(target, {
      method,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    const text = await response.text();
    return {
      ...nothing,
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      text,
      json: parsed(text),
    };
  } catch {
    return nothing;
  }
}

/**
 * Asks FusionAuth's hosted backend to renew the cookies by the one with the refresh token, which no script can read.
 * @returns {Promise<boolean>} whether it did; never rejects
 */
export async function renewCookies(address) {
  try {
    const response = await fetch(address, {
      method: 'POST', mode: 'cors', credentials: 'include', redirect: 'error', signal: AbortSignal.timeout(patience),
    });
    return response.ok;
  } catch {
    return false;
  }
}

export function headerOf(exchange, name) {
  return exchange.headers.find(([each]) => each === name)?.[1];
}
