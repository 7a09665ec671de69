// The login page of kickstartd in a real browser: every state of it, with the keyboard alone and at phone width.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { applicationId, startKickstartd } from './kickstartd.mjs';
import { Visit, desktop, launch, phone } from './visit.mjs';

let kickstartd;
let browser;
let origin;

before(async () => {
  [kickstartd, browser] = await Promise.all([startKickstartd(), launch()]);
  origin = kickstartd.url.replace('127.0.0.1', 'localhost');
});
after(async () => {
  await browser.close();
  assert.equal(await kickstartd.stop(), 0);
});

/** A visit that begins as an application begins it: at the hosted backend. */
async function open(viewport = desktop, parameters = '') {
  const visit = new Visit();
  visit.context = await browser.newContext({ viewport, locale: 'en-US' });
  visit.page = await visit.context.newPage();
  visit.page.setDefaultTimeout(60_000);
  visit.page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) visit.faults.push(message.text());
  });
  visit.page.on('pageerror', (error) => visit.faults.push(String(error)));
  await visit.page.goto(`${origin}/app/login/${applicationId}?redirect_uri=http://localhost:3000&state=s${parameters}`);
  return visit;
}

async function signIn(visit, loginId, password = 'password') {
  await visit.page.fill('#loginId', loginId);
  await visit.page.fill('#password', password);
  await visit.page.press('#password', 'Enter');
}

test('the page says what it is, and its first field waits for the name', async () => {
  for (const viewport of [desktop, phone]) {
    const visit = await open(viewport);
    assert.equal(await visit.text('h1'), 'Sign in to ChangeBank');
    assert.equal(await visit.page.title(), 'Sign in to ChangeBank');
    await visit.focusReaches('loginId');
    await visit.inspect(`login-${viewport.width}`);
    await visit.end();
  }
});

test('the keyboard alone leads through it, to the application', async () => {
  const visit = await open();
  // Nobody may be there at the application's place; what counts is that the browser goes there.
  const arrival = visit.page.waitForRequest('http://localhost:3000/?state=s');
  await visit.focusReaches('loginId');
  await visit.page.keyboard.type('teller@example.com');
  await visit.page.keyboard.press('Tab');
  assert.equal(await visit.focused(), 'password');
  await visit.page.keyboard.type('password');
  await visit.page.keyboard.press('Tab');
  assert.equal(await visit.focused(), 'BUTTON');
  await visit.page.keyboard.press('Enter');
  await arrival;
  const cookies = Object.fromEntries((await visit.context.cookies(origin)).map((cookie) => [cookie.name, cookie]));
  assert.equal(cookies['app.at'].httpOnly, true);
  assert.equal(cookies['app.rt'].httpOnly, true);
  assert.equal(cookies['app.at_exp'].httpOnly, false);
  for (const cookie of Object.values(cookies)) assert.equal(cookie.sameSite, 'Lax', cookie.name);
  await visit.end();
});

test('a user of the kickstart signs in with one click', async () => {
  const visit = await open();
  const arrival = visit.page.waitForRequest('http://localhost:3000/?state=s');
  const offers = await visit.page.locator('button.user').allInnerTexts();
  assert.deepEqual(offers, ['teller@example.com teller', 'customer@example.com customer']);
  await visit.page.click('button.user:has-text("customer@example.com")');
  await arrival;
  const token = (await visit.context.cookies(origin)).find(({ name }) => name === 'app.at').value;
  assert.equal(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).roles[0], 'customer');
  await visit.end();
});

test('the page at the root shows applications and users', async () => {
  for (const viewport of [desktop, phone]) {
    const visit = await open(viewport);
    await visit.page.goto(origin);
    await visit.reads('li', 'teller@example.com with the password password');
    await visit.inspect(`home-${viewport.width}`);
    await visit.page.click('a:has-text("ChangeBank")');
    await visit.reads('h1', 'Sign in to ChangeBank');
    await visit.end();
  }
});

test('a wrong password is told, and the name stays', async () => {
  const visit = await open();
  await signIn(visit, 'customer@example.com', 'wrong');
  await visit.reads('[role=alert]', 'The name or the password is wrong.');
  assert.match(await visit.page.title(), /^Error: /);
  assert.equal(await visit.page.inputValue('#loginId'), 'customer@example.com');
  assert.equal(await visit.page.inputValue('#password'), '');
  await visit.focusReaches('password');
  assert.equal(await visit.page.getAttribute('#password', 'aria-describedby'), 'notice');
  await visit.inspect('login-wrong');
  await visit.end();
});

test('a request that cannot be answered is explained', async () => {
  const visit = await open();
  await visit.page.goto(`${origin}/app/login/${applicationId}?redirect_uri=http://elsewhere.example/`);
  await visit.reads('dd', 'invalid_redirect_uri');
  await visit.inspect('login-error');
  await visit.end();
});

test('another page cannot frame it', async () => {
  const visit = await open();
  const address = visit.page.url();
  await visit.page.route('http://attacker.localhost/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${address}"></iframe>` }));
  await visit.page.goto('http://attacker.localhost/');
  await assert.rejects(visit.page.frameLocator('iframe').locator('#password').waitFor({ timeout: 2000 }));
  await visit.context.close();
});
