// The way of the token on the page of ChangeBank: what is lit, where a refused request stops, and who can follow it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Bank, applicationId } from './bank.mjs';
import { Visit, launch, phone, smallPhone } from './visit.mjs';

const beforehand = ['browser', 'login', 'cookie'];
const narrowPhone = { width: 320, height: 640 };

/** The stations as the page shows them: "passed", "refused", "notReached" or "skipped" by check. */
async function stationsOf(visit) {
  return Object.fromEntries(await visit.page.locator('.station').evaluateAll((all) => all.map((each) => [
    each.dataset.check, ['passed', 'refused', 'notReached', 'skipped'].find((outcome) => each.classList.contains(outcome))])));
}

/** What was found at a station. */
function foundAt(visit, check) {
  return visit.page.locator(`[data-check="${check}"] .found`).textContent();
}

function openStation(visit) {
  return visit.page.locator('.station.open').evaluateAll((all) => all.map((each) => each.dataset.check).join());
}

async function stops(visit, check) {
  await visit.page.locator(`[data-check="${check}"].refused`).waitFor();
  const stations = await stationsOf(visit);
  const order = Object.keys(stations);
  const at = order.indexOf(check);
  assert.ok(order.slice(3, at).every((each) => stations[each] === 'passed'), JSON.stringify(stations));
  assert.ok(order.slice(at + 1).every((each) => stations[each] === 'notReached'), JSON.stringify(stations));
  assert.equal(await openStation(visit), check);
}

/** An explanation as no ChangeBank gives it. */
function explainedAs(visit, stations, response = null) {
  return visit.page.route('**/explain?*', (route) => route.fulfill({
    json: { request: { method: 'GET', path: '/make-change' }, stations, response },
  }));
}

