// People's ways through the page of ChangeBank, in a real browser.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Bank } from './bank.mjs';
import { Visit, launch, phone, smallPhone, zoomed } from './visit.mjs';

describe('the page', () => {
  let bank;
  let browser;

  before(async () => {
    bank = await Bank.open();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await bank?.close();
  });

  test('a visitor is told to sign in, and sees what the API says to strangers', async () => {
    const visit = await Visit.to(bank, browser);
    assert.deepEqual(visit.consoleErrors, []);
    assert.match(await visit.text('#notice'), /You are signed out\.\s+Sign in to make change\./);
    const signIn = new URL(await visit.page.getAttribute('#sign-in', 'href'));
    assert.equal(signIn.searchParams.get('redirect_uri'), bank.url);
    assert.equal(await visit.page.isVisible('#sign-out'), false);
    await visit.inspect('signed-out');
    await visit.ask('1.02');
    await visit.reads('#slip-answer', 'Missing token cookie and Authorization header');
    assert.equal(await visit.text('#slip-status'), '401');
    assert.match(await visit.text('#slip-answer'), /www-authenticate: Bearer realm="changebank"/);
    assert.doesNotMatch(await visit.text('#slip-request'), /Cookie/);
    assert.equal(await visit.text('#slip-curl'), `curl '${bank.url}make-change?total=1.02'`);
    assert.equal(await visit.page.isVisible('#slip-token'), false);
    assert.match(await visit.text('#result'), /Refused: you are not signed in/);
    await visit.end();
  });

  test('a teller signs in through the hosted login, works, and signs out', async () => {
    const visit = await Visit.to(bank, browser);
    await visit.page.click('#sign-in');
    await visit.page.fill('#loginId', 'teller@example.com');
    await visit.page.fill('#password', 'password');
    await visit.page.click('button[type=submit]');
    await visit.page.waitForURL(bank.url);
    await visit.sessionBecomes('in');
    assert.equal(await visit.text('#name'), 'teller@example.com');
    const cookie = (await visit.context.cookies(bank.url)).find(({ name }) => name === 'app.at');
    assert.equal(cookie.httpOnly, true);
    await visit.ask('1.02');
    await visit.reads('#result', '20 nickels and 2 pennies');

    await visit.page.click('#sign-out');
    await visit.page.waitForURL(bank.url);
    await visit.sessionBecomes('out');
    assert.ok(!(await visit.context.cookies(bank.url)).some(({ name }) => name === 'app.at'));
    await visit.end();
  });

  test('a teller sees who they are, makes change and panics', async () => {
    const token = await bank.tokenOf('teller');
    const visit = await Visit.to(bank, browser, { token });
    assert.equal(await visit.text('#name'), 'teller@example.com');
    assert.deepEqual(await visit.page.locator('.chips li').allInnerTexts(), ['teller']);
    assert.match(await visit.text('#countdown'), /^(1 h 00 min|59 min \d\d s)$/);
    assert.equal(await visit.text('#notice'), '');

    await visit.ask('1.02');
    await visit.reads('#result', '$1.02 is 20 nickels and 2 pennies, which weigh 105\u00a0g.');
    assert.deepEqual(await visit.page.locator('.pile p').allInnerTexts(), ['20 nickels', '2 pennies']);
    assert.deepEqual(await visit.page.locator('.pile').evaluateAll((piles) => piles.map((pile) => pile.querySelectorAll('svg').length)), [2, 2]);
    assert.match(await visit.text('#slip-request'), /^GET \/make-change\?total=1\.02 HTTP\/1\.1\nHost: localhost:\d+\nCookie: app\.at=…$/);
    assert.match(await visit.text('#slip-answer'), /^HTTP\/1\.1 200 OK\n[^]*cache-control: no-store\n[^]*\n\n\{"total":1\.02,"nickels":20,"pennies":2\}$/);
    const line = `curl --cookie "app.at=$TOKEN" '${bank.url}make-change?total=1.02'`;
    assert.equal(await visit.text('#slip-curl'), line);
    await visit.page.click('#copy');
    await visit.reads('#copied', 'Copied.');
    assert.equal(await visit.page.evaluate(() => navigator.clipboard.readText()), line);
    await visit.inspect('change');

    await visit.page.click('#panic');
    await visit.reads('#panic-result', "We've called the police!");
    assert.match(await visit.text('#slip-request'), /^POST \/panic/);
    assert.match(await visit.text('#slip-curl'), /^curl --request POST --cookie/);
    await visit.page.click('summary');
    assert.match(await visit.text('details pre'), /"roles": \[\n\s+"teller"/);
    await visit.inspect('panic-teller');
    await visit.end();
  });

  test('what needs a fresh sign-in says so, and the user comes back to it', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    // A sign-in that no login of ours offers, so that it does not depend on the time.
    await bank.change('access.panic = roles=teller maxAge=5m acr=phr\n');
    try {
      await visit.page.click('#panic');
      await visit.reads('#panic-result', 'This needs a recent sign-in, to be sure that it is you. Sign in again');
      assert.match(await visit.text('#slip-answer'),
        /www-authenticate: Bearer realm="changebank", error="insufficient_user_authentication", max_age="300", acr_values="phr"/);
      // The session itself is as good as before.
      assert.equal(await visit.text('#notice'), '');
      assert.equal(await visit.text('#name'), 'teller@example.com');
      await visit.inspect('panic-fresh-sign-in');
    } finally {
      await bank.change('');
    }
    const signIn = new URL(await visit.page.getAttribute('#panic-result a', 'href'));
    assert.deepEqual(
      ['redirect_uri', 'prompt', 'max_age', 'acr_values'].map((name) => signIn.searchParams.get(name)),
      [bank.url, 'login', '300', 'phr']);
    await visit.page.click('#panic-result a');
    await visit.page.fill('#loginId', 'teller@example.com');
    await visit.page.fill('#password', 'password');
    await visit.page.click('button[type=submit]');
    await visit.page.waitForURL(bank.url);
    await visit.sessionBecomes('in');
    await visit.focusReaches('panic');
    assert.equal(await visit.page.evaluate(() => JSON.stringify(sessionStorage)), '{}');
    await visit.page.keyboard.press('Enter');
    await visit.reads('#panic-result', "We've called the police!");
    await visit.end();
  });

  test('a rule without roles names none', async () => {
    await bank.change('access.panic = scopes=panic\n');
    try {
      const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
      assert.equal(await visit.text('#panic-hint'), 'Calls the police. Not everyone may do this.');
      await visit.page.click('#panic');
      await visit.reads('#panic-result',
        'Refused: the token does not have the scopes that this needs. Ask the operator of ChangeBank.');
      await visit.end();
    } finally {
      await bank.change('');
    }
  });

  test('a session is counted down to its end', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller'), clock: true });
    await visit.page.click('#panic');
    await visit.reads('#panic-result', "We've called the police!");
    await visit.page.fill('#amount', '7');
    await visit.page.clock.fastForward('56:00');
    await visit.reads('#countdown', /^[34] min \d\d s$/);
    assert.match(await visit.page.getAttribute('#countdown', 'class'), /soon/);
    await visit.page.clock.fastForward('05:00');
    await visit.sessionBecomes('expired');
    await visit.reads('#notice', 'Your session has expired.');
    assert.equal(await visit.page.isVisible('#sign-in'), true);
    assert.equal(await visit.page.inputValue('#amount'), '7');
    assert.equal(await visit.text('#panic-result'), '');
    assert.equal(await visit.page.isVisible('#slip'), false);
    await visit.end();
  });

  test('nothing of a session stays when the user signs out or changes in another tab', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    const comeBack = () => visit.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await visit.ask('1.02');
    await visit.reads('#result', '20 nickels');
    await visit.page.click('#panic');
    await visit.reads('#panic-result', "We've called the police!");
    await visit.carry(await bank.tokenOf('customer'));
    await comeBack();
    await visit.reads('#name', 'customer@example.com');
    for (const place of ['#result', '#panic-result', '#tray']) assert.equal(await visit.text(place), '', place);
    assert.equal(await visit.page.isVisible('#slip'), false);

    await visit.ask('1.02');
    await visit.reads('#result', '20 nickels');
    await visit.context.clearCookies();
    await comeBack();
    await visit.sessionBecomes('out');
    assert.equal(await visit.text('#result'), '');
    await visit.end();
  });

  test('no script sees the token', async () => {
    const token = await bank.tokenOf('teller');
    const visit = await Visit.to(bank, browser, { token });
    await visit.ask('3.24');
    await visit.reads('#result', '64 nickels and 4 pennies');
    const seen = await visit.page.evaluate(() => [
      document.cookie, document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join('\n'));
    assert.ok(!seen.includes('app.at=e'));
    assert.ok(!seen.includes(token.split('.')[2]));
    await visit.end();
  });

  test('coins stay readable however many they are', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('customer'), viewport: phone });
    for (const [amount, piles, words] of [
      ['0', [], '$0.00 is 0 nickels and 0 pennies'],
      ['.01', ['1 penny'], '$0.01 is 0 nickels and 1 penny, which weigh 2.5\u00a0g.'],
      ['0.25', ['5 nickels'], '$0.25 is 5 nickels and 0 pennies'],
      ['2', ['1 roll of 40'], '$2.00 is 40 nickels'],
      ['12345.67', ['1 pallet of 200,000', '23 boxes of 2,000', '22 rolls of 40', '33 loose nickels', '2 pennies'],
        '$12,345.67 is 246,913 nickels and 2 pennies, which weigh 1,234\u00a0kg.'],
      ['9999999999999.99', ['999,999,999 pallets of 200,000', '99 boxes of 2,000', '49 rolls of 40', '39 loose nickels', '4 pennies'],
        '$9,999,999,999,999.99 is 199,999,999,999,999 nickels and 4 pennies'],
    ]) {
      await visit.ask(amount);
      await visit.reads('#result', words);
      assert.deepEqual(await visit.page.locator('.pile p').allInnerTexts(), piles, amount);
      assert.ok(await visit.page.locator('#tray svg').count() <= 30, amount);
    }
    await visit.inspect('large-phone');
    await visit.end();
  });

  test('a bad amount is explained where it was typed', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('customer'), viewport: phone });
    for (const amount of ['ten', '', '-1', '1,000', '$5', '1e3', '12345678901234', '1e400', 'NaN', '-0', '0x10', '１', '<script>alert(1)</script>', '1&total=2', '9'.repeat(64)]) {
      await visit.page.evaluate(() => { document.getElementById('slip-status').textContent = ''; });
      await visit.ask(amount);
      await visit.reads('#slip-status', '400');
      await visit.reads('#amount-error', 'That is not an amount.');
      assert.equal(await visit.page.getAttribute('#amount', 'aria-invalid'), 'true');
      assert.equal(await visit.focused(), 'amount');
      assert.equal(await visit.page.locator('#tray svg').count(), 0);
    }
    await visit.inspect('bad-amount-phone');
    await visit.ask('1');
    await visit.reads('#result', '$1.00 is 20 nickels');
    assert.equal(await visit.page.isVisible('#amount-error'), false);
    assert.equal(await visit.page.getAttribute('#amount', 'aria-invalid'), null);
    await visit.end();
  });

  test('a customer who panics is told whom to ask', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('customer') });
    await visit.reads('#panic-hint', 'You need the role teller for it. You do not have that role');
    await visit.page.click('#panic');
    await visit.reads('#panic-result', 'Refused: this needs the role teller. Ask an administrator of FusionAuth for it');
    assert.equal(await visit.text('#slip-status'), '403');
    assert.match(await visit.text('#slip-answer'), /error="insufficient_scope"/);
    await visit.inspect('panic-customer');
    await visit.end();
  });

  test('everything can be done with the keyboard', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    const { keyboard } = visit.page;
    await keyboard.press('Tab');
    assert.equal(await visit.page.evaluate(() => document.activeElement.className), 'skip');
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    assert.equal(await visit.focused(), 'amount');
    await keyboard.type('0.07');
    await keyboard.press('Enter');
    await visit.reads('#result', '1 nickel and 2 pennies');
    assert.equal(await visit.focused(), 'amount');
    const outline = await visit.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, 'solid');

    const visited = [];
    for (let presses = 0; presses < 30 && visited.at(-1) !== 'BODY'; presses += 1) {
      await keyboard.press('Tab');
      visited.push(await visit.focused());
      if (visited.at(-1) === 'panic') {
        await keyboard.press('Space');
        await visit.reads('#panic-result', "We've called the police!");
        assert.equal(await visit.focused(), 'panic');
      }
    }
    for (const each of ['BUTTON', 'panic', 'SUMMARY', 'slip-request', 'slip-answer', 'slip-curl', 'copy', 'A']) {
      assert.ok(visited.includes(each), `the keyboard reaches ${each}: ${visited}`);
    }
    await visit.end();
  });

  test('answers are announced', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    for (const [selector, role] of [['#result', 'status'], ['#panic-result', 'status'], ['#notice', 'alert'], ['#copied', 'status'], ['#countdown', 'timer']]) {
      assert.equal(await visit.page.getAttribute(selector, 'role'), role);
    }
    assert.equal(await visit.page.locator('svg:not([aria-hidden="true"])').count(), 0);
    await visit.end();
  });

  test('a token that is not good is named, with its code', async () => {
    const token = await bank.tokenOf('teller');
    const visit = await Visit.to(bank, browser, { token });
    await visit.carry(`${token.slice(0, -8)}AAAAAAAA`);
    await visit.ask('1');
    await visit.sessionBecomes('refused');
    assert.match(await visit.text('#notice'), /Your token was refused: signature verification failed\.\s+Sign in again.*ERR_JWS_SIGNATURE_VERIFICATION_FAILED/);
    assert.equal(await visit.page.isVisible('#sign-in'), true);
    await visit.inspect('refused');
    await visit.end();
  });

  test('a server that is down is said to be, and found again', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    await visit.page.fill('#amount', '5');
    await bank.shut();
    try {
      await visit.page.click('#change button');
      await visit.sessionBecomes('down');
      assert.match(await visit.text('#notice'), /ChangeBank does not answer\.\s+Is changebankd running, and are you online\?/);
      assert.equal(await visit.text('#slip-answer'), 'No response came.');
      await visit.inspect('down');
    } finally {
      await bank.reopen();
    }
    await visit.page.click('#notice button');
    await visit.sessionBecomes('in');
    assert.equal(await visit.text('#notice'), '');
    assert.equal(await visit.focused(), 'amount');
    assert.equal(await visit.page.inputValue('#amount'), '5');
    await visit.end();
  });

  for (const [where, viewport] of [['a small phone', smallPhone], ['a window zoomed to 200%', zoomed]]) {
    test(`everything has its place in ${where}`, async () => {
      const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller'), viewport });
      await visit.ask('9999999999999.99');
      await visit.reads('#result', '199,999,999,999,999 nickels and 4 pennies');
      await visit.page.click('summary');
      await visit.page.click('#panic');
      await visit.reads('#panic-result', "We've called the police!");
      await visit.inspect(`everything-${viewport.width}`);
      // Fingers and shaky hands need something to hit (WCAG 2.2, 2.5.8 asks for 24 px).
      const small = await visit.page.locator('button:visible, .button:visible, input:visible').evaluateAll((all) => all
        .filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML));
      assert.deepEqual(small, []);
      await visit.end();
    });
  }

  test('larger letters push nothing out of the window', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('customer'), viewport: smallPhone });
    await visit.page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    await visit.ask('12345.67');
    await visit.reads('#result', '246,913 nickels');
    await visit.inspect('large-letters');
    await visit.end();
  });

  test('coins move only for those who like it', async () => {
    for (const [reducedMotion, animation] of [['reduce', 'none'], ['no-preference', 'arrive']]) {
      const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('customer'), reducedMotion });
      await visit.ask('1.02');
      await visit.reads('#result', '20 nickels');
      const names = await visit.page.locator('.pile').evaluateAll((piles) => piles.map((pile) => getComputedStyle(pile).animationName));
      assert.deepEqual(names, [animation, animation]);
      await visit.end();
    }
  });

  test('an alarm that cannot be recorded is not called a matter of tokens', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    await visit.page.route('**/panic', (route) => route.fulfill({
      status: 503,
      headers: { 'Retry-After': '1' },
      json: { error: 'the audit log cannot be written', code: 'ERR_AUDIT_UNAVAILABLE' },
    }));
    await visit.page.click('#panic');
    await visit.reads('#panic-result', 'Not done: the audit log cannot be written. Try again in 1 s. If that does not help, tell');
    assert.equal(await visit.text('#notice'), '');
    await visit.sessionBecomes('in');
    await visit.end();
  });

  test('a server with too much to do says so', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    await visit.page.route('**/make-change*', (route) => route.fulfill({ status: 503, body: '' }));
    await visit.ask('1');
    await visit.sessionBecomes('busy');
    assert.match(await visit.text('#notice'), /ChangeBank is too busy at the moment\.\s+Wait a little\.\s+Try again/);
    await visit.page.click('#notice button');
    await visit.sessionBecomes('in');
    await visit.end();
  });

  test('the policy for content holds', async () => {
    const visit = await Visit.to(bank, browser);
    await visit.page.evaluate(() => {
      const attempts = [
        () => { document.body.append(Object.assign(document.createElement('script'), { src: 'data:text/javascript,pwned = 1' })); },
        () => { document.body.append(Object.assign(document.createElement('script'), { textContent: 'pwned = 1' })); },
        () => { document.body.innerHTML = '<img src=x onerror="pwned = 1">'; },
        () => { document.body.setAttribute('style', 'color: red'); },
        () => { document.body.append(Object.assign(new Image(), { src: 'http://elsewhere.example/x.png' })); },
      ];
      for (const attempt of attempts) {
        try { attempt(); } catch { /* the policy holds */ }
      }
    });
    const forbidding = () => new Set(visit.faults.map((fault) => fault.split(' ')[0]));
    for (const directive of ['require-trusted-types-for', 'style-src-attr', 'img-src']) {
      await visit.page.waitForFunction((wanted) => window.violated?.includes(wanted), directive);
      assert.ok(forbidding().has(directive), String(visit.faults));
    }
    assert.equal(await visit.page.evaluate(() => window.pwned), undefined);
    visit.faults.length = 0;
    await visit.end();
  });

  test('a page without an address to sign in at says whose task that is', async () => {
    const visit = await Visit.to(bank, browser);
    await visit.page.route('**/page/config.json', (route) => route.fulfill({
      json: { login: '', logout: '', cookie: 'app.at', roles: { makeChange: [], panic: [] } },
    }));
    await visit.page.reload();
    await visit.sessionBecomes('out');
    await visit.reads('#notice', 'The operator of ChangeBank has to set page.login first.');
    assert.equal(await visit.page.isVisible('#sign-in'), false);
    await visit.end();
  });
});

