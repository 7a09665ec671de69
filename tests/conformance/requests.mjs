// The requests with which differences.test.mjs compares ChangeBank with the original. Each one is
// [title, request, row]: `row` is the first cell of the row of docs/differences.md that names the difference; without one
// both must respond alike.
import { constants, createHmac, sign } from 'node:crypto';

export const audience = 'e9fdb985-9173-4e01-9d73-ac2d60d1dc8e';

const base64Url = (value) => Buffer.from(value).toString('base64url');
const text = (value) => (typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value));

const signers = {
  RS256: (data, key) => sign('sha256', data, key),
  RS384: (data, key) => sign('sha384', data, key),
  PS256: (data, key) => sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (data, key) => sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
  Ed25519: (data, key) => sign(null, data, key),
};
signers.ES256K = signers.ES256;
signers.EdDSA = signers.Ed25519;

/** Makes tokens of an issuer. `keys` are key pairs by their kid, with the algorithm that each is for. */
export class Minter {
  constructor(issuer, keys) {
    this.issuer = issuer;
    this.keys = keys;
    this.now = Math.floor(Date.now() / 1000);
  }

  claims(changed = {}) {
    const { now, issuer } = this;
    return {
      aud: audience, exp: now + 600, iat: now, iss: issuer, sub: '00000000-0000-0000-0000-111111111111', jti: 'one',
      applicationId: audience, roles: ['teller'], auth_time: now, tid: 'd7d09513-a3f5-401c-9685-34ab6c552453', tty: 'at',
      ...changed,
    };
  }

  /** Signs a header and claims, each an object or the text as it is. */
  signed(header, claims, kid = 'rsa', alg = this.keys[kid].alg) {
    const signed = `${base64Url(text(header))}.${base64Url(text(claims))}`;
    return `${signed}.${signers[alg](Buffer.from(signed), this.keys[kid].pair.privateKey).toString('base64url')}`;
  }

  /** A good token but for the changes; a member that is undefined is left out. */
  token(claims = {}, header = {}, kid = 'rsa') {
    const alg = header.alg ?? this.keys[kid].alg;
    return this.signed({ typ: 'JWT', kid, ...header, alg }, this.claims(claims), kid, alg);
  }

  /** The token signed over other text than base64url makes of its parts. */
  spelled(spellHeader, spellClaims) {
    // Claims whose base64url has both characters in which it differs from base64.
    const [header, claims] = this.token({ jti: '???>>>???>>>' }).split('.');
    const signed = `${spellHeader(header)}.${spellClaims(claims)}`;
    return `${signed}.${signers.RS256(Buffer.from(signed), this.keys.rsa.pair.privateKey).toString('base64url')}`;
  }
}

const change = '/make-change?total=1.02';
const asBearer = (token, target = change) => ({ target, headers: { Authorization: `Bearer ${token}` } });

