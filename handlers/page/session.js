// Who the caller is, as the API's own verified claims say, and until when.
import { ask, headerOf } from '/page/api.js';

/**
 * What the page knows of its user. `state` is one of:
 * "unknown", "in", "out" (no token), "expired", "refused" (a token that is not good), "down" (no answer),
 * "unready" (the API cannot judge tokens at the moment), "busy" (it has too much to do), "broken" (an answer that the
 * page does not understand).
 * @typedef {{state: string, claims?: any, exchange?: import('/page/api.js').Exchange}} Session
 */

/** By how many milliseconds the server's clock is ahead of ours. */
let ahead = 0;

function synchronise(exchange) {
  const there = Date.parse(headerOf(exchange, 'date') ?? '');
  // The field has whole seconds, cut off; its middle is the better guess.
  if (!Number.isNaN(there)) ahead = there + 500 - Date.now();
}

/** Whether the session is good, but not for this: its sign-in is too long ago or too weak (RFC 9470). */
export function needsFreshSignIn(exchange) {
  return exchange.status === 401 && exchange.json?.code === 'ERR_INSUFFICIENT_USER_AUTHENTICATION';
}

/** @returns {string} the state that an answer tells of; undefined if it tells nothing of the session */
export function stateOf(exchange) {
  if (exchange.status === 0) return 'down';
  if (exchange.status === 429) return 'busy';
  if (exchange.status === 503) {
    // What the answer explains otherwise has nothing to do with the session.
    if (exchange.json?.code === undefined) return 'busy';
    return exchange.json.code.startsWith('ERR_JWKS_') ? 'unready' : undefined;
  }
  if (exchange.status !== 401) return undefined;
  if (exchange.json?.code === undefined) return 'out';
  if (needsFreshSignIn(exchange)) return undefined;
  return exchange.json.code === 'ERR_JWT_EXPIRED' ? 'expired' : 'refused';
}

/** @returns {Promise<Session>} */
export async function readSession() {
  const exchange = await ask('GET', '/me');
  synchronise(exchange);
  if (exchange.status === 200 && exchange.json) return { state: 'in', claims: exchange.json, exchange };
  return { state: stateOf(exchange) ?? 'broken', exchange };
}

const storedUnder = 'changebank.renewable';

/** Whether a session was there, which FusionAuth may renew when its token has expired. */
export function isRenewable() {
  try {
    return localStorage.getItem(storedUnder) !== null;
  } catch {
    return false;
  }
}

export function setRenewable(renewable) {
  try {
    if (renewable) localStorage.setItem(storedUnder, 'true');
    else localStorage.removeItem(storedUnder);
  } catch {
    // A browser that stores nothing for this page renews nothing.
  }
}

const wayBackUnder = 'changebank.wayBack';

/** Where the user was before signing in again, for this tab alone: an id of the page. */
export function rememberWayBack(id) {
  try {
    sessionStorage.setItem(wayBackUnder, id);
  } catch {
    // The user finds the place without help.
  }
}

/** @returns {string | null} what rememberWayBack() was told, once */
export function takeWayBack() {
  try {
    const id = sessionStorage.getItem(wayBackUnder);
    sessionStorage.removeItem(wayBackUnder);
    return id;
  } catch {
    return null;
  }
}

/** How many whole seconds are left of a token by its claims; undefined if it does not say. */
export function secondsLeft(claims) {
  if (typeof claims.exp !== 'number') return undefined;
  return Math.max(0, Math.ceil(claims.exp - (Date.now() + ahead) / 1000));
}

/**
 * How many seconds before its end a token is renewed: a quarter of its life, at most a minute, and at least two seconds,
 * since the page looks once a second and knows the server's clock to half a second. 0 if the token does not say how long
 * its life is.
 */
export function renewalMargin(claims) {
  if (typeof claims.exp !== 'number' || typeof claims.iat !== 'number') return 0;
  return Math.min(60, Math.max(2, (claims.exp - claims.iat) / 4));
}

export function nameOf(claims) {
  for (const name of [claims.name, claims.email, claims.preferred_username, claims.sub]) {
    if (typeof name === 'string' && name !== '') return name;
  }
  return 'A user without a name';
}

export function rolesOf(claims) {
  return Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === 'string') : [];
}

/** "1 h 05 min", "59 min 03 s" or "7 s" */
export function durationText(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value) => String(value).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${two(seconds % 60)} s` : `${seconds} s`;
}
