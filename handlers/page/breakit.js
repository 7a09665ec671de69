// Sends requests that the guard must refuse. kickstartd makes the bad tokens; they live in a variable and nowhere else.
import { makeToken } from '/page/api.js';
import { byId, html } from '/page/dom.js';

const method = 'GET';
const target = '/make-change?total=1.02';

/** The names of the kinds are those of kickstartd. */
const kinds = [
  { kind: 'changed', label: 'Changed token', what: 'with a changed token' },
  { kind: 'expired', label: 'Expired token', what: 'with an expired token' },
  { kind: 'audience', label: 'Other audience', what: 'with a token for another application' },
  { kind: 'key', label: 'Other key', what: 'with a token signed with another key' },
  { kind: 'role', label: 'No role', what: 'with a token without a role' },
];

/**
 * @typedef {object} Attempt
 * @property {string} method
 * @property {string} target
 * @property {string} what such as "with your token"
 * @property {import('/page/api.js').Credential} credential
 */

function button(id, label, press) {
  const made = html('button', { type: 'button', class: 'quiet', id: `break-${id}` }, label);
  made.addEventListener('click', () => press(made));
  return made;
}

async function sendBroken(template, { kind, what }, send) {
  byId('break-trouble').textContent = '';
  const token = await makeToken(template.replaceAll('{kind}', kind));
  if (token === undefined) {
    byId('break-trouble').textContent = 'kickstartd did not make the token. Is it running?';
    return;
  }
  await send({ method, target, what, credential: { bearer: token } });
}

/**
 * Shows the buttons.
 * @param {string} template the address that makes bad tokens, with {kind} in it; empty if there is none
 * @param {boolean} signedIn whether there is a token of the user's own to compare
 * @param {(attempt: Attempt) => Promise<void>} send
 * @param {(button: HTMLElement, work: () => Promise<void>) => Promise<void>} busy
 */
export function offerAttempts(template, signedIn, send, busy) {
  const offered = [
    ...(signedIn ? [button('own', 'Your token', (pressed) => busy(pressed, () => {
      byId('break-trouble').textContent = '';
      return send({ method, target, what: 'with your token', credential: 'cookie' });
    }))] : []),
    button('none', 'No token', (pressed) => busy(pressed, () => {
      byId('break-trouble').textContent = '';
      return send({ method, target, what: 'without a token', credential: 'none' });
    })),
    ...(template === '' ? [] : kinds.map((each) => button(each.kind, each.label,
      (pressed) => busy(pressed, () => sendBroken(template, each, send))))),
  ];
  const place = byId('break-buttons');
  const { id } = document.activeElement;
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(...offered);
  if (hadFocus) (byId(id) ?? offered[0]).focus();
}