describe('a server without keys', () => {
  test('says whose they are, and goes on when they have come', async () => {
    const [bank, keyless, browser] = [await Bank.open(), await Bank.withoutKeys(), await launch()];
    try {
      const visit = await Visit.to(keyless, browser, { token: await bank.tokenOf('teller'), session: 'unready' });
      assert.match(await visit.text('#notice'),
        /ChangeBank cannot check tokens at the moment\.\s+It has no keys from FusionAuth yet, and asks for them again in \d+ s\. If this lasts, check that FusionAuth is running and that auth\.jwks\.uri is its address\./);
      await visit.ask('1');
      await visit.reads('#result', 'Not possible at the moment; see above.');
      assert.equal(await visit.text('#slip-status'), '503');
      await visit.reads('#who', 'Not known while ChangeBank cannot check tokens.');
      await visit.inspect('no-keys');

      await keyless.change(`server.port = 0\nadmin.socket =\nauth.jwks.uri = ${bank.identityProviderUrl}/.well-known/jwks.json\n`);
      await visit.page.click('#notice button');
      await visit.sessionBecomes('in');
      assert.equal(await visit.text('#notice'), '');
      await visit.end();
    } finally {
      await Promise.all([browser.close(), keyless.close(), bank.close()]);
    }
  });
});

