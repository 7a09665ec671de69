// Starts changebankd and kickstartd for the tests of the page, each knowing where the other is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const applicationId = 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e';
const common = 'server.port = 0\nadmin.socket =\n';
const patience = 30_000;
const apiKey = 'this_really_should_be_a_long_random_alphanumeric_value_but_this_still_works';
const { CHANGEBANK_BIN: programs, CHANGEBANK_SOURCE: source } = process.env;
/** Without the variables of the test, which changebankd would take for misspelt settings. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CHANGEBANK_')));
const folder = mkdtempSync(join(tmpdir(), 'changebank-page-'));
const children = new Set();

process.once('exit', () => {
  children.forEach((child) => child.kill('SIGKILL'));
  rmSync(folder, { recursive: true });
});

/** A running program and what it prints. */
class Program {
  #child;
  #lines = [];
  #printed = [];
  #wake = () => {};
  #overdue = false;

  constructor(name, ...options) {
    this.name = name;
    this.#child = spawn(join(programs, name), options, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(this.#child);
    this.ended = once(this.#child, 'exit').then(() => {
      children.delete(this.#child);
      this.#child = undefined;
      this.#wake();
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        this.#printed.push(line);
        this.#wake();
      });
    }
  }

  /** The first line that matches, of those not waited for before. */
  async line(pattern) {
    const deadline = setTimeout(() => { this.#overdue = true; this.#wake(); }, patience);
    try {
      return await this.#matching(pattern);
    } finally {
      clearTimeout(deadline);
    }
  }

  async #matching(pattern) {
    for (;;) {
      while (this.#lines.length > 0) {
        const match = pattern.exec(this.#lines.shift());
        if (match) return match;
      }
      if (!this.#child || this.#overdue) throw new Error(`${this.name} did not print ${pattern}:\n${this.#printed.join('\n')}`);
      await new Promise((resolve) => { this.#wake = resolve; });
    }
  }

  signal(name) {
    this.#child.kill(name);
  }

  async stop() {
    this.signal('SIGTERM');
    await this.ended;
  }
}

function write(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The kickstart.json of the project for a page elsewhere, with tokens that are good for so many seconds. */
function kickstartFor(page, seconds) {
  const kickstart = JSON.parse(readFileSync(join(source, 'kickstart/kickstart.json'), 'utf8'));
  const { application } = kickstart.requests.find(({ body }) => body.application).body;
  application.jwtConfiguration.timeToLiveInSeconds = seconds;
  application.oauthConfiguration.authorizedRedirectURLs = [page];
  application.oauthConfiguration.logoutURL = page;
  return write(`kickstart-${seconds}.json`, JSON.stringify(kickstart));
}

/** changebankd and the kickstartd that its settings name. */
export class Bank {
  #settings = '';

  /** Both listen where there is room. The name "localhost" makes the cookies of the one reach the other. */
  static async open({ seconds = 3600, settings = '', testTokens = true } = {}) {
    const bank = new Bank();
    await bank.#start(`${seconds}.properties`, settings);

    bank.identityProvider = new Program('kickstartd', `--kickstart=${kickstartFor(bank.url, seconds)}`, '--port=0');
    const [, port] = await bank.identityProvider.line(/listening on \S+:(\d+)$/);
    bank.identityProviderUrl = `http://localhost:${port}`;
    bank.#settings = `${common}auth.jwks.uri = ${bank.identityProviderUrl}/.well-known/jwks.json
page.login = ${bank.identityProviderUrl}/app/login/${applicationId}?redirect_uri={page}
page.logout = ${bank.identityProviderUrl}/app/logout/${applicationId}?redirect_uri={page}
page.brokenTokens =${testTokens ? ` ${bank.identityProviderUrl}/kickstartd/broken-token?kind={kind}&client_id=${applicationId}` : ''}
${settings}`;
    await bank.change('');
    return bank;
  }

  /** A changebankd that never gets keys. */
  static async withoutKeys() {
    const bank = new Bank();
    await bank.#start('keyless.properties', '');
    return bank;
  }

  async #start(file, settings) {
    this.file = write(file, `${common}auth.jwks.uri = http://localhost:9/\n${settings}`);
    this.daemon = new Program('changebankd', `--config=${this.file}`);
    [, this.port] = await this.daemon.line(/listening on \S+:(\d+)$/);
  }

  get url() {
    return `http://localhost:${this.port}/`;
  }

  /** Serves with more settings from now on. */
  async change(settings) {
    writeFileSync(this.file, this.#settings + settings);
    this.daemon.signal('SIGHUP');
    await this.daemon.line(/settings reloaded/);
  }

  /** The daemon stops; its place stays. */
  shut() {
    return this.daemon.stop();
  }

  async reopen() {
    this.daemon = new Program('changebankd', `--config=${this.file}`, `--define=server.port=${this.port}`);
    await this.daemon.line(/new keys from/);
  }

  async close() {
    await Promise.all([this.daemon.stop(), this.identityProvider?.stop()]);
  }

  /** A token of teller@example.com or customer@example.com, as text. */
  async tokenOf(who) {
    const response = await fetch(`${this.identityProviderUrl}/api/login`, {
      method: 'POST',
      headers: { Authorization: apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ loginId: `${who}@example.com`, password: 'password', applicationId }),
    });
    if (!response.ok) throw new Error(`the login as ${who} was answered with ${response.status}`);
    return (await response.json()).token;
  }
}
