// Where to sign in and out, and where FusionAuth renews a session, by the page's configuration.
import { headerOf } from '/page/api.js';
import { html } from '/page/dom.js';
import { rememberWayBack } from '/page/session.js';

/** @returns {URL|undefined} undefined for an empty setting, and for one that is no address */
export function addressOf(template) {
  if (template === '') return undefined;
  const page = encodeURIComponent(`${location.origin}/`);
  try {
    return new URL(template.replaceAll('{page}', page));
  } catch {
    return undefined;
  }
}

/** Where FusionAuth's hosted backend renews the cookies that its login has set; undefined for another login. */
export function addressOfRenewal(login) {
  const address = addressOf(login);
  const [, clientId] = /^\/app\/login\/([^/]+)\/?$/.exec(address?.pathname ?? '') ?? [];
  return clientId && new URL(`/app/refresh/${clientId}`, address);
}

/** FusionAuth on "localhost" sets its cookie for that name, not for the address 127.0.0.1. */
function placeWithTheCookie(address) {
  const isLoopback = /^(127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);
  if (address?.hostname !== 'localhost' || !isLoopback) return undefined;
  return `${location.protocol}//localhost${location.port ? `:${location.port}` : ''}/`;
}

export function signInLink(login, text) {
  const address = addressOf(login);
  const elsewhere = placeWithTheCookie(address);
  if (elsewhere) return html('a', { href: elsewhere }, `Go to ${elsewhere} and sign in there`);
  if (!address) return html('span', {}, 'The operator of ChangeBank has to set page.login first.');
  return html('a', { href: address.href }, text);
}

/** The login, asked to let its user sign in again even though a session is there (OpenID Connect Core section 3.1.2.1). */
function addressOfFreshSignIn(login, exchange) {
  const address = addressOf(login);
  if (!address) return undefined;
  address.searchParams.set('prompt', 'login');
  for (const name of ['max_age', 'acr_values']) {
    const [, value] = new RegExp(`\\b${name}="([^"]*)"`).exec(headerOf(exchange, 'www-authenticate') ?? '') ?? [];
    if (value !== undefined) address.searchParams.set(name, value);
  }
  return address;
}

/** A link to sign in again, and then back to the element that asked for it. */
export function freshSignInLink(login, exchange, id) {
  const address = addressOfFreshSignIn(login, exchange);
  if (!address || placeWithTheCookie(address)) return signInLink(login, 'Sign in again');
  const link = html('a', { href: address.href }, 'Sign in again');
  link.addEventListener('click', () => rememberWayBack(id));
  return link;
}
