// Draws the way of one request: what happened before it, and what ChangeBank explains of it.
import { explain } from '/page/explain.js';
import { byId } from '/page/dom.js';
import { nameOf } from '/page/session.js';
import { addressOf } from '/page/signin.js';
import { restart } from '/page/story.js';
import * as way from '/page/way.js';

/** Only the latest request is drawn. */
let latest = 0;

function loginStation(session, login) {
  const at = addressOf(login)?.host;
  return session.state === 'in'
    ? { check: 'login', outcome: 'passed', found: `${nameOf(session.claims)}${at ? `, at ${at}` : ''}` }
    : { check: 'login', outcome: 'skipped', found: session.state === 'out' ? 'not signed in' : 'no valid session' };
}

/** What the page itself knows: the request, who has signed in, and what the browser sends along. */
function stationsBefore({ method, target, credential }, session, configuration) {
  const browser = { check: 'browser', outcome: 'passed', found: `${method} ${target}` };
  if (credential !== 'cookie') {
    const isBearer = credential.bearer !== undefined;
    return [
      browser,
      { check: 'login', outcome: 'skipped', found: isBearer ? 'a test token from kickstartd instead' : 'left out' },
      { check: 'cookie', outcome: 'skipped', found: isBearer ? 'Authorization header instead' : 'left out' },
    ];
  }
  const hasToken = session.state !== 'out';
  return [
    browser,
    loginStation(session, configuration.login),
    { check: 'cookie', outcome: hasToken ? 'passed' : 'skipped', found: hasToken ? configuration.cookie : `no ${configuration.cookie}` },
  ];
}

/**
 * Whether the explanation, which is judged after the request, is that of its response: keys, limits or time may have come between
 * the two.
 */
function isOf(explanation, exchange) {
  if (!exchange || exchange.status === 0) return true;
  const refused = explanation.response?.status;
  return refused === undefined ? ![401, 403, 429].includes(exchange.status) : refused === exchange.status;
}

/**
 * @param {{method: string, target: string, what: string, credential: import('/page/api.js').Credential}} request
 * @param {import('/page/api.js').Exchange} [exchange] the response, if it was sent
 */
export async function drawJourney(request, exchange, session, configuration) {
  latest += 1;
  const mine = latest;
  const [path] = request.target.split('?');
  const explained = configuration.explain === true
    ? await explain(request.method, path, request.credential) : undefined;
  if (mine !== latest) return;
  const explanation = explained && isOf(explained, exchange) ? explained : undefined;
  byId('way-map').hidden = !explanation;
  byId('way-off').hidden = Boolean(explanation);
  byId('way-off').textContent = configuration.explain === true
    ? 'ChangeBank does not explain its checks at the moment.'
    : 'This server does not explain its checks: the settings page.explain or auth.errors say so.';
  if (explanation) {
    way.draw([...stationsBefore(request, session, configuration), ...explanation.stations]);
    restart();
  }
  if (explanation || exchange) way.conclude(explanation, exchange, `${request.method} ${path} ${request.what}.`);
}
