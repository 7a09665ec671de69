// A visit of the page in a headless browser, during which nothing may go wrong unseen.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = process.env.CHANGEBANK_SCREENSHOTS;
mkdirSync(screenshots, { recursive: true });

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

export const phone = { width: 390, height: 844 };
export const smallPhone = { width: 360, height: 640 };
/** What is left of a desktop's window whose user has zoomed to 200%. */
export const zoomed = { width: 640, height: 450 };
export const desktop = { width: 1280, height: 900 };

export class Visit {
  faults = [];
  /** What the browser shows in red on its console. */
  consoleErrors = [];

  static async to(bank, browser, {
    viewport = desktop, token, session = token ? 'in' : 'out', clock = false, reducedMotion = 'reduce',
  } = {}) {
    const visit = new Visit();
    visit.bank = bank;
    visit.context = await browser.newContext({
      viewport, reducedMotion, locale: 'en-US', timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'],
    });
    if (token) await visit.carry(token);
    visit.page = await visit.context.newPage();
    visit.page.setDefaultTimeout(60_000);
    await visit.page.exposeFunction('reportViolation', (violation) => visit.faults.push(violation));
    await visit.page.addInitScript(() => {
      window.violated = [];
      document.addEventListener('securitypolicyviolation', async (event) => {
        await window.reportViolation(`${event.violatedDirective} forbids ${event.blockedURI || event.sample} in ${event.documentURI}`);
        window.violated.push(event.violatedDirective);
      });
    });
    visit.page.on('pageerror', (error) => visit.faults.push(String(error)));
    visit.page.on('console', (message) => {
      if (message.type() === 'error') visit.consoleErrors.push(message.text());
    });
    if (clock) await visit.page.clock.install();
    await visit.page.goto(bank.url);
    await visit.sessionBecomes(session);
    return visit;
  }

  /** Puts a token where the hosted backend of FusionAuth puts it. */
  carry(token) {
    return this.context.addCookies([
      { name: 'app.at', value: token, domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' }]);
  }

  async sessionBecomes(state) {
    await this.page.waitForFunction((wanted) => document.body.dataset.session === wanted, state);
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  /** Waits until a text has come. */
  async reads(selector, pattern) {
    await this.page.locator(selector).filter({ hasText: pattern }).waitFor();
  }

  focused() {
    return this.page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
  }

  /** A browser gives a field its autofocus a little after the page has loaded; what is typed before is lost. */
  async focusReaches(id) {
    await this.page.waitForFunction((wanted) => document.activeElement.id === wanted, id);
  }

  async ask(amount) {
    await this.page.fill('#amount', amount);
    await this.page.click('#change button');
  }

  /** Looks at the page as it is: axe finds nothing and a picture is kept, in the light and in the dark. */
  async inspect(name) {
    await this.page.evaluate(axe);
    // What a scheme changes is the colours alone.
    for (const [colorScheme, rules] of [['light', {}], ['dark', { runOnly: ['color-contrast'] }]]) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await this.page.screenshot({ path: join(screenshots, `${name}-${colorScheme}.png`), fullPage: true });
      const { violations, passes } = await this.page.evaluate((options) => window.axe.run(options), rules);
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('\n')}`);
      assert.deepEqual(found, [], `axe, ${name}, ${colorScheme}`);
      assert.ok(passes.some(({ id }) => id === 'color-contrast'), 'axe has looked at something');
    }
    const excess = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(excess <= 0, `${name} is ${excess} px wider than the window`);
  }

  async end() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}
