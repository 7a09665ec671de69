// The page of ChangeBank: what happens when, and what stands where.
import { ask, headerOf, renewCookies } from '/page/api.js';
import { offerAttempts } from '/page/breakit.js';
import { count, drawChange, weight } from '/page/coins.js';
import { byId, html } from '/page/dom.js';
import { drawJourney } from '/page/journey.js';
import { refusalInWords, rolesInWords, secondsInWords } from '/page/refusal.js';
import {
  durationText, isRenewable, nameOf, needsFreshSignIn, readSession, renewalMargin, rolesOf, secondsLeft, setRenewable,
  stateOf, takeWayBack,
} from '/page/session.js';
import { addressOf, addressOfRenewal, freshSignInLink, signInLink } from '/page/signin.js';
import { clearSlip, prepareSlip, showSlip } from '/page/slip.js';
import { prepareStory, tellNewcomer } from '/page/story.js';

const soon = 300;

let configuration = {
  login: '', logout: '', cookie: 'app.at', token: false, roles: { makeChange: [], panic: [] }, brokenTokens: '', explain: false,
};
let session = { state: 'unknown' };
/** The end of the token that was to be renewed before it, so that it is tried once. */
let renewedEnd;
/** Whose results stand on the page. */
let subject;
let ticking;
/** When the way is drawn. */
let drawn = Promise.resolve();

/* The session */

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

/** Where kickstartd makes test tokens, its login offers the sample users of kickstart.json. */
function sampleUsersHint() {
  return configuration.brokenTokens ? ' For development: the sign-in page offers sample users, one click each.' : '';
}

const notices = {
  unknown: () => undefined,
  in: () => undefined,
  out: () => notice('You are signed out.', signInLink(configuration.login, 'Sign in'), ` to make change.${sampleUsersHint()}`),
  expired: () => notice('Your session has expired.', signInLink(configuration.login, 'Sign in again'),
    ' to go on. What you typed stays.'),
  refused: ({ exchange }) => notice(`Your token was refused: ${exchange.json.error}.`,
    signInLink(configuration.login, 'Sign in again'), ' for a new one. If that does not help, tell the operator of ChangeBank: ',
    html('code', {}, exchange.json.code)),
  down: () => notice('ChangeBank does not answer.', 'Is changebankd running, and are you online? ', tryAgain()),
  unready: ({ exchange }) => notice('ChangeBank cannot check tokens at the moment.',
    `It has no keys from FusionAuth yet, and asks for them again in ${secondsInWords(headerOf(exchange, 'retry-after'))}. `
    + 'If this lasts, check that FusionAuth is running and that auth.jwks.uri is its address. ', tryAgain()),
  busy: ({ exchange }) => (exchange.status === 429
    ? notice('You have sent too many requests.', `Wait ${secondsInWords(headerOf(exchange, 'retry-after'))}. `, tryAgain())
    : notice('ChangeBank is too busy at the moment.', 'Wait a little. ', tryAgain())),
  broken: ({ exchange }) => notice(`ChangeBank answered with ${exchange.status}, which this page does not understand.`,
    'Tell the operator of ChangeBank. ', tryAgain()),
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
  unknown: 'Checking who you are…',
  out: 'Sign in to see who you are.',
  expired: 'Your session has expired. Sign in again to see who you are.',
  refused: 'Your token was refused. Sign in again to see who you are.',
  down: 'Not known while ChangeBank does not answer.',
  unready: 'Not known while ChangeBank cannot check tokens.',
  busy: 'Not known: ChangeBank takes no more requests at the moment.',
  broken: 'Not known.',
};

function showIdentity() {
  const shown = session.state === 'in' ? identity(session.claims) : [html('p', { class: 'hint' }, strangers[session.state])];
  byId('who').replaceChildren(...shown);
}

function hasAnyOf(wanted) {
  return session.state === 'in' && rolesOf(session.claims).some((role) => wanted.includes(role));
}

function showPanicHint() {
  const wanted = configuration.roles.panic;
  const asks = wanted.length > 0 ? `You need the role ${rolesInWords(wanted)} for it.` : 'Not everyone may do this.';
  byId('panic-hint').textContent = session.state === 'in' && wanted.length > 0 && !hasAnyOf(wanted)
    ? `Calls the police. ${asks} You do not have that role, so you will be refused.`
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
  if (left <= renewalMargin(session.claims)) renewBeforeTheEnd();
  const countdown = byId('countdown');
  countdown.textContent = durationText(left);
  countdown.classList.toggle('soon', left <= soon);
}

/** Takes another session over, and says so in every place. */
function become(next) {
  const before = session.state;
  session = next;
  const isOtherUser = ['in', 'out', 'expired', 'refused'].includes(session.state) && belongTo(session.claims?.sub);
  document.body.dataset.session = session.state;
  const isOther = before !== session.state || session.state === 'refused';
  if (isOther) showNotice();
  showSessionLinks();
  showIdentity();
  showPanicHint();
  offerAttempts(configuration.brokenTokens ?? '', session.state === 'in', attempt, busy);
  if (isOther || isOtherUser) showSampleWay();
  clearInterval(ticking);
  if (session.state === 'in') ticking = setInterval(tick, 1000);
  tick();
}

