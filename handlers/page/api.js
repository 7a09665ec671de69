// Asks ChangeBank and keeps what went over the wire. The user's token is in a cookie that no script can read; the browser
// sends it along by itself.

/**
 * What a request brings: the cookie, if there is one; nothing; or a token for the Authorization header.
 * @typedef {'cookie' | 'none' | {bearer: string}} Credential
 */

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

/**
 * @param {Credential} credential
 * @returns {Promise<Exchange>} never rejects
 */
export async function ask(method, target, credential = 'cookie') {
  const nothing = { method, target, status: 0, statusText: '', headers: [], text: '', json: undefined };
  try {
    const response = await fetch(target, {
      method,
      cache: 'no-store',
      credentials: credential === 'cookie' ? 'same-origin' : 'omit',
      headers: credential.bearer === undefined ? {} : { Authorization: `Bearer ${credential.bearer}` },
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
 * @returns {Promise<'renewed'|'refused'|'unanswered'>} never rejects
 */
export async function renewCookies(address) {
  try {
    const response = await fetch(address, {
      method: 'POST', mode: 'cors', credentials: 'include', redirect: 'error', signal: AbortSignal.timeout(patience),
    });
    return response.ok ? 'renewed' : 'refused';
  } catch {
    return 'unanswered';
  }
}

/**
 * Asks kickstartd for a token to try the guard with.
 * @returns {Promise<string|undefined>} undefined if it makes none; never rejects
 */
export async function makeToken(address) {
  try {
    const response = await fetch(address, {
      mode: 'cors', cache: 'no-store', credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(patience),
    });
    const { token } = await response.json();
    return response.ok && typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}

export function headerOf(exchange, name) {
  return exchange.headers.find(([each]) => each === name)?.[1];
}