function tokens(minter) {
  const { now } = minter;
  const good = minter.token();
  const [header, claims, signature] = good.split('.');
  const members = minter.claims();
  const same = (part) => part;
  const ended = (member) => `${JSON.stringify(members).slice(0, -1)},${member}}`;
  const withHeader = (json) => minter.signed(json, members);
  const withClaims = (json) => minter.signed({ alg: 'RS256', typ: 'JWT', kid: 'rsa' }, json);
  const secret = minter.keys.rsa.pair.publicKey.export({ type: 'spki', format: 'pem' });
  const hmac = `${base64Url('{"alg":"HS256","kid":"rsa"}')}.${claims}`;
  const other = '00000000-0000-0000-0000-000000000000';
  const mangled = signature.slice(0, 9) + (signature[9] === 'A' ? 'B' : 'A') + signature.slice(10);
  const unfit = 'an algorithm outside `auth.algorithms` that no key is for';
  const infinite = '`exp`, `nbf` or `iat` infinite (`1e400`) or beyond the year 9999';
  const strange = 'invalid UTF-8, a byte order mark, lone surrogates';
  const doubleHeader = 'a duplicate member in the header, also with escapes';
  const doubleClaim = 'a duplicate member in the claims, also with escapes';
  const headerText = '`=`, `+`, `/`, white space or other invalid characters in the header';
  const claimsText = 'the same in the payload';
  const idToken = 'an id token (`tty` other than `at`, or `at_hash`, `c_hash`, `nonce`)';
  const large = 'more than 16 levels, 4,096 values or 64 KiB in header or claims';
  const typ = '`typ` other than `JWT` and `at+jwt`';
  const unusableKey = 'an algorithm outside `auth.algorithms` (default `RS256`) on a key without `alg`';
  const noSubject = 'no `sub`, or one that is not a string with text';
  const noRoles = 'roles absent or not an array';
  const encoding = '`b64: false` without `crit`';
  const signatureText = 'the same in the signature, or unused bits that are not zero';
  return [
    ['a good token', good],
    ['a customer', minter.token({ roles: ['customer'] })],
    ['two roles', minter.token({ roles: ['customer', 'teller'] })],
    ['a strange role beside a good one', minter.token({ roles: ['x', 'teller'] })],
    ['another role', minter.token({ roles: ['manager'] })],
    ['no role', minter.token({ roles: [] })],
    ['a role in another case', minter.token({ roles: ['Teller'] })],
    ['roles that are no strings', minter.token({ roles: [1, null] })],
    ['no roles claim', minter.token({ roles: undefined }), noRoles],
    ['roles null', minter.token({ roles: null }), noRoles],
    ['roles a string', minter.token({ roles: 'teller' }), noRoles],
    ['roles a string with another in it', minter.token({ roles: 'tellers' }), noRoles],
    ['roles an object', minter.token({ roles: { teller: true } }), noRoles],
    ['expired', minter.token({ exp: now - 1 })],
    ['expired long ago', minter.token({ exp: 1 })],
    ['expires now', minter.token({ exp: now })],
    ['exp negative', minter.token({ exp: -1 })],
    ['exp a fraction', minter.token({ exp: now + 600.5 })],
    ['exp a string', minter.token({ exp: String(now + 600) })],
    ['exp null', minter.token({ exp: null })],
    ['no exp', minter.token({ exp: undefined }), 'no `exp`'],
    ['exp infinite', withClaims(JSON.stringify(members).replace(/"exp":\d+/, '"exp":1e400')), infinite],
    ['exp in the year 10000', minter.token({ exp: 253402300800 }), infinite],
    ['nbf in the future', minter.token({ nbf: now + 300 })],
    ['nbf in the past', minter.token({ nbf: now - 300 })],
    ['nbf a string', minter.token({ nbf: 'x' })],
    ['iat a string', minter.token({ iat: 'x' })],
    ['iat in the future', minter.token({ iat: now + 300 }), '`iat` in the future'],
    ['no sub', minter.token({ sub: undefined }), noSubject],
    ['sub empty', minter.token({ sub: '' }), noSubject],
    ['sub a number', minter.token({ sub: 1 }), noSubject],
    ['no iat', minter.token({ iat: undefined })],
    ['another issuer', minter.token({ iss: 'https://example.com' })],
    ['an issuer with a slash', minter.token({ iss: `${minter.issuer}/` })],
    ['no issuer', minter.token({ iss: undefined })],
    ['issuer an array', minter.token({ iss: [minter.issuer] })],
    ['another audience', minter.token({ aud: other })],
    ['no audience', minter.token({ aud: undefined })],
    ['audience a number', minter.token({ aud: 1 })],
    ['audience an array', minter.token({ aud: [audience] })],
    ['audience an array of two', minter.token({ aud: [other, audience] })],
    ['audience an array without ours', minter.token({ aud: [other] })],
    ['audience an empty array', minter.token({ aud: [] })],
    ['audience an array with a number', minter.token({ aud: [audience, 1] }),
      '`aud` is an array with our audience and values that are not strings'],
    ['an id token', minter.token({ tty: 'idt' }), idToken],
    ['an id token of an older version', minter.token({ tty: undefined, at_hash: 'x' }), idToken],
    ['a nonce', minter.token({ nonce: 'x' }), idToken],
    ['a confirmation key', minter.token({ cnf: { jkt: 'x' } }), 'a token with `cnf`, which requires a proof of possession'],
    ['a signature changed', `${header}.${claims}.${mangled}`],
    ['a signature of another token', `${header}.${base64Url(JSON.stringify(minter.claims({ roles: ['x'] })))}.${signature}`],
    ['an empty signature', `${header}.${claims}.`],
    ['a short signature', `${header}.${claims}.AAAA`],
    ['alg none', `${base64Url('{"alg":"none"}')}.${claims}.`],
    ['alg HS256 with the public key', `${hmac}.${createHmac('sha256', secret).update(hmac).digest('base64url')}`],
    ['alg missing', withHeader('{"kid":"rsa"}')],
    ['alg a number', withHeader('{"alg":256,"kid":"rsa"}')],
    ['alg null', withHeader('{"alg":null,"kid":"rsa"}')],
    ['alg empty', withHeader('{"alg":"","kid":"rsa"}')],
    ['alg unknown', withHeader('{"alg":"X256","kid":"rsa"}')],
    ['alg with the family of RSA', withHeader('{"alg":"RSxyz","kid":"bare"}'),
      '`alg` such as `RSxyz` on a key without `alg`'],
    ['alg of another key', withHeader('{"alg":"ES256","kid":"rsa"}'), unfit],
    ['alg of the same kind of key', withHeader('{"alg":"RS512","kid":"rsa"}'), unfit],
    ['alg PS256 on a key without alg', minter.token({}, { alg: 'PS256' }, 'bare'), unusableKey],
    ['alg ES256', minter.token({}, {}, 'p256'), unusableKey],
    ['alg EdDSA', minter.token({}, {}, 'ed25519'), unusableKey],
    ['alg ES256K', minter.token({}, {}, 'secp256k1'), '`ES256K`, secp256k1 keys'],
    ['a kid that is unknown', minter.token({}, { kid: 'x' })],
    ['no kid among several keys', minter.token({}, { kid: undefined })],
    ['a kid that is empty', minter.token({}, { kid: '' })],
    ['a kid that is a number', minter.token({}, { kid: 1 }), '`kid` that is not a string, several keys that fit'],
    ['a kid with a line break', minter.token({}, { kid: 'a\r\nb' })],
    ['jku and x5u', minter.token({}, { jku: 'https://example.com/', x5u: 'https://example.com/' })],
    ['an embedded key', minter.token({}, { jwk: minter.keys.rsa.pair.publicKey.export({ format: 'jwk' }) })],
    ['typ at+jwt', minter.token({}, { typ: 'at+jwt' })],
    ['typ jwt', minter.token({}, { typ: 'jwt' })],
    ['no typ', minter.token({}, { typ: undefined })],
    ['typ of a DPoP proof', minter.token({}, { typ: 'dpop+jwt' }), typ],
    ['typ a number', minter.token({}, { typ: 1 }), typ],
    ['cty', minter.token({}, { cty: 'JWT' })],
    ['crit unknown', minter.token({}, { crit: ['exp'], exp: 1 })],
    ['crit without its parameter', minter.token({}, { crit: ['b64'] })],
    ['crit empty', minter.token({}, { crit: [] })],
    ['crit a string', minter.token({}, { crit: 'b64' })],
    ['crit twice the same', minter.token({}, { crit: ['b64', 'b64'], b64: true }), '`crit` with a duplicate name'],
    ['b64 true', minter.token({}, { crit: ['b64'], b64: true })],
    ['b64 false', minter.token({}, { crit: ['b64'], b64: false })],
    ['b64 false without crit', minter.token({}, { b64: false }), encoding],
    ['b64 a string without crit', minter.token({}, { b64: 'false' }), '`b64` that is not a boolean, without `crit`'],
    ['a header that is no JSON', withHeader('alg')],
    ['a header that is an array', withHeader('[]')],
    ['a header that is null', withHeader('null')],
    ['a header with a comma too many', withHeader('{"alg":"RS256","kid":"rsa",}')],
    ['alg twice', withHeader('{"alg":"none","alg":"RS256","kid":"rsa"}'), doubleHeader],
    ['alg twice, once with an escape', withHeader('{"\\u0061lg":"none","alg":"RS256","kid":"rsa"}'), doubleHeader],
    ['claims that are no JSON', withClaims('roles')],
    ['claims that are an array', withClaims('[]')],
    ['claims that are a string', withClaims('"x"')],
    ['claims that are null', withClaims('null')],
    ['roles twice', withClaims(ended('"roles":["customer"]')), doubleClaim],
    ['roles twice, once with an escape', withClaims(ended('"\\u0072oles":["customer"]')), doubleClaim],
    ['a byte order mark before the claims', withClaims(`\ufeff${JSON.stringify(members)}`), strange],
    ['claims with a lone surrogate', withClaims(ended('"x":"\\ud800"')), strange],
    ['claims in Latin-1', withClaims(Buffer.from(ended('"x":"\xe9"'), 'latin1')), strange],
    ['claims with a nul', withClaims(ended('"x":"\\u0000"'))],
    ['claims with 17 levels', withClaims(ended(`"x":${'['.repeat(16)}${']'.repeat(16)}`)), large],
    ['claims with 5,000 values', withClaims(ended(`"x":[${'1,'.repeat(4999)}1]`)), large],
    ['claims with a long number', withClaims(ended('"x":123456789012345678901234567890.5e-7'))],
    ['padding in the header', minter.spelled((part) => `${part}==`, same), headerText],
    ['base64 in the claims', minter.spelled(same, (part) => part.replaceAll('-', '+').replaceAll('_', '/')), claimsText],
    ['padding in the claims', minter.spelled(same, (part) => `${part}=`), claimsText],
    ['padding in the signature', `${good}==`, signatureText],
    ['unused bits in the signature', `${good.slice(0, -1)}${String.fromCharCode(good.charCodeAt(good.length - 1) + 1)}`, signatureText],
    ['four parts', `${good}.x`],
    ['five parts', 'a.b.c.d.e'],
    ['two parts', `${header}.${claims}`],
    ['one part', 'abc'],
    ['three letters', 'a.b.c'],
    ['two dots', '..'],
    ['an empty header', `.${claims}.${signature}`],
    ['empty claims', minter.signed({ alg: 'RS256', kid: 'rsa' }, '')],
  ].map(([title, token, row]) => [`token: ${title}`, asBearer(token), row]);
}