describe('the way of a token', () => {
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

  test('a good request lights up every station, with the values that were checked', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    await visit.reads('#way-summary', 'GET /make-change with your token. It would pass every check and reach the handler.');
    await visit.ask('1.02');
    await visit.reads('#way-summary', 'GET /make-change with your token. Passed every check and reached the handler. 200');
    assert.match(await visit.page.getAttribute('#way-verdict', 'class'), /good/);
    const stations = await stationsOf(visit);
    const { stations: explained } = await (await visit.page.request.get(`${bank.url}explain?method=GET&path=/make-change`)).json();
    assert.deepEqual(Object.keys(stations), [...beforehand, ...explained.map(({ check }) => check)]);
    assert.deepEqual(new Set(Object.values(stations)), new Set(['passed']), JSON.stringify(stations));
    for (const check of ['form', 'key', 'signature', 'issuer', 'audience', 'times', 'kind', 'access', 'handler']) {
      assert.ok(check in stations, check);
    }
    assert.equal(await foundAt(visit, 'browser'), 'GET /make-change?total=1.02');
    assert.match(await foundAt(visit, 'login'), /^teller@example\.com, at localhost:\d+$/);
    assert.equal(await foundAt(visit, 'cookie'), 'app.at');
    assert.match(await foundAt(visit, 'issuer'), /http:\/\/localhost:9011/);
    assert.ok((await foundAt(visit, 'audience')).includes(applicationId));
    assert.match(await foundAt(visit, 'times'), /\b3[56]\d\d s/);
    assert.match(await foundAt(visit, 'access'), /teller/);
    assert.equal(await openStation(visit), 'handler');
    assert.equal(await visit.text('.station:last-child .outcome'), 'passed');
    await visit.inspect('way-passed');
    await visit.end();
  });

  test('a customer who panics is stopped at the role', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('customer') });
    await visit.page.click('#panic');
    await visit.reads('#way-summary', 'POST /panic with your token. Stopped at role: expected');
    await stops(visit, 'access');
    assert.match(await visit.text('#way-summary'), /teller.*customer.* 403$/s);
    assert.match(await visit.text('#way-challenge'), /error="insufficient_scope"/);
    assert.match(await visit.text('.station.open .checked'), /Expected[^]*teller[^]*Found[^]*customer/);
    await visit.inspect('way-role');
    await visit.end();
  });

  test('a request that its handler refuses has passed the guard', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    await visit.ask('ten');
    await visit.reads('#way-summary', 'Passed every check and reached the handler. 400');
    assert.match(await visit.page.getAttribute('#way-verdict', 'class'), /bad/);
    await visit.end();
  });

  test('somebody who is not signed in is stopped at the token, in calm words', async () => {
    const visit = await Visit.to(bank, browser);
    await visit.reads('#way-summary', 'GET /make-change without a token. It would stop at token: expected');
    await stops(visit, 'token');
    assert.deepEqual(visit.consoleErrors, []);
    assert.equal(await visit.page.getAttribute('#way-verdict', 'class'), 'verdict');
    assert.equal(await foundAt(visit, 'login'), 'not signed in');
    assert.equal(await foundAt(visit, 'cookie'), 'no app.at');
    assert.match(await visit.text('#notice'), /the sign-in page offers sample users, one click each/);
    await visit.inspect('way-signed-out');
    await visit.end();
  });

  for (const [kind, check, status, code] of [
    ['changed', 'signature', 401, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    ['expired', 'times', 401, 'ERR_JWT_EXPIRED'],
    ['audience', 'audience', 401, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['key', 'key', 401, 'ERR_JWKS_NO_MATCHING_KEY'],
    ['role', 'access', 403, undefined],
    ['none', 'token', 401, undefined],
  ]) {
    test(`the button "${kind}" shows where the guard stops it: at ${check}`, async () => {
      const token = await bank.tokenOf('teller');
      const visit = await Visit.to(bank, browser, { token, viewport: phone });
      const sent = [];
      visit.page.on('request', (request) => {
        if (/^\/(make-change|explain)/.test(new URL(request.url()).pathname)) sent.push(request);
      });
      let broken;
      visit.page.on('response', async (response) => {
        if (response.url().includes('/broken-token')) broken = (await response.json()).token;
      });
      await visit.page.click(`#break-${kind}`);
      await visit.reads('#way-summary', `Stopped at ${{ access: 'role' }[check] ?? check}`);
      await stops(visit, check);
      const summary = await visit.text('#way-summary');
      assert.ok(summary.endsWith([status, code].filter(Boolean).join(' ')), summary);
      if (kind === 'audience') assert.match(summary, new RegExp(`expected .*${applicationId}.*, found `));
      assert.equal(await visit.text('#slip-status'), String(status));
      assert.match(await visit.text('#way-challenge'), /Bearer realm="changebank"/);
      assert.equal(sent.length, 2);
      for (const request of sent) {
        const headers = await request.allHeaders();
        assert.equal(headers.cookie, undefined, request.url());
        assert.equal(headers.authorization, kind === 'none' ? undefined : `Bearer ${broken}`);
      }
      const request = await visit.text('#slip-request');
      assert.ok(!request.includes('Cookie') && request.includes('Authorization: Bearer …') === (kind !== 'none'), request);
      assert.equal(await visit.page.isVisible('#slip-token'), kind !== 'none');
      // The user's own session is as good as before, and the token is nowhere.
      assert.equal(await visit.text('#notice'), '');
      await visit.sessionBecomes('in');
      const seen = await visit.page.evaluate(() => [
        document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage), location.href].join('\n'));
      assert.equal(kind === 'none', broken === undefined);
      if (broken) assert.ok(!broken.split('.').some((part) => seen.includes(part)));
      await visit.inspect(`break-${kind}`);

      await visit.page.click('#break-own');
      await visit.reads('#way-summary', 'GET /make-change with your token. Passed every check and reached the handler. 200');
      await visit.end();
    });
  }

  test('test tokens that cannot be had are said to be missing', async () => {
    const visit = await Visit.to(bank, browser);
    await visit.page.route('**/broken-token?*', (route) => route.abort());
    await visit.page.click('#break-expired');
    await visit.reads('#break-trouble', 'kickstartd did not make the token. Is it running?');
    await visit.page.click('#break-none');
    await visit.reads('#slip-status', '401');
    assert.equal(await visit.text('#break-trouble'), '');
    await visit.end();
  });

  test('the stations can be stepped through with the keyboard', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    const { keyboard } = visit.page;
    await visit.page.locator('.station').first().waitFor();
    const checks = Object.keys(await stationsOf(visit));
    const focused = () => visit.page.evaluate(() => document.activeElement.closest('.station')?.dataset.check);
    assert.equal(await visit.page.locator('.stop[tabindex="0"]').count(), 1);
    await visit.page.focus('#story-next');
    await keyboard.press('Tab');
    assert.equal(await focused(), 'handler');
    for (const [key, check] of [
      ['Home', 'browser'], ['ArrowUp', 'browser'], ['ArrowDown', 'login'], ['ArrowRight', 'cookie'], ['ArrowLeft', 'login'],
      ['End', 'handler'], ['ArrowDown', 'handler'], ['ArrowUp', checks.at(-2)],
    ]) {
      await keyboard.press(key);
      assert.equal(await focused(), check, key);
      assert.equal(await openStation(visit), check, key);
      assert.equal(await visit.page.locator('.stop[aria-expanded="true"]').count(), 1);
      assert.equal(await visit.page.locator('.details:visible').count(), 1);
      assert.equal(await visit.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'solid');
    }
    assert.equal(await visit.text('#story-step'), `${checks.length - 1} of ${checks.length}`);
    await keyboard.press('Alt+ArrowUp');
    assert.equal(await openStation(visit), checks.at(-2));

    // The buttons keep the focus, and what they open is announced.
    await visit.page.focus('#story-next');
    await keyboard.press('Enter');
    assert.equal(await openStation(visit), 'handler');
    assert.equal(await visit.page.getAttribute('#story-next', 'aria-disabled'), 'true');
    assert.equal(await visit.focused(), 'story-next');
    await visit.reads('#story-said', 'Handler: passed');
    await visit.page.focus('#story-back');
    for (let times = 0; times < checks.length - 1 - checks.indexOf('audience'); times += 1) await keyboard.press('Space');
    assert.equal(await openStation(visit), 'audience');
    await visit.reads('#story-said', `Audience: passed; expected ${applicationId}`);
    await visit.page.click('[data-check="key"] .stop');
    assert.equal(await openStation(visit), 'key');
    await visit.end();
  });

  test('a screen reader is told the stations, their outcome and the result', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('customer') });
    await visit.page.click('#panic');
    await visit.reads('#way-summary', 'Stopped at role');
    const list = visit.page.getByRole('list', { name: 'Stations' });
    assert.equal(await list.getByRole('listitem').count(), await visit.page.locator('.station').count());
    for (const name of [/^Issuer passed http:\/\/localhost:9011/, /^Role stopped here/, /^Handler not reached/]) {
      assert.equal(await list.getByRole('button', { name }).count(), 1, String(name));
    }
    assert.equal(await list.getByRole('button', { name: /^Role/, expanded: true }).count(), 1);
    for (const id of ['way-summary', 'story-said', 'break-trouble']) {
      assert.equal(await visit.page.getAttribute(`#${id}`, 'role'), 'status', id);
    }
    await visit.page.getByRole('group', { name: 'Step through the stations' }).getByRole('button', { name: 'Play' }).waitFor();
    await visit.page.getByRole('group', { name: 'Break it' }).getByRole('button', { name: 'Expired token' }).waitFor();
    await visit.page.getByRole('region', { name: 'The way of a token' }).waitFor();
    await visit.end();
  });

  test('who likes less motion sees the end at once', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller'), reducedMotion: 'reduce' });
    await visit.page.locator('[data-check="handler"].open').waitFor();
    assert.equal(await visit.text('#story-run'), 'Play');
    assert.equal(await visit.page.evaluate(() => localStorage.getItem('changebank.storyTold')), null);
    const animations = await visit.page.evaluate(() => document.getAnimations().length);
    assert.equal(animations, 0);
    await visit.end();
  });

  test('the story runs by itself once, and can be paused', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller'), clock: true, reducedMotion: 'no-preference' });
    await visit.reads('#story-run', 'Pause');
    const checks = Object.keys(await stationsOf(visit));
    assert.equal(await openStation(visit), 'browser');
    assert.equal(await visit.page.locator('.telling .ahead').count(), checks.length - 1);
    await visit.page.clock.runFor(3_000);
    assert.equal(await openStation(visit), 'login');
    assert.equal(await visit.text('#story-said'), '', 'what runs by itself interrupts no screen reader');
    await visit.page.click('#story-run');
    await visit.reads('#story-run', 'Play');
    await visit.page.clock.runFor(30_000);
    assert.equal(await openStation(visit), 'login');
    await visit.page.click('#story-run');
    await visit.page.clock.runFor(3_000);
    assert.equal(await openStation(visit), 'cookie');
    await visit.page.clock.runFor(3_000 * checks.length);
    assert.equal(await openStation(visit), 'handler');
    await visit.reads('#story-run', 'Play');
    await visit.page.click('#story-run');
    assert.equal(await openStation(visit), 'browser');
    // A request of the user's own ends it.
    await visit.ask('1.02');
    await visit.reads('#way-summary', 'reached the handler. 200');
    await visit.reads('#story-run', 'Play');
    assert.equal(await openStation(visit), 'handler');

    await visit.page.reload();
    await visit.sessionBecomes('in');
    await visit.page.locator('[data-check="handler"].open').waitFor();
    await visit.page.clock.runFor(10_000);
    assert.equal(await visit.text('#story-run'), 'Play');
    assert.equal(await openStation(visit), 'handler');
    await visit.end();
  });

  test('the story waits on a phone until it can be seen', async () => {
    const visit = await Visit.to(bank, browser, { viewport: smallPhone, clock: true, reducedMotion: 'no-preference' });
    await visit.page.locator('[data-check="token"].open').waitFor();
    await visit.page.clock.runFor(10_000);
    assert.equal(await visit.text('#story-run'), 'Play');
    await visit.page.locator('#stations').scrollIntoViewIfNeeded();
    await visit.reads('#story-run', 'Pause');
    assert.equal(await openStation(visit), 'browser');
    await visit.end();
  });

  test('what a token says is text, however hostile and long', async () => {
    const hostile = '<img src=x onerror="pwned=1">\u202e"\'&lt;';
    const long = 'https://issuer.example/'.repeat(40);
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller'), viewport: narrowPhone });
    await explainedAs(visit, [
      { check: 'issuer', outcome: 'passed', expected: long, found: long },
      { check: hostile, outcome: hostile, expected: hostile, found: hostile },
      { check: 'constructor', outcome: 'passed', found: 7 },
      { check: 'audience', outcome: 'refused', expected: hostile, found: long },
      { check: 'handler', outcome: 'notReached' },
    ], { status: 403, code: hostile, error: hostile });
    await visit.page.route('**/make-change?*', (route) => route.fulfill({ status: 403, json: { error: hostile, code: hostile } }));
    await visit.ask('1');
    await visit.reads('#way-summary', `Stopped at audience: expected ${hostile}, found https://issuer.example/`);
    await visit.page.locator('.station').nth(4).locator('.stop').click();
    assert.match(await visit.text('.station.open .name'), /<img src=x/);
    assert.ok((await visit.text('.station.open .checked')).includes(hostile));
    assert.equal(await visit.page.locator('#way img').count(), 0);
    assert.equal(await visit.page.evaluate(() => window.pwned), undefined);
    await visit.inspect('way-hostile');
    await visit.end();
  });

  test('an explanation that makes no sense is none', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    await visit.page.locator('.station').first().waitFor();
    for (const body of ['', '[]', '{"stations":[]}', '{"stations":"x"}', '{"stations":[null,1]}',
      // Judged a moment later, it is not that of the response.
      '{"stations":[{"check":"token","outcome":"refused"}],"response":{"status":429}}']) {
      await visit.page.route('**/explain?*', (route) => route.fulfill({ contentType: 'application/json', body }));
      await visit.ask('1.02');
      await visit.reads('#way-off', 'ChangeBank does not explain its checks at the moment.');
      assert.equal(await visit.page.isVisible('#way-map'), false);
      await visit.reads('#way-summary', 'ChangeBank has responded. 200');
      await visit.page.unroute('**/explain?*');
      await visit.ask('1.02');
      await visit.page.locator('#way-map').waitFor();
    }
    await visit.end();
  });

  test('who has sent too many requests is told when to try again', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    await visit.page.route('**/me', (route) => route.fulfill({
      status: 429, headers: { 'Retry-After': '7' }, json: { error: 'too many requests', code: 'ERR_SUBJECT_RATE' },
    }));
    await visit.page.reload();
    await visit.reads('#notice', 'You have sent too many requests.');
    await visit.reads('#notice', 'Wait 7 s.');
    await visit.page.unroute('**/me');
    await visit.end();
  });

  test('a server that does not explain is still a bank', async () => {
    await bank.change('page.explain = false\n');
    try {
      const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller'), reducedMotion: 'no-preference' });
      await visit.reads('#way-off', 'This server does not explain its checks: the settings page.explain or auth.errors say so.');
      assert.equal(await visit.page.isVisible('#way-map'), false);
      await visit.ask('1.02');
      await visit.reads('#result', '20 nickels');
      await visit.reads('#way-summary', 'GET /make-change with your token. ChangeBank has responded. 200');
      await visit.page.click('#break-expired');
      await visit.reads('#way-summary', 'GET /make-change with an expired token. ChangeBank has responded. 401 ERR_JWT_EXPIRED');
      await visit.inspect('way-off');
      await visit.end();
    } finally {
      await bank.change('');
    }
  });

  test('without test tokens there is only the request without one', async () => {
    const plain = await Bank.open({ testTokens: false });
    try {
      const visit = await Visit.to(plain, browser);
      await visit.page.locator('#break-none').waitFor();
      assert.deepEqual(await visit.page.locator('#break-buttons button').allInnerTexts(), ['No token']);
      assert.doesNotMatch(await visit.text('#notice'), /sample users/);
      await visit.page.click('#break-none');
      await visit.reads('#way-summary', 'Stopped at token');
      await visit.end();
    } finally {
      await plain.close();
    }
  });

  for (const viewport of [narrowPhone, smallPhone]) {
    test(`the stations fit into ${viewport.width} px, with large letters, too`, async () => {
      const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller'), viewport });
      await visit.page.click('#break-audience');
      await visit.reads('#way-summary', 'Stopped at audience');
      await visit.inspect(`way-${viewport.width}`);
      const small = await visit.page.locator('#way button:visible, #break button:visible').evaluateAll((all) => all
        .filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML));
      assert.deepEqual(small, []);
      await visit.page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
      await visit.inspect(`way-${viewport.width}-large`);
      await visit.end();
    });
  }

  test('the way is that of the session that is there now', async () => {
    const visit = await Visit.to(bank, browser, { token: await bank.tokenOf('teller') });
    await visit.page.locator('[data-check="handler"].passed').waitFor();
    await visit.context.clearCookies();
    await visit.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await visit.sessionBecomes('out');
    await visit.page.locator('[data-check="token"].refused').waitFor();
    assert.doesNotMatch(await visit.text('#way'), /teller@example\.com/);
    assert.equal(await visit.page.locator('#break-own').count(), 0);
    await visit.end();
  });
});
