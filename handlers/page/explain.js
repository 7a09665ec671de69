// Asks ChangeBank what it checks of a request, and what it found.
import { ask } from '/page/api.js';

/**
 * @typedef {object} Station
 * @property {string} check such as "audience"
 * @property {'passed'|'refused'|'notReached'|'skipped'} outcome "skipped" is for what happens before the request
 * @property {string} [expected]
 * @property {string} [found]
 */

/**
 * @typedef {object} Explanation
 * @property {{method: string, path: string}} request
 * @property {Station[]} stations in the order in which they judge
 * @property {?{status: number, error?: string, code?: string, challenge?: string}} response what the guard answers;
 *   null if the request reaches the handler
 */

const text = (value) => (typeof value === 'string' ? value : undefined);

function stationFrom({ check, outcome, expected, found }) {
  return {
    check, outcome: ['passed', 'refused'].includes(outcome) ? outcome : 'notReached', expected: text(expected), found: text(found),
  };
}

function isExplained(stations) {
  return Array.isArray(stations) && stations.length > 0 && stations.every((each) => typeof each?.check === 'string');
}

function responseFrom(response) {
  if (typeof response?.status !== 'number') return null;
  const { status, error, code, challenge } = response;
  return { status, error: text(error), code: text(code), challenge: text(challenge) };
}

/**
 * @param {string} path without a query
 * @param {import('/page/api.js').Credential} credential
 * @returns {Promise<Explanation|undefined>} undefined if the server does not explain; never rejects
 */
export async function explain(method, path, credential) {
  const exchange = await ask('GET', `/explain?${new URLSearchParams({ method, path })}`, credential);
  const stations = exchange.json?.stations;
  if (exchange.status !== 200 || !isExplained(stations)) return undefined;
  return { request: { method, path }, stations: stations.map(stationFrom), response: responseFrom(exchange.json.response) };
}