function carriers(minter) {
  const good = minter.token();
  const bad = 'a.b.c';
  const get = (headers) => ({ target: change, headers });
  const bearer = `Bearer ${good}`;
  const scheme = '`Authorization: Basic TOKEN`, or any other scheme than Bearer';
  const extra = '`Authorization: Bearer TOKEN extra`';
  const foreign = "a token cookie on an unsafe method, or with `Upgrade`, from another site's page";
  const panic = (headers) => ({ method: 'POST', target: '/panic', headers });
  return [
    ['no token', get({})],
    ['an empty header', get({ Authorization: '' })],
    ['a scheme alone', get({ Authorization: 'Bearer' })],
    ['a scheme and a space', get({ Authorization: 'Bearer ' })],
    ['no scheme', get({ Authorization: good })],
    ['bearer in lower case', get({ Authorization: `bearer ${good}` })],
    ['BEARER', get({ Authorization: `BEARER ${good}` })],
    ['Basic', get({ Authorization: `Basic ${good}` }), scheme],
    ['DPoP', get({ Authorization: `DPoP ${good}` }), scheme],
    ['a scheme that begins with Bearer', get({ Authorization: `BearerX ${good}` }), scheme],
    ['two words', get({ Authorization: `${bearer} extra` }), extra],
    ['two tokens with a comma', get({ Authorization: `${bearer}, ${bearer}` }), extra],
    ['two spaces', get({ Authorization: `Bearer  ${good}` }), '`Authorization: Bearer  TOKEN`, with several spaces'],
    ['a tab', get({ Authorization: `Bearer\t${good}` })],
    ['blanks around', get({ Authorization: `  ${bearer}  ` })],
    ['two headers', get({ Authorization: [bearer, `Bearer ${bad}`] }), 'two `Authorization` headers'],
    ['a header of another name', get({ 'X-Authorization': bearer })],
    ['the parameter access_token', { target: `${change}&access_token=${good}` }],
    ['a cookie', get({ Cookie: `app.at=${good}` })],
    ['a cookie among others', get({ Cookie: `a=b; app.at=${good}; c=d` })],
    ['a cookie without a space before it', get({ Cookie: `a=b;app.at=${good}` })],
    ['a cookie in quotes', get({ Cookie: `app.at="${good}"` })],
    ['a cookie of another case', get({ Cookie: `APP.AT=${good}` })],
    ['a cookie of a longer name', get({ Cookie: `xapp.at=${good}` })],
    ['an empty cookie', get({ Cookie: 'app.at=' })],
    ['an empty cookie and a header', get({ Cookie: 'app.at=', Authorization: bearer })],
    ['a bad cookie and a good header', get({ Cookie: `app.at=${bad}`, Authorization: bearer })],
    ['a good cookie and a bad header', get({ Cookie: `app.at=${good}`, Authorization: `Bearer ${bad}` })],
    ['the cookie twice', get({ Cookie: `app.at=${good}; app.at=${bad}` })],
    ['the cookie twice, the bad one first', get({ Cookie: `app.at=${bad}; app.at=${good}` })],
    ['two cookie headers', get({ Cookie: ['a=b', `app.at=${good}`] })],
    ['an encoded cookie', get({ Cookie: `app.at=${good.replaceAll('.', '%2E')}` }), 'a percent-encoded token cookie'],
    ['a cookie with a bad escape', get({ Cookie: 'app.at=%zz' })],
    ['a cookie in JSON', get({ Cookie: 'app.at=j:{"a":1}' }), "a token cookie in cookie-parser's JSON form (`j:{…}`)"],
    ['a panic with a header', panic({ Authorization: bearer })],
    ['a panic with a cookie', panic({ Cookie: `app.at=${good}` })],
    ['a panic with a cookie from the same origin', panic({ Cookie: `app.at=${good}`, 'Sec-Fetch-Site': 'same-origin' })],
    ['a panic with a cookie from another site', panic({ Cookie: `app.at=${good}`, 'Sec-Fetch-Site': 'cross-site' }), foreign],
    ['a panic with a cookie from another origin', panic({ Cookie: `app.at=${good}`, Origin: 'https://example.com' }), foreign],
    ['a panic with a header from another origin', panic({ Authorization: bearer, Origin: 'https://example.com' })],
    ['change with a cookie from another site', get({ Cookie: `app.at=${good}`, 'Sec-Fetch-Site': 'cross-site' })],
    ['a panic of a customer', panic({ Authorization: `Bearer ${minter.token({ roles: ['customer'] })}` })],
    ['a panic without a token', panic({})],
    ['a panic with an expired token', panic({ Authorization: `Bearer ${minter.token({ exp: 1 })}` })],
  ].map(([title, request, row]) => [`carrier: ${title}`, request, row]);
}

