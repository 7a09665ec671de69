// The page of ChangeBank: what happens when, and what stands where.
import { ask, headerOf, renewCookies } from '/page/api.js';
import { count, drawChange, weight } from '/page/coins.js';
import { byId, html } from '/page/dom.js';
import {
  durationText, isRenewable, nameOf, needsFreshSignIn, readSession, rememberWayBack, rolesOf, secondsLeft, setRenewable,
  stateOf, takeWayBack,
} from '/page/session.js';
import { clearSlip, prepareSlip, showSlip } from '/page/slip.js';

const soon = 300;

let configuration = { login: '', logout: '', cookie: 'app.at', token: false, roles: { makeChange: [], panic: [] } };
let session = { state: 'unknown' };
/** Whose results stand on the page. */
let subject;
let ticking;

/* Where to sign in and out */

function addressOf(template) {
  if (template === '') return undefined;
  const page = encodeURIComponent(`${location.origin}/`);
  try {
    return new URL(template.replaceAll('{page}', page));
  } catch {
    return undefined;
  }
}

/** Where FusionAuth's hosted backend renews the cookies that its login has set; undefined for another login. */
function addressOfRenewal() {
  const login = addressOf(configuration.login);
  const [, clientId] = /^\/app\/login\/([^/]+)\/?$/.exec(login?.pathname ?? '') ?? [];
  return clientId && new URL(`/app/refresh/${clientId}`, login);
}

/** FusionAuth on "localhost" sets its cookie for that name, not for the address 127.0.0.1. */
function placeWithTheCookie(login) {
  const isLoopback = /^(127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);
  if (login?.hostname !== 'localhost' || !isLoopback) return undefined;
  return `${location.protocol}//localhost${location.port ? `:${location.port}` : ''}/`;
}

function signInLink(text) {
  const login = addressOf(configuration.login);
  const elsewhere = placeWithTheCookie(login);
  if (elsewhere) return html('a', { href: elsewhere }, `Go to ${elsewhere} and sign in there`);
  if (!login) return html('span', {}, 'The operator has to say where, in the setting page.login.');
  return html('a', { href: login.href }, text);
}

/** The login, asked to let its user sign in again even though a session is there (OpenID Connect Core section 3.1.2.1). */
function addressOfFreshSignIn(exchange) {
  const login = addressOf(configuration.login);
  if (!login) return undefined;
  login.searchParams.set('prompt', 'login');
  for (const name of ['max_age', 'acr_values']) {
    const [, value] = new RegExp(`\\b${name}="([^"]*)"`).exec(headerOf(exchange, 'www-authenticate') ?? '') ?? [];
    if (value !== undefined) login.searchParams.set(name, value);
  }
  return login;
}

/** A link to sign in again, and then back to the element that asked for it. */
function freshSignInLink(exchange, id) {
  const login = addressOfFreshSignIn(exchange);
  if (!login || placeWithTheCookie(login)) return signInLink('Sign in again');
  const link = html('a', { href: login.href }, 'Sign in again');
  link.addEventListener('click', () => rememberWayBack(id));
  return link;
}

function showSessionLinks() {
  for (const [id, address, wanted] of [
    ['sign-in', addressOf(configuration.login), session.state !== 'in'],
    ['sign-out', addressOf(configuration.logout), session.state === 'in'],
  ]) {
    const link = byId(id);
    link.hidden = !address || !wanted || ['unknown', 'down', 'unready', 'busy'].includes(session.state);
    if (address) link.href = address.href;
  }
}

/* Notices: what is wrong, and what to do */

function notice(title, ...whatToDo) {
  return html('div', { class: 'notice' }, html('p', { class: 'title' }, title), html('p', {}, ...whatToDo));
}

function tryAgain() {
  const button = html('button', { type: 'button', class: 'quiet' }, 'Try again');
  button.addEventListener('click', async () => {
    button.disabled = true;
    await refresh();
    byId('amount').focus();
  });
  return button;
}

