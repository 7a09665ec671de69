// Draws the way of a token: its stations from the browser to the handler, how far a request came, and why it stopped.
import { headerOf } from '/page/api.js';
import { byId, html, svg } from '/page/dom.js';
import { wordsOf } from '/page/stations.js';

const groups = { browser: 'Before the request', token: 'The guard checks the token', access: 'The route' };
const outcomes = { passed: 'passed', refused: 'stopped here', notReached: 'not reached', skipped: 'not used' };

/** @type {import('/page/explain.js').Station[]} */
let shown = [];
let current = 0;

function lines(drawing, className) {
  return svg('svg', { viewBox: '0 0 24 24', class: className, 'aria-hidden': 'true', focusable: 'false' },
    ...drawing.map((d) => svg('path', { d })));
}

function node(station) {
  const mark = { passed: ['m4 12.5 5 5L20 6.5'], refused: ['M5.5 5.5l13 13M18.5 5.5l-13 13'] }[station.outcome];
  return html('span', { class: 'node' }, lines(wordsOf(station).drawing, 'picture'),
    ...(mark ? [lines(mark, 'mark-of-outcome')] : []));
}

function fact(term, value) {
  return html('div', {}, html('dt', {}, term), html('dd', {}, html('code', {}, value)));
}

function detailsOf(station, id) {
  const { says } = wordsOf(station);
  const facts = [['Expected', station.expected], ['Found', station.found]].filter(([, value]) => value);
  return html('div', { class: 'details', id, hidden: '' },
    ...(says ? [html('p', {}, says)] : []),
    ...(facts.length > 0 ? [html('dl', { class: 'checked' }, ...facts.map(([term, value]) => fact(term, value)))] : []));
}

function itemOf(station, order) {
  const id = `station-${order + 1}`;
  const item = html('li', { class: `station ${station.outcome}`, 'data-check': station.check });
  item.style.setProperty('--order', String(order));
  if (groups[station.check]) item.append(html('p', { class: 'group' }, groups[station.check]));
  item.append(
    html('button', { type: 'button', class: 'stop', 'aria-expanded': 'false', 'aria-controls': id, tabindex: '-1' },
      node(station),
      html('span', { class: 'name' }, wordsOf(station).name),
      html('span', { class: 'outcome' }, ` ${outcomes[station.outcome]} `),
      html('span', { class: 'found' }, station.found ?? '')),
    detailsOf(station, id));
  return item;
}

function items() {
  return [...byId('stations').children];
}

/** @returns {number} how many stations there are */
export function length() {
  return shown.length;
}

/** @returns {number} the station that is open, from 0 */
export function position() {
  return current;
}

function factsOf({ expected, found }) {
  return [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ');
}

/** @returns {string} such as "Audience: passed; expected …, found …. The claim aud …" */
export function inWords(order) {
  const { name, says } = wordsOf(shown[order]);
  const facts = factsOf(shown[order]);
  return `${name}: ${outcomes[shown[order].outcome]}${facts ? `; ${facts}` : ''}. ${says}`.trim();
}

/** Opens one station and closes the others. */
export function open(order) {
  current = order;
  items().forEach((item, each) => {
    const isOpen = each === order;
    item.classList.toggle('open', isOpen);
    item.classList.toggle('ahead', each > order);
    const button = item.querySelector('.stop');
    button.setAttribute('aria-expanded', String(isOpen));
    button.tabIndex = isOpen ? 0 : -1;
    item.querySelector('.details').hidden = !isOpen;
  });
}

export function focus() {
  items()[current].querySelector('.stop').focus();
}

/** @returns {number} where the way ends: at the station that refused, else at the last one */
export function end() {
  const refused = shown.findIndex(({ outcome }) => outcome === 'refused');
  return refused < 0 ? shown.length - 1 : refused;
}

/** @param {import('/page/explain.js').Station[]} stations */
export function draw(stations) {
  const hadFocus = byId('stations').contains(document.activeElement);
  shown = stations;
  byId('stations').replaceChildren(...stations.map(itemOf));
  open(end());
  if (hadFocus) focus();
}

/** @param {?HTMLElement} stop the element that was pressed: a station, or something in it */
export function orderOf(stop) {
  return items().indexOf(stop?.closest('.station'));
}

function verdict({ stations, response }, wasSent) {
  const refused = stations.find(({ outcome }) => outcome === 'refused');
  if (refused) {
    const facts = factsOf(refused);
    return `${wasSent ? 'Stopped' : 'It would stop'} at ${wordsOf(refused).name.toLowerCase()}${facts ? `: ${facts}` : ''}.`;
  }
  if (response) return `${wasSent ? 'Stopped' : 'It would stop'}: ${response.error ?? 'the guard refuses it'}.`;
  return wasSent ? 'Passed every check and reached the handler.' : 'It would pass every check and reach the handler.';
}

/** A code may break after each underscore, or it is too long for a phone. */
function breakable(code) {
  return code.split('_').flatMap((part, index) => (index === 0 ? [part] : ['_', html('wbr'), part]));
}

/**
 * Says what became of a request.
 * @param {import('/page/explain.js').Explanation|undefined} explanation
 * @param {import('/page/api.js').Exchange|undefined} exchange the request itself, if it was sent
 * @param {string} what such as "GET /make-change with an expired token"
 */
export function conclude(explanation, exchange, what) {
  const status = exchange?.status ?? explanation?.response?.status;
  const code = exchange ? exchange.json?.code : explanation?.response?.code;
  const challenge = exchange && headerOf(exchange, 'www-authenticate');
  const unexplained = status === 0 ? 'No response came.' : 'ChangeBank has responded.';
  const words = explanation ? verdict(explanation, exchange !== undefined) : unexplained;
  const colour = status >= 200 && status < 300 ? ' good' : ' bad';
  byId('way-verdict').className = `verdict${exchange ? colour : ''}`;
  byId('way-summary').replaceChildren(
    html('span', { class: 'asked' }, what), ' ', words,
    ...(status ? [' ', html('strong', {}, ...breakable([status, code].filter(Boolean).join(' ')))] : []));
  byId('way-challenge').hidden = !challenge;
  byId('way-challenge').querySelector('code').textContent = challenge ?? '';
}