describe('a session with a refresh token', () => {
  test('goes on after its access token has expired, until the user signs out', async () => {
    const [bank, browser] = [await Bank.open({ seconds: 6 }), await launch()];
    try {
      const visit = await Visit.to(bank, browser);
      const token = async () => (await visit.context.cookies(bank.url)).find(({ name }) => name === 'app.at')?.value;
      const becomes = async (wanted) => {
        for (let i = 0; !wanted(await token()); ++i) {
          assert.ok(i < 1200, `never: ${wanted}`);
          await visit.page.waitForTimeout(50);
        }
      };
      await visit.page.click('#sign-in');
      await visit.page.click('button.user:has-text("teller@example.com")');
      await visit.page.waitForURL(bank.url);
      await visit.sessionBecomes('in');
      await visit.page.evaluate(() => {
        window.states = [];
        new MutationObserver(() => window.states.push(document.body.dataset.session))
          .observe(document.body, { attributeFilter: ['data-session'] });
      });
      await visit.ask('1.02');
      await visit.reads('#result', '20 nickels');
      const first = await token();
      await becomes((value) => value && value !== first);
      await visit.page.waitForFunction(() => window.states.length > 0);
      assert.deepEqual([...new Set(await visit.page.evaluate(() => window.states))], ['in']);
      assert.match(await visit.text('#result'), /20 nickels/);

      await visit.page.goto('about:blank');
      await becomes((value) => value === undefined);
      await visit.page.goto(bank.url);
      await visit.sessionBecomes('in');
      assert.deepEqual(visit.consoleErrors, []);

      await visit.page.click('#sign-out');
      await visit.page.waitForURL(bank.url);
      await visit.sessionBecomes('out');
      assert.deepEqual(visit.consoleErrors, []);
      await visit.end();
    } finally {
      await Promise.all([browser.close(), bank.close()]);
    }
  });
});