function seconds(text) {
  return /^\d+$/.test(text ?? '') ? `${text} s` : 'a moment';
}

const notices = {
  unknown: () => undefined,
  in: () => undefined,
  out: () => notice('You are signed out.', signInLink('Sign in'), ' to make change.'),
  expired: () => notice('Your session has expired.', signInLink('Sign in again'), ' to go on; what you typed stays.'),
  refused: ({ exchange }) => notice(`Your token was refused: ${exchange.json.error}.`,
    signInLink('Sign in again'), ' for a new one. If that does not help, tell whoever runs ChangeBank: ',
    html('code', {}, exchange.json.code)),
  down: () => notice('ChangeBank does not answer.', 'Is changebankd running, and are you online? ', tryAgain()),
  unready: ({ exchange }) => notice('ChangeBank cannot check tokens at the moment.',
    `It has no keys from FusionAuth yet, and asks for them again in ${seconds(headerOf(exchange, 'retry-after'))}. `
    + 'If this lasts: is FusionAuth running, and does the setting auth.jwks.uri say where? ', tryAgain()),
  busy: () => notice('ChangeBank has too much to do at the moment.', 'Wait a little. ', tryAgain()),
  broken: ({ exchange }) => notice(`ChangeBank answered with ${exchange.status}, which this page does not understand.`,
    'Tell whoever runs it. ', tryAgain()),
};

function showNotice() {
  const shown = notices[session.state](session);
  byId('notice').replaceChildren(...(shown ? [shown] : []));
}

/* Who you are */

