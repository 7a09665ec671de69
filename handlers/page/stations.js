// What the stations on the way of a token are called, what they are for, and their pictures. What is checked at a
// station, and how it went, is what the server says.

/**
 * @typedef {object} StationWords
 * @property {string} name
 * @property {string} says
 * @property {string[]} drawing the lines of a picture of 24 by 24
 */

const circle = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

/** @type {Record<string, StationWords>} */
const known = {
  browser: {
    name: 'Browser',
    says: 'You press a button, and the browser sends a request.',
    drawing: ['M5.5 5h13a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z', 'M3.5 9.5h17', 'M6.5 7.3h.01M9 7.3h.01'],
  },
  login: {
    name: 'Login',
    says: 'You type your password at FusionAuth only. FusionAuth checks it and issues a signed access token.',
    drawing: [circle(12, 8, 3.6), 'M4.8 19.5c.8-4 3.6-5.8 7.2-5.8s6.4 1.8 7.2 5.8'],
  },
  cookie: {
    name: 'Cookie',
    says: 'FusionAuth stores the token in a cookie that scripts cannot read. The browser adds it to every request.',
    drawing: ['M12 3.8a8.2 8.2 0 1 0 8.2 8.2 3.8 3.8 0 0 1-4.2-4 3.8 3.8 0 0 1-4-4.2z', 'M8.5 10.5h.01M9.5 15.5h.01M14 14.5h.01M12.3 11h.01'],
  },
  token: {
    name: 'Token',
    says: 'The guard takes the token out of the request, before anything else happens.',
    drawing: ['M3.5 7h17v3.2a1.8 1.8 0 0 0 0 3.6V17h-17v-3.2a1.8 1.8 0 0 0 0-3.6z', 'M14.5 9.3v1.2M14.5 13.5v1.2'],
  },
  form: {
    name: 'Form',
    says: 'A token has three parts: header, claims and signature. Anything else is not read further.',
    drawing: ['M3.5 8h4v8h-4zM10 8h4v8h-4zM16.5 8h4v8h-4z'],
  },
  key: {
    name: 'Key',
    says: 'The header of the token names its key by the kid. The guard looks for it among the keys that FusionAuth publishes.',
    drawing: [circle(8, 12, 3.8), 'M11.8 12h8.7M17 12v3M20.5 12v2.5'],
  },
  signature: {
    name: 'Signature',
    says: 'The signature is checked with that key. It fits only if nothing in the token was changed.',
    drawing: ['M4 15.5c3.2-6.5 5.4-9.8 6.5-9.2 1.3.8-3 7.4-2.2 8.4.7.9 3-4.2 4-3.5.8.6-.4 2.6.4 3.1.9.6 1.9-1.9 2.9-1.5.8.3.4 1.7 1.3 2 .8.3 1.6-.5 3.1-.8', 'M4 19h16'],
  },
  claims: {
    name: 'Claims',
    says: 'The claims say who the token is about, and more. Those that the guard needs must be there.',
    drawing: ['M6.5 3.8h11a1.5 1.5 0 0 1 1.5 1.5v13.4a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.7V5.3a1.5 1.5 0 0 1 1.5-1.5z', 'M8.5 8.5h7M8.5 12h7M8.5 15.5h4'],
  },
  issuer: {
    name: 'Issuer',
    says: 'The claim iss must name a FusionAuth that this bank trusts.',
    drawing: ['M4 9.8 12 5l8 4.8z', 'M6.5 12.5v4M10.2 12.5v4M13.8 12.5v4M17.5 12.5v4', 'M4 19.3h16'],
  },
  audience: {
    name: 'Audience',
    says: 'The claim aud must name this application. A token for another application opens nothing here.',
    drawing: [circle(12, 12, 8.2), circle(12, 12, 4.2), 'M12 12h.01'],
  },
  times: {
    name: 'Times',
    says: 'The token is good for a while only: not before it begins, and not after it ends.',
    drawing: [circle(12, 12, 8.2), 'M12 7.3V12l3.2 2'],
  },
  kind: {
    name: 'Kind',
    says: 'FusionAuth signs other tokens with the same keys. Only an access token may be used here.',
    drawing: ['M4 4.5h7.2l8.8 8.8-6.7 6.7L4 11z', 'M8 8.5h.01'],
  },
  sender: {
    name: 'Sender',
    says: 'A token can be bound to a key of its owner. Then the request must prove that it comes from there.',
    drawing: ['M10 14.2a3.9 3.9 0 0 0 5.6 0l3.2-3.2a3.9 3.9 0 0 0-5.6-5.6l-1.1 1.1', 'M14 9.8a3.9 3.9 0 0 0-5.6 0L5.2 13a3.9 3.9 0 0 0 5.6 5.6l1.1-1.1'],
  },
  revocation: {
    name: 'Revocation',
    says: 'A token can be withdrawn before it ends, for example when its user is locked out.',
    drawing: [circle(12, 12, 8.2), 'M6.3 17.7 17.7 6.3'],
  },
  access: {
    name: 'Role',
    says: 'The token is good. The route now decides whether its user may do this.',
    drawing: ['M12 3.8 19 6.3v5.2c0 4.2-2.8 7.2-7 8.7-4.2-1.5-7-4.5-7-8.7V6.3z', 'm9 12 2.2 2.2L15.3 10'],
  },
  handler: {
    name: 'Handler',
    says: 'Only now does the code of the bank run: it makes change, or it calls the police.',
    drawing: ['M5 8c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3z', 'M5 8v8c0 1.7 3.1 3 7 3s7-1.3 7-3V8', 'M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3'],
  },
};

/**
 * @param {import('/page/explain.js').Station} station
 * @returns {StationWords} one that this page does not know has the server's name for it
 */
export function wordsOf({ check, expected }) {
  if (!Object.hasOwn(known, check)) return { name: check, says: '', drawing: [circle(12, 12, 4)] };
  // A rule may ask for something else than roles.
  return check === 'access' && expected && !expected.includes('role') ? { ...known.access, name: 'Access' } : known[check];
}