function amounts(minter) {
  const good = minter.token();
  const inexact = '9,895 of the amounts from 0.00 to 1000.00, such as 0.29 or 0.15';
  const isInexact = new Set(['0.29', '0.15', '0.30', '1.15', '4.35']);
  const fractions = new Set(['1.029', '1.0299999']);
  const bracket = '`total[]=1`';
  const raw = 'a character in the target that URIs do not have, such as `[`, `{` or `#`';
  const escape = 'an invalid percent escape in the query';
  const rowOf = (number) => {
    if (fractions.has(number)) return 'fractions of a cent, such as 1.029';
    return isInexact.has(number) ? inexact : undefined;
  };
  const numbers = [
    '0', '0.01', '0.05', '0.10', '0.25', '1', '1.02', '3.24', '5.12', '5.', '.5', '.01', '00012.5', '1.029', '1.0299999', '100.00', '12345.67',
    '0.29', '0.15', '0.30', '1.15', '4.35', '99.95',
  ];
  const junk = [
    '', 'abc', '-1', '-0', '+1', '%2B1', '%201', '1%20', '1e3', '1E3', '1,02', '1.2.3', '0x10', '.', '..', 'NaN', 'Infinity', '%D9%A1', '1%00', '1%0A',
    '1_000', '$1', '%241', '1/2', '1;2', 'null', 'true', "1'--",
  ];
  const queries = [
    ['no query', '/make-change'],
    ['an empty query', '/make-change?'],
    ['no value', '/make-change?total'],
    ['total twice', '/make-change?total=1&total=2'],
    ['total among others', '/make-change?a=b&total=1.02&c'],
    ['another case', '/make-change?Total=1.02'],
    ['an encoded name', '/make-change?%74otal=1.02'],
    ['an encoded value', '/make-change?total=1%2E02'],
    ['a fragment', '/make-change?total=1.02#x', raw],
    ['JSON', '/make-change?total={"a":1}', raw],
    ['brackets', '/make-change?total=[1]', raw],
    ['a second question mark', '/make-change?total=1.02?'],
    ['total[]', '/make-change?total[]=1', bracket],
    ['total[0]', '/make-change?total[0]=1', bracket],
    ['total[a]', '/make-change?total[a]=1', raw],
    ['a bad escape', '/make-change?total=1%zz', escape],
    ['a bad escape elsewhere', '/make-change?total=1&a=%', escape],
    ['an escape that is no UTF-8', '/make-change?total=1%FF'],
    ['a number of fourteen digits', '/make-change?total=12345678901234', '`99999999999999999999`'],
    ['a number of thirteen digits', '/make-change?total=1234567890123'],
    ['a number of twenty digits', '/make-change?total=99999999999999999999', '`99999999999999999999`'],
  ];
  return [
    ...numbers.map((number) => [number, `/make-change?total=${number}`, rowOf(number)]),
    ...junk.map((value) => [value, `/make-change?total=${value}`]),
    ...queries,
  ].map(([title, target, row]) => [`amount: ${title}`, asBearer(good, target), row]);
}