function clockText(exp) {
  return new Date(exp * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

function until(claims) {
  if (secondsLeft(claims) === undefined) return html('span', {}, 'no end');
  const time = html('time', { datetime: new Date(claims.exp * 1000).toISOString() }, clockText(claims.exp));
  return html('span', {}, time, ', in ', html('span', { id: 'countdown', role: 'timer' }));
}

function row(term, ...description) {
  return html('div', {}, html('dt', {}, term), html('dd', {}, ...description));
}

function identity(claims) {
  const roles = rolesOf(claims).map((role) => html('li', { class: 'chip' }, role));
  return [
    html('dl', { class: 'facts' },
      row('Name', html('strong', { id: 'name' }, nameOf(claims))),
      row('Roles', roles.length > 0 ? html('ul', { class: 'chips' }, ...roles) : 'none'),
      row('Signed in until', until(claims))),
    html('details', {},
      html('summary', {}, 'All claims of your token'),
      html('pre', { tabindex: '0', role: 'region', 'aria-label': 'Claims' }, JSON.stringify(claims, null, 2))),
  ];
}

const strangers = {
  unknown: 'Looking who you are…',
  out: 'Nobody yet: you are signed out.',
  expired: 'Nobody any more: your session has expired.',
  refused: 'Nobody that ChangeBank knows: your token was refused.',
  down: 'Unknown while ChangeBank does not answer.',
  unready: 'Unknown while ChangeBank cannot check tokens.',
  busy: 'Unknown while ChangeBank has too much to do.',
  broken: 'Unknown.',
};

function showIdentity() {
  const shown = session.state === 'in' ? identity(session.claims) : [html('p', { class: 'hint' }, strangers[session.state])];
  byId('who').replaceChildren(...shown);
}

function hasAnyOf(wanted) {
  return session.state === 'in' && rolesOf(session.claims).some((role) => wanted.includes(role));
}

/** No roles: the API asks for something else. */
function inWords(roles) {
  return roles.length > 0 ? new Intl.ListFormat('en', { type: 'disjunction' }).format(roles) : 'that the operator chose';
}

function showPanicHint() {
  const wanted = configuration.roles.panic;
  const asks = wanted.length > 0 ? `It takes the role ${inWords(wanted)}.` : 'Not everybody may.';
  byId('panic-hint').textContent = session.state === 'in' && wanted.length > 0 && !hasAnyOf(wanted)
    ? `Calls the police. ${asks} You do not have it, so you will be refused.`
    : `Calls the police. ${asks}`;
}

function tick() {
  if (session.state !== 'in') return;
  const left = secondsLeft(session.claims);
  if (left === undefined) return;
  if (left === 0) {
    clearInterval(ticking);
    renew({ state: 'expired' }).then(become);
    return;
  }
  const countdown = byId('countdown');
  countdown.textContent = durationText(left);
  countdown.classList.toggle('soon', left <= soon);
}

/** Takes another session over, and says so in every place. */
function become(next) {
  const before = session.state;
  session = next;
  if (['in', 'out', 'expired', 'refused'].includes(session.state)) belongTo(session.claims?.sub);
  document.body.dataset.session = session.state;
  if (before !== session.state || session.state === 'refused') showNotice();
  showSessionLinks();
  showIdentity();
  showPanicHint();
  clearInterval(ticking);
  if (session.state === 'in') ticking = setInterval(tick, 1000);
  tick();
}

/** What a session has left on the page does not outlive it. */
function belongTo(next) {
  if (next !== undefined) setRenewable(true);
  if (subject === next) return;
  const former = subject;
  subject = next;
  if (former === undefined) return;
  for (const id of ['result', 'panic-result']) byId(id).textContent = '';
  byId('tray').replaceChildren();
  clearSlip();
}

/** A session whose token has expired goes on if FusionAuth renews it, else it is the one given. */
async function renew(ended) {
  const address = addressOfRenewal();
  if (!['out', 'expired'].includes(ended.state) || !address || !isRenewable()) return ended;
  setRenewable(false);
  return await renewCookies(address) ? readSession() : ended;
}

async function refresh() {
  const exchange = await ask('GET', '/page/config.json');
  if (exchange.status !== 200 || !exchange.json) {
    become({ state: stateOf(exchange) ?? 'broken', exchange });
    return;
  }
  configuration = exchange.json;
  showExamples();
  // A browser shows each refused request in red on the console, so the page asks only with a token.
  become(await renew(configuration.token ? await readSession() : { state: 'out' }));
}

/** An answer to some request may tell that the session is not what it was. */
async function learnFrom(exchange) {
  const state = stateOf(exchange);
  if (state) become({ state, exchange });
  else if (session.state !== 'in') await refresh();
}

/** Asks for the user, once more if the session had ended and goes on. */
async function askForUser(method, target) {
  let exchange = await ask(method, target);
  const state = stateOf(exchange);
  const next = state && await renew({ state, exchange });
  if (next?.state === 'in') {
    become(next);
    exchange = await ask(method, target);
  }
  await learnFrom(exchange);
  showSlip(exchange, configuration.cookie, session.state !== 'out');
  return exchange;
}

/* Refusals, in words */

function refusal(exchange, wanted) {
  switch (exchange.status) {
    case 0: return 'No answer came; see above.';
    case 401: return 'Refused: who are you? See above.';
    case 403: return exchange.json?.code === 'ERR_INSUFFICIENT_SCOPE'
      ? `Refused: ${exchange.json.error}. Ask whoever runs ChangeBank.`
      : `Refused: it takes the role ${inWords(wanted)}. Ask whoever runs FusionAuth to give it to you, `
        + 'then sign out and in again.';
    case 503: return exchange.json?.code?.startsWith('ERR_JWKS_') === false
      ? `Not done: ${exchange.json.error}. Try again in ${seconds(headerOf(exchange, 'retry-after'))}; if that does not help, `
        + 'tell whoever runs ChangeBank.'
      : 'Not at the moment; see above.';
    default: return `ChangeBank answered with ${exchange.status}: ${exchange.json?.error ?? exchange.statusText}.`;
  }
}

/** Says why something was not done; `id` is the element to come back to. */
function showRefusal(place, exchange, wanted, id) {
  if (needsFreshSignIn(exchange)) {
    place.replaceChildren('This needs a fresh sign-in, to be sure that it is you. ', freshSignInLink(exchange, id),
      '; then you are back here.');
  } else {
    place.textContent = refusal(exchange, wanted);
  }
}

/* Make change */

/** A member of an answer to make-change as a BigInt; JSON.parse would round large ones. */
function wholeNumber(exchange, name) {
  return BigInt(new RegExp(`"${name}":(\\d+)`).exec(exchange.text)[1]);
}

function dollars(exchange) {
  const [whole, cents = ''] = /"total":([\d.]+)/.exec(exchange.text)[1].split('.');
  return `$${new Intl.NumberFormat('en-US').format(BigInt(whole))}.${cents.padEnd(2, '0')}`;
}

function showChange(exchange) {
  const [nickels, pennies] = [wholeNumber(exchange, 'nickels'), wholeNumber(exchange, 'pennies')];
  byId('tray').replaceChildren(drawChange(nickels, pennies));
  byId('result').textContent = `${dollars(exchange)} is ${count(nickels, 'nickel', 'nickels')} and `
    + `${count(pennies, 'penny', 'pennies')}, which weigh ${weight(nickels, pennies)}.`;
}

function showBadAmount(message) {
  const [amount, error] = [byId('amount'), byId('amount-error')];
  error.hidden = message === '';
  error.textContent = message;
  amount.toggleAttribute('aria-invalid', message !== '');
  if (message !== '') {
    amount.setAttribute('aria-invalid', 'true');
    amount.focus();
  }
}

async function busy(button, work) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  // Not "disabled", which would take the focus away from who works with the keyboard.
  button.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

async function makeChange() {
  const exchange = await askForUser('GET', `/make-change?total=${encodeURIComponent(byId('amount').value.trim())}`);
  byId('tray').replaceChildren();
  byId('result').textContent = '';
  byId('result').classList.toggle('bad', exchange.status !== 200);
  showBadAmount('');
  if (exchange.status === 200) showChange(exchange);
  else if (exchange.status === 400) showBadAmount('That is no amount. Use digits and a point, such as 1.02, and at most 13 digits before the point.');
  else showRefusal(byId('result'), exchange, configuration.roles.makeChange, 'amount');
}

/* Panic */

async function panic() {
  const result = byId('panic-result');
  result.textContent = '';
  const exchange = await askForUser('POST', '/panic');
  if (exchange.status === 200) result.textContent = exchange.json.message;
  else showRefusal(result, exchange, configuration.roles.panic, 'panic');
  result.classList.toggle('bad', exchange.status !== 200);
}

/* The beginning */

/** The examples at the bottom are those of this very server. */
function showExamples() {
  for (const [name, text] of [
    ['cookie', configuration.cookie],
    ['origin', location.origin],
    ['may-change', inWords(configuration.roles.makeChange)],
    ['may-panic', inWords(configuration.roles.panic)],
  ]) {
    for (const place of document.querySelectorAll(`[data-shows="${name}"]`)) place.textContent = text;
  }
}

/** Who has signed in again finds what that was for. */
function comeBack() {
  const id = takeWayBack();
  if (session.state === 'in' && ['amount', 'panic'].includes(id)) byId(id).focus();
}

async function begin() {
  // What a sign-in leaves behind in the address is of no use to anybody.
  if (location.search !== '') history.replaceState(null, '', location.pathname);
  prepareSlip();
  byId('change').addEventListener('submit', (event) => {
    event.preventDefault();
    busy(event.submitter ?? byId('change').querySelector('button'), makeChange);
  });
  byId('panic').addEventListener('click', (event) => busy(event.currentTarget, panic));
  // Whoever signed in or out in another tab comes back to a page that knows.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') refresh();
  });
  byId('sign-out').addEventListener('click', () => setRenewable(false));
  await refresh();
  comeBack();
}

begin();