/**
 * What a session has left on the page does not outlive it.
 * @returns {boolean} whether it is another user's now
 */
function belongTo(next) {
  if (subject === next) return false;
  if (next !== undefined) setRenewable(true);
  const former = subject;
  subject = next;
  if (former === undefined) return false;
  for (const id of ['result', 'panic-result']) byId(id).textContent = '';
  byId('tray').replaceChildren();
  clearSlip();
  return true;
}

/** A session whose token has expired goes on if FusionAuth renews it, else it is the one given. */
async function renew(ended) {
  const address = addressOfRenewal(configuration.login);
  if (!['out', 'expired'].includes(ended.state) || !address || !isRenewable()) return ended;
  return await renewedSession(address) ?? ended;
}

/** @returns {Promise<Session | undefined>} undefined if FusionAuth has not renewed it */
async function renewedSession(address) {
  const outcome = await renewCookies(address);
  if (outcome === 'refused') setRenewable(false);
  return outcome === 'renewed' ? readSession() : undefined;
}

/** One tab at a time: a refresh token may be good for one use only. The others find the new cookie. */
function oneTabAtATime(work) {
  return navigator.locks ? navigator.locks.request('changebank.renewal', work) : work();
}

/** Renews the session of a page that is looked at while its token is still good, once for each token. */
async function renewBeforeTheEnd() {
  const address = addressOfRenewal(configuration.login);
  const end = session.claims.exp;
  if (renewedEnd === end || !address || !isRenewable() || document.visibilityState !== 'visible') return;
  renewedEnd = end;
  const next = await oneTabAtATime(async () => {
    const now = await readSession();
    if (now.state !== 'in' || now.claims.exp !== end) return now;
    return renewedSession(address);
  });
  if (next?.state === 'in') become(next);
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
  showSlip(exchange, configuration.cookie, session.state === 'out' ? 'none' : 'cookie');
  drawJourney({ method, target, ...ownCredential() }, exchange, session, configuration);
  return exchange;
}

/* The way of the token */

function ownCredential() {
  return { credential: 'cookie', what: session.state === 'out' ? 'without a token' : 'with your token' };
}

/** Before the first request: how far one would come. */
function showSampleWay() {
  if (['unknown', 'down', 'busy', 'broken'].includes(session.state)) return;
  drawn = drawJourney({ method: 'GET', target: '/make-change', ...ownCredential() }, undefined, session, configuration);
}

/** Sends what the guard must refuse, and shows how far it came. */
async function attempt(request) {
  const { method, target, credential } = request;
  const exchange = await ask(method, target, credential);
  const carries = { cookie: 'cookie', none: 'none' }[credential] ?? 'header';
  showSlip(exchange, configuration.cookie, carries);
  await drawJourney(request, exchange, session, configuration);
}

/* Refusals */

/** Says why something was not done; `id` is the element to come back to. */
function showRefusal(place, exchange, wanted, id) {
  if (needsFreshSignIn(exchange)) {
    place.replaceChildren('This needs a recent sign-in, to be sure that it is you. ',
      freshSignInLink(configuration.login, exchange, id), '; it leads back here.');
  } else {
    place.textContent = refusalInWords(exchange, wanted);
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
  // Not "disabled", which would take the focus away from the keyboard's user.
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
  else if (exchange.status === 400) showBadAmount('That is not an amount. Use digits and a point, such as 1.02, and at most 13 digits before the point.');
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
    ['may-change', rolesInWords(configuration.roles.makeChange)],
    ['may-panic', rolesInWords(configuration.roles.panic)],
  ]) {
    for (const place of document.querySelectorAll(`[data-shows="${name}"]`)) place.textContent = text;
  }
}

/** After signing in again, the user is back at what that was for. */
function comeBack() {
  const id = takeWayBack();
  if (session.state === 'in' && ['amount', 'panic'].includes(id)) byId(id).focus();
}

async function begin() {
  // The parameters that a sign-in leaves in the address have no use any more.
  if (location.search !== '') history.replaceState(null, '', location.pathname);
  prepareSlip();
  prepareStory();
  byId('change').addEventListener('submit', (event) => {
    event.preventDefault();
    busy(event.submitter ?? byId('change').querySelector('button'), makeChange);
  });
  byId('panic').addEventListener('click', (event) => busy(event.currentTarget, panic));
  // A user may have signed in or out in another tab.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') refresh();
  });
  byId('sign-out').addEventListener('click', () => setRenewable(false));
  await refresh();
  comeBack();
  await drawn;
  tellNewcomer();
}

begin();