function routes(minter) {
  const bearer = { Authorization: `Bearer ${minter.token()}` };
  const method = 'wrong method';
  const path = 'unknown path';
  const options = '`OPTIONS` with a token';
  const ask = (verb, target, headers = bearer) => ({ method: verb, target, headers });
  const pageRow = '`GET /`';
  const own = "`GET` of `/explain`, `/livez`, `/readyz`, `/openapi.json` or a file of the page, without a token";
  return [
    ['GET /panic', ask('GET', '/panic'), method],
    ['HEAD /panic', ask('HEAD', '/panic'), method],
    ['PUT /panic', ask('PUT', '/panic'), method],
    ['DELETE /panic', ask('DELETE', '/panic'), method],
    ['POST /make-change', ask('POST', change), method],
    ['PATCH /make-change', ask('PATCH', change), method],
    ['TRACE /make-change', ask('TRACE', change), method],
    ['a method of our own', ask('BREW', change), 'a method that Node.js does not know'],
    ['a method in lower case', ask('get', change), 'a method that Node.js does not know'],
    ['HEAD /make-change', ask('HEAD', change)],
    ['HEAD /make-change without total', ask('HEAD', '/make-change')],
    ['HEAD /make-change without a token', ask('HEAD', change, {})],
    ['OPTIONS /make-change', ask('OPTIONS', change), options],
    ['OPTIONS /panic', ask('OPTIONS', '/panic'), options],
    ['OPTIONS /nowhere', ask('OPTIONS', '/nowhere'), path],
    ['OPTIONS without a token', ask('OPTIONS', change, {})],
    ['OPTIONS *', ask('OPTIONS', '*', {})],
    ['a preflight', ask('OPTIONS', change, { Origin: 'https://example.com', 'Access-Control-Request-Method': 'GET' })],
    ['an unknown path', ask('GET', '/nowhere'), path],
    ['an unknown path with POST', ask('POST', '/nowhere'), path],
    ['an unknown path without a token', ask('GET', '/nowhere', {})],
    ['an unknown path with a bad token', ask('GET', '/nowhere', { Authorization: 'Bearer a.b.c' })],
    ['another case', ask('GET', '/Make-Change?total=1.02')],
    ['another case of panic', ask('POST', '/PANIC')],
    ['a slash at the end', ask('GET', '/make-change/?total=1.02')],
    ['two slashes at the end', ask('GET', '/make-change//?total=1.02'), path],
    ['two slashes before', ask('GET', '//make-change?total=1.02'), path],
    ['an encoded path', ask('GET', '/make%2Dchange?total=1.02'), path],
    ['an encoded slash', ask('GET', '/make-change%2F?total=1.02'), path],
    ['dots', ask('GET', '/x/../make-change?total=1.02'), path],
    ['a semicolon', ask('GET', '/make-change;x?total=1.02'), path],
    ['a bad escape in the path', ask('GET', '/make-change%zz'), 'an invalid percent escape in the path'],
    ['a bad escape in the path without a token', ask('GET', '/%', {}), 'an invalid percent escape in the path'],
    ['a longer path', ask('GET', '/make-change/1.02'), path],
    ['the page', ask('GET', '/', {}), pageRow],
    ['the page with HEAD', ask('HEAD', '/', {}), pageRow],
    ['POST /', ask('POST', '/'), method],
    ['POST / without a token', ask('POST', '/', {}), 'wrong method on a public path, without a token'],
    ['/index.html', ask('GET', '/index.html', {}), '`GET /index.html`'],
    ['the style sheet', ask('GET', '/stylesheets/style.css', {}), pageRow],
    ['an unknown style sheet', ask('GET', '/stylesheets/other.css', {})],
    ['a folder', ask('GET', '/stylesheets', {}), '`GET /stylesheets`, a folder of the original'],
    ['a step up', ask('GET', '/../etc/passwd', {})],
    ['a hidden file', ask('GET', '/.git/config', {})],
    ['favicon.ico', ask('GET', '/favicon.ico', {})],
    ['/explain', ask('GET', '/explain?method=POST&path=/panic', {}), own],
    ['/livez', ask('GET', '/livez', {}), own],
    ['/readyz', ask('GET', '/readyz', {}), own],
    ['/openapi.json', ask('GET', '/openapi.json', {}), own],
    ['/page/app.js', ask('GET', '/page/app.js', {}), own],
    ['/me', ask('GET', '/me'), '`GET /me`'],
    ['/me without a token', ask('GET', '/me', {})],
    ['an ETag of the original', ask('GET', change, { ...bearer, 'If-None-Match': '*' }), 'header `ETag`'],
  ].map(([title, request, row]) => [`route: ${title}`, request, row]);
}

