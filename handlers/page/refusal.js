// Says in words why a request was not done.
import { headerOf } from '/page/api.js';

/** No roles: the API asks for something else. */
export function rolesInWords(roles) {
  return roles.length > 0 ? new Intl.ListFormat('en', { type: 'disjunction' }).format(roles) : 'that the operator chose';
}

/** @param {string} [text] a Retry-After in seconds */
export function secondsInWords(text) {
  return /^\d+$/.test(text ?? '') ? `${text} s` : 'a moment';
}

/** @param {string[]} wanted the roles of which one would do */
export function refusalInWords(exchange, wanted) {
  switch (exchange.status) {
    case 0: return 'No response came; see above.';
    case 401: return 'Refused: you are not signed in. See above.';
    case 403: return exchange.json?.code === 'ERR_INSUFFICIENT_SCOPE'
      ? `Refused: ${exchange.json.error}. Ask the operator of ChangeBank.`
      : `Refused: this needs the role ${rolesInWords(wanted)}. Ask an administrator of FusionAuth for it, `
        + 'then sign out and in again.';
    case 429: return `Not done: too many requests. Try again in ${secondsInWords(headerOf(exchange, 'retry-after'))}.`;
    case 503: return exchange.json?.code?.startsWith('ERR_JWKS_') === false
      ? `Not done: ${exchange.json.error}. Try again in ${secondsInWords(headerOf(exchange, 'retry-after'))}. If that does not `
        + 'help, tell the operator of ChangeBank.'
      : 'Not possible at the moment; see above.';
    default: return `ChangeBank answered with ${exchange.status}: ${exchange.json?.error ?? exchange.statusText}.`;
  }
}