describe('a session that is about to end', () => {
  /** Signs in as a user does, so that there is a refresh token, in a browser with the page's own clock. */
  async function signedIn(bank, browser) {
    const visit = await Visit.to(bank, browser, { clock: true });
    visit.renewals = 0;
    visit.page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().includes('/app/refresh/')) visit.renewals += 1;
    });
    visit.token = async () => (await visit.context.cookies(bank.url)).find(({ name }) => name === 'app.at')?.value;
    await visit.page.click('#sign-in');
    await visit.page.click('button.user:has-text("teller@example.com")');
    await visit.page.waitForURL(bank.url);
    await visit.sessionBecomes('in');
    await visit.page.evaluate(() => {
      window.states = [];
      new MutationObserver(() => window.states.push(document.body.dataset.session))
        .observe(document.body, { attributeFilter: ['data-session'] });
    });
    return visit;
  }

  let bank;
  let browser;

  before(async () => {
    bank = await Bank.open();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await bank?.close();
  });

  test('is renewed a minute before, once', async () => {
    const visit = await signedIn(bank, browser);
    const first = await visit.token();
    await visit.page.clock.fastForward('58:50');
    await visit.page.clock.runFor(2_000);
    assert.equal(visit.renewals, 0);
    const renewed = visit.page.waitForResponse((response) => response.url().includes('/app/refresh/') && response.request().method() === 'POST');
    await visit.page.clock.runFor(15_000);
    await renewed;
    await visit.reads('#countdown', /^(1 h 00 min|59 min \d\d s)$/);
    assert.notEqual(await visit.token(), first);
    await visit.page.clock.runFor(5_000);
    assert.equal(visit.renewals, 1);
    assert.deepEqual([...new Set(await visit.page.evaluate(() => window.states))].filter((state) => state !== 'in'), []);
    assert.deepEqual(visit.consoleErrors, []);
    await visit.end();
  });

  test('is renewed in time if it is short', async () => {
    const visit = await signedIn(bank, browser);
    const margins = await visit.page.evaluate(async () => {
      const { renewalMargin } = await import('/page/session.js');
      return [{ iat: 0, exp: 3600 }, { iat: 0, exp: 60 }, { iat: 0, exp: 4 }, { iat: 5, exp: 4 }, { exp: 60 }].map(renewalMargin);
    });
    assert.deepEqual(margins, [60, 15, 2, 2, 0]);
    await visit.end();
  });

  test('is renewed at the next visit if FusionAuth did not answer at the last', async () => {
    const visit = await signedIn(bank, browser);
    await visit.context.clearCookies({ name: 'app.at' });
    await visit.page.route('**/app/refresh/*', (route) => route.abort());
    await visit.page.reload();
    await visit.sessionBecomes('out');
    await visit.page.unroute('**/app/refresh/*');
    await visit.page.reload();
    await visit.sessionBecomes('in');
    await visit.end();
  });

  test('is not renewed by a page that nobody looks at, nor after another tab has done so', async () => {
    const visit = await signedIn(bank, browser);
    await visit.page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }));
    await visit.page.clock.fastForward('59:10');
    await visit.page.clock.runFor(3_000);
    assert.equal(visit.renewals, 0);
    // Another tab has a token with another end by now.
    await visit.page.route('**/me', async (route) => {
      const response = await route.fetch();
      const claims = await response.json();
      await route.fulfill({ response, json: { ...claims, exp: claims.exp + 600 } });
    });
    await visit.page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true }));
    const read = visit.page.waitForResponse('**/me');
    await visit.page.clock.runFor(1_500);
    await read;
    await visit.reads('#countdown', /1 h 0\d min/);
    assert.equal(visit.renewals, 0);
    await visit.end();
  });

  test('stays until its end if FusionAuth does not renew it', async () => {
    const visit = await signedIn(bank, browser);
    await visit.page.route('**/app/refresh/*', (route) => route.fulfill({
      status: 400, headers: { 'Access-Control-Allow-Origin': bank.url.slice(0, -1), 'Access-Control-Allow-Credentials': 'true' }, body: '' }));
    await visit.page.clock.fastForward('59:10');
    const refused = visit.page.waitForResponse('**/app/refresh/*');
    await visit.page.clock.runFor(2_000);
    await refused;
    await visit.page.clock.runFor(5_000);
    await visit.sessionBecomes('in');
    assert.equal(visit.renewals, 1);
    // The page has read the server's clock meanwhile, by which nearly the whole hour is left.
    await visit.page.clock.fastForward('01:00:00');
    await visit.sessionBecomes('expired');
    assert.equal(visit.renewals, 1);
    await visit.end();
  });
});

describe('a session that ends', () => {
  let bank;
  let browser;

  before(async () => {
    bank = await Bank.open({ seconds: 1 });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await bank?.close();
  });

  test('is known by the answer, and told with what to do', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller'), session: 'expired' });
    assert.match(await visit.text('#notice'), /Your session has expired\.\s+Sign in again to go on/);
    await visit.inspect('expired');
    await visit.ask('7');
    await visit.reads('#slip-answer', 'ERR_JWT_EXPIRED');
    assert.equal(await visit.page.inputValue('#amount'), '7');
    await visit.end();
  });
});