function bodies(minter) {
  const bearer = `Bearer ${minter.token()}`;
  const panic = (type, body, headers = {}) => (
    { method: 'POST', target: '/panic', headers: { Authorization: bearer, 'Content-Type': type, ...headers }, body });
  const unparsed = 'a body that is no JSON, or an encoding or a character set that is unknown';
  const tooLarge = 'a body of more than 64 KiB (setting `server.maxBodyBytes`)';
  return [
    ['JSON', panic('application/json', '{"a":1}')],
    ['an array', panic('application/json', '[1]')],
    ['a form', panic('application/x-www-form-urlencoded', 'a=b&c=%zz')],
    ['plain text', panic('text/plain', 'x')],
    ['no type', { method: 'POST', target: '/panic', headers: { Authorization: bearer }, body: 'x' }],
    ['in chunks', panic('application/json', '2\r\n{}\r\n0\r\n\r\n', { 'Transfer-Encoding': 'chunked' })],
    ['no JSON', panic('application/json', '{'), unparsed],
    ['no object', panic('application/json', '1'), unparsed],
    ['no JSON, without a token', panic('application/json', '{', { Authorization: '' }), unparsed],
    ['no JSON, with GET', { ...panic('application/json', '{'), method: 'GET', target: change }, unparsed],
    ['an unknown encoding', panic('application/json', '{}', { 'Content-Encoding': 'x' }), unparsed],
    ['an unknown character set', panic('application/json; charset=x', '{}'), unparsed],
    ['110 KB of JSON', panic('application/json', `{"a":"${'x'.repeat(110_000)}"}`), tooLarge],
    ['70 KB of JSON', panic('application/json', `{"a":"${'x'.repeat(70_000)}"}`), tooLarge],
    ['Expect: 100-continue', panic('application/json', '{}', { Expect: '100-continue' }), 'header `Expect: 100-continue`'],
    ['another expectation', panic('application/json', '{}', { Expect: 'x' })],
    ['a body with GET', { target: change, headers: { Authorization: bearer }, body: 'x' }],
  ].map(([title, request, row]) => [`body: ${title}`, request, row]);
}

