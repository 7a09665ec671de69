// Goes through kickstartd's login page as a browser without scripts does: keeps cookies, fills in the form.

const entities = { lt: '<', gt: '>', quot: '"', amp: '&' };
const unescape = (text) => text.replace(/&(lt|gt|quot|amp);/g, (_, name) => entities[name]);

/** A browser with cookies of its own. They are sent to every URL: a test has one server. */
export class Browser {
  #cookies = new Map();

  cookie(name) {
    return this.#cookies.get(name);
  }

  async fetch(url, options = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', ...options.headers, ...(cookie && { cookie }) };
    const response = await fetch(url, { ...options, headers, redirect: 'manual' });
    for (const text of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(text);
      if (/; Max-Age=0(;|$)/.test(text)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /** Opens the login page and sends its form. Resolves to the answer. */
  async logIn(url, loginId, password = 'password') {
    const page = await this.fetch(url);
    const html = await page.text();
    if (page.status !== 200) throw new Error(`the login page was answered with ${page.status}: ${html}`);
    const form = new URLSearchParams();
    const [fields] = /<form [^]*?<\/form>/.exec(html);
    for (const [, name, value] of fields.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
      form.append(unescape(name), unescape(value));
    }
    form.append('loginId', loginId);
    form.append('password', password);
    const [, action] = /<form method="post" action="([^"]*)"/.exec(fields);
    return this.fetch(new URL(unescape(action), url), { method: 'POST', body: form });
  }
}