/** Whole requests, since the difference is in how they are spelled. */
function messages(minter) {
  const bearer = `Authorization: Bearer ${minter.token()}\r\n`;
  const close = 'Connection: close\r\n';
  const head = (line, fields) => `${line}\r\n${fields}${bearer}${close}\r\n`;
  const version = 'an HTTP version other than 1.0 and 1.1';
  const authority = 'two `Host` headers, an invalid one, or a target with another scheme';
  const host = 'Host: localhost\r\n';
  return [
    ['HTTP/1.0', head(`GET ${change} HTTP/1.0`, '')],
    ['HTTP/1.2', head(`GET ${change} HTTP/1.2`, host), version],
    ['HTTP/2.0', head(`GET ${change} HTTP/2.0`, host), version],
    ['no version', `GET ${change}\r\n\r\n`, version],
    ['no host', head(`GET ${change} HTTP/1.1`, '')],
    ['two hosts', head(`GET ${change} HTTP/1.1`, host + host), authority],
    ['an empty host', head(`GET ${change} HTTP/1.1`, 'Host:\r\n')],
    ['a bad host', head(`GET ${change} HTTP/1.1`, 'Host: a b\r\n'), authority],
    ['an absolute target', head(`GET http://localhost${change} HTTP/1.1`, host)],
    ['an absolute target with https', head(`GET https://localhost${change} HTTP/1.1`, host), authority],
    ['CONNECT', head('CONNECT localhost:80 HTTP/1.1', host), '`CONNECT`'],
    ['an empty line before', `\r\n${head(`GET ${change} HTTP/1.1`, host)}`],
    ['line feeds alone', head(`GET ${change} HTTP/1.1`, host).replaceAll('\r\n', '\n')],
    ['a folded header', head(`GET ${change} HTTP/1.1`, `${host}X: a\r\n b\r\n`)],
    ['a header without a colon', head(`GET ${change} HTTP/1.1`, `${host}X\r\n`)],
    ['a space before the colon', head(`GET ${change} HTTP/1.1`, `${host}X : a\r\n`)],
    ['a nul in a header', head(`GET ${change} HTTP/1.1`, `${host}X: a\0b\r\n`)],
    ['a space in the target', head(`GET ${change} x HTTP/1.1`, host)],
    ['both lengths', `${head('POST /panic HTTP/1.1', `${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`)}0\r\n\r\n`],
    ['two lengths', `${head('POST /panic HTTP/1.1', `${host}Content-Length: 1\r\nContent-Length: 2\r\n`)}xx`],
    ['a negative length', head('POST /panic HTTP/1.1', `${host}Content-Length: -1\r\n`)],
    ['a header of 20 KiB', head(`GET ${change} HTTP/1.1`, `${host}X: ${'x'.repeat(20_480)}\r\n`), 'a request with 16 to 32 KiB of headers (setting `server.maxHeaderBytes`)'],
    ['a header of 40 KiB', head(`GET ${change} HTTP/1.1`, `${host}X: ${'x'.repeat(40_960)}\r\n`)],
    ['an upgrade', head(`GET ${change} HTTP/1.1`, `${host}Upgrade: h2c\r\n`)],
    ['bytes that are no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ].map(([title, request, row]) => [`message: ${title}`, request, row]);
}

/** All of them. A request is the text of one or the parts of one, as in exchange.mjs. */
export function requests(minter) {
  return [tokens, carriers, amounts, routes, bodies, messages].flatMap((group) => group(minter));
}

/** The requests that need a set with a single key. */
export function requestsOfOneKey(minter) {
  const ask = (header) => asBearer(minter.token({}, header));
  return [
    ['one key: no kid', ask({ kid: undefined })],
    ['one key: a kid that is a number', ask({ kid: 1 }), '`kid` that is not a string, one key in the set'],
    ['one key: a kid that is null', ask({ kid: null }), '`kid` that is not a string, one key in the set'],
  ];
}
