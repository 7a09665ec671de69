// Faulty DPoP proofs in front of changebankd: the checks 3, 8, 9, 11 and 12 of RFC 9449 section 4.3, which are about
// claims, each wrong in several ways. Check 10 is about nonces, which are in dpop-tokens.test.mjs.
import { randomBytes } from 'node:crypto';
import { claimsFor, encode, hashOf, now, proofOf, target } from './dpop.mjs';
import {
  accepted, bytesOf, claimsText, flipped, holders, malformed, missing, otherKey, runTable, stale, startedAt, unexpected,
  withStrayBits,
} from './dpoptable.mjs';

const url = 'https://api.example.com/make-change';

runTable({
  'the claims (4.3 no. 3)': [
    ...['jti', 'htm', 'htu', 'iat', 'ath'].flatMap((claim) => [
      [`${claim} is missing`, missing(claim), { claims: { [claim]: undefined } }],
      [`${claim} is null`, unexpected(claim), { claims: { [claim]: null } }],
      [`${claim} is an array`, unexpected(claim), { claims: ({ token }) => ({ [claim]: [claimsFor(token)[claim]] }) }],
      [`${claim} is an object`, unexpected(claim), { claims: { [claim]: {} } }],
      [`${claim} is a boolean`, unexpected(claim), { claims: { [claim]: true } }],
      [`${claim} is empty`, unexpected(claim), { claims: { [claim]: '' } }],
    ]),
    ...['jti', 'htm', 'htu', 'ath'].map((claim) =>
      [`${claim} is a number`, unexpected(claim), { claims: { [claim]: 1 } }]),
    ['jti in capitals', missing('jti'), { claims: { jti: undefined, JTI: 'x' } }],
    ['jti of 5000 bytes', accepted, { claims: () => ({ jti: randomBytes(2500).toString('hex') }) }],
    ['jti of a zero character', accepted, { claims: { jti: '\0' } }],
    ['a nonce that nobody asked for', accepted, { claims: { nonce: 'x' } }],
    ['a nonce that is a number', unexpected('nonce'), { claims: { nonce: 1 } }],
  ],
  'htm (4.3 no. 8)': [
    ...['POST', 'HEAD', 'get', 'Get', 'GET ', ' GET', 'GET,POST', 'GET\0', '*'].map((htm) =>
      [`${JSON.stringify(htm)} for GET`, unexpected('htm'), { claims: { htm } }]),
    ['of the method that a header claims', unexpected('htm'), {
      claims: { htm: 'POST' }, request: { headers: { 'X-HTTP-Method-Override': 'POST' } },
    }],
    ['GET for HEAD', unexpected('htm'), { request: { method: 'HEAD' } }],
    ['HEAD for HEAD', accepted, { claims: { htm: 'HEAD' }, request: { method: 'HEAD' } }],
    ['POST for POST', accepted, {
      claims: { htm: 'POST', htu: 'https://api.example.com/panic' }, request: { method: 'POST', target: '/panic' },
    }],
  ],
  'htu (4.3 no. 9)': [
    ...[
      // Another origin.
      'http://api.example.com/make-change', 'http://api.example.com:443/make-change', 'https://example.com/make-change',
      'https://www.api.example.com/make-change', 'https://evil-api.example.com/make-change',
      'https://api.example.com.evil/make-change', 'https://api.example.com./make-change',
      'https://api-example.com/make-change', 'https://127.0.0.1/make-change',
      'https://api.example.com:8443/make-change', 'https://api.example.com:80/make-change',
      'https://api.example.com:65979/make-change', 'https://api.example.com:4294967739/make-change',
      // Another path.
      'https://api.example.com', 'https://api.example.com/', 'https://api.example.com/panic',
      'https://api.example.com/Make-Change', 'https://api.example.com/MAKE-CHANGE',
      'https://api.example.com/make-change/', 'https://api.example.com//make-change',
      'https://api.example.com/make-change//', 'https://api.example.com/make-change/x',
      'https://api.example.com/make-changes', 'https://api.example.com/make', 'https://api.example.com/make-change;v=1',
      'https://api.example.com/make-change/.', 'https://api.example.com/make-change/..',
      'https://api.example.com/x/make-change', 'https://api.example.com/make-change%2F',
      'https://api.example.com/%2Fmake-change', 'https://api.example.com/make-change%00',
      'https://api.example.com/make-change%20', 'https://api.example.com/make-change%3Ftotal=1.02',
      'https://api.example.com/make%252Dchange', 'https://api.example.com/..%2Fmake-change',
      // The right text in the wrong place.
      'https://user@api.example.com/make-change', 'https://user:password@api.example.com/make-change',
      'https://@api.example.com/make-change', 'https://api.example.com@evil.example/make-change',
      'https://evil.example#@api.example.com/make-change', 'https://evil.example?@api.example.com/make-change',
      'https://evil.example/https://api.example.com/make-change',
      'https://evil.example/?https://api.example.com/make-change', 'https://evil.example\\@api.example.com/make-change',
      'https://api.example.com?/make-change', 'https://api.example.com#/make-change',
      'https://api.example.com%2Fmake-change', 'https://api.example.com%2eevil/make-change',
      // No absolute http URL.
      '/make-change', 'make-change', '//api.example.com/make-change', 'api.example.com/make-change',
      '://api.example.com/make-change', 'https:/api.example.com/make-change', 'https:api.example.com/make-change',
      'https:///api.example.com/make-change', 'https:///make-change', 'https://', '*',
      'https:\\\\api.example.com\\make-change', 'https://api.example.com\\make-change',
      'ftp://api.example.com/make-change', 'httpss://api.example.com/make-change', 'urn:api.example.com/make-change',
      'https://https://api.example.com/make-change', 'https://api.example.com:port/make-change',
      'https://api.example.com:+443/make-change', 'https://api.example.com:-1/make-change',
      'https://api.example.com:443:443/make-change', 'https://[api.example.com]/make-change',
      'https://[::1/make-change', 'https://api.example.com]/make-change',
      'https://api.example.com/make-change%', 'https://api.example.com/make%2change',
      'https://api.example.com/make%zzchange',
      // What lax parsers strip or map.
      ' https://api.example.com/make-change', 'https://api.example.com/make-change ',
      'https://api.example.com /make-change',
      'https://api.example.com/make-\tchange', 'https://api.example.com/make-change\n',
      'https://api.example.com/make-change\0', 'https://api.example.com\0.evil/make-change',
      'https://\u00e4pi.example.com/make-change', 'https://api\u3002example\u3002com/make-change',
      'https://\uff41pi.example.com/make-change', 'https://api.example.com/make\u2010change',
      'https://api.example.com/make-change, https://api.example.com/panic',
    ].map((htu) => [JSON.stringify(htu), unexpected('htu'), { claims: { htu } }]),
    ...[
      // RFC 3986 sections 6.2.2 and 6.2.3.
      'HTTPS://api.example.com/make-change', 'https://API.Example.COM/make-change',
      'https://api.example.com:443/make-change', 'https://api.example.com:/make-change',
      'https://api.example.com:00443/make-change', 'https://api.example.com/%6d%61ke-change',
      'https://api.example.com/make%2Dchange', 'https://api.example.com/make%2dchange',
      'https://%61pi.example.com/make-change', 'https://api.example.com/./make-change',
      'https://api.example.com/../make-change', 'https://api.example.com/x/../make-change',
      'https://api.example.com/x/%2e%2E/make-change',
      // Without what a proof is not about.
      `${url}?total=1.02`, `${url}?total=999`, `${url}?`, `${url}?x=https://evil.example/`, `${url}#`, `${url}#x`,
      `${url}?x#y?z`, `${url}#/../panic`,
    ].map((htu) => [JSON.stringify(htu), accepted, { claims: { htu } }]),
    ['of the path, asked in other case', unexpected('htu'), { request: { target: '/Make-Change?total=1.02' } }],
    ['of the path in that case', accepted, {
      claims: { htu: 'https://api.example.com/Make-Change' }, request: { target: '/Make-Change?total=1.02' },
    }],
    ['of the path, asked with a slash', unexpected('htu'), { request: { target: '/make-change/?total=1.02' } }],
    ['of the path with that slash', accepted, {
      claims: { htu: `${url}/` }, request: { target: '/make-change/?total=1.02' },
    }],
    ['of the name in the field Host', unexpected('htu'), {
      claims: { htu: 'https://evil.example/make-change' }, request: { headers: { Host: 'evil.example' } },
    }],
    ['of the names in fields of proxies', unexpected('htu'), {
      claims: { htu: 'https://evil.example/make-change' },
      request: {
        headers: {
          'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', Forwarded: 'host=evil.example;proto=https',
          'X-Original-URL': 'https://evil.example/make-change',
        },
      },
    }],
    ['of the name in the request line', unexpected('htu'), {
      claims: { htu: 'https://evil.example/make-change' },
      request: { target: `http://evil.example${target}`, headers: { Host: 'evil.example' } },
    }],
    ['of the resource, under another name in the request line', accepted, {
      request: { target: `http://other.example${target}`, headers: { Host: 'other.example' } },
    }],
    ['of the resource, under another name', accepted, { request: { headers: { Host: 'other.example' } } }],
    ['of a path that a header claims', unexpected('htu'), {
      claims: { htu: 'https://api.example.com/panic' }, request: { headers: { 'X-Original-URL': '/panic' } },
    }],
  ],
  'iat (4.3 no. 11)': [
    ['too old', stale('iat'), { claims: () => ({ iat: now() - 80 }) }],
    ['from before the start, of which nothing is known', stale('iat'), { claims: () => ({ iat: startedAt - 2 }) }],
    ['too far in the future', stale('iat'), { claims: () => ({ iat: now() + 60 }) }],
    ['in the year 9999', stale('iat'), { claims: { iat: 253402300799 } }],
    ['zero', stale('iat'), { claims: { iat: 0 } }],
    ['negative', stale('iat'), { claims: () => ({ iat: -now() }) }],
    ['in milliseconds', unexpected('iat'), { claims: () => ({ iat: Date.now() }) }],
    ['a string', unexpected('iat'), { claims: () => ({ iat: String(now()) }) }],
    ['a date', unexpected('iat'), { claims: () => ({ iat: new Date().toISOString() }) }],
    ['NaN', malformed, { payload: claimsText((text) => text.replace(/"iat":\d+/, '"iat":NaN')) }],
    ['Infinity', malformed, { payload: claimsText((text) => text.replace(/"iat":\d+/, '"iat":Infinity')) }],
    ['hexadecimal', malformed, { payload: claimsText((text) => text.replace(/"iat":\d+/, '"iat":0x6000')) }],
    ['with a zero before it', malformed, { payload: claimsText((text) => text.replace('"iat":', '"iat":0')) }],
    ['1e308', unexpected('iat'), { payload: claimsText((text) => text.replace(/"iat":\d+/, '"iat":1e308')) }],
    ['1e999', unexpected('iat'), { payload: claimsText((text) => text.replace(/"iat":\d+/, '"iat":1e999')) }],
    ['-1e999', unexpected('iat'), { payload: claimsText((text) => text.replace(/"iat":\d+/, '"iat":-1e999')) }],
    ['2^64 later', unexpected('iat'), {
      payload: claimsText((text) => text.replace(/"iat":(\d+)/, (_, iat) => `"iat":${BigInt(iat) + (1n << 64n)}`)),
    }],
    ['2^32 later', stale('iat'), { claims: () => ({ iat: now() + 2 ** 32 }) }],
    ['a fraction', accepted, { claims: () => ({ iat: Date.now() / 1000 }) }],
    ['a little in the future', accepted, { claims: () => ({ iat: now() + 10 }) }],
    ['with exp past', stale('exp'), { claims: () => ({ exp: now() - 20 }) }],
    ['with exp that is a string', stale('exp'), { claims: () => ({ exp: String(now() + 20) }) }],
    ['with exp null', stale('exp'), { claims: { exp: null } }],
    ['with nbf in the future', stale('nbf'), { claims: () => ({ nbf: now() + 60 }) }],
    ['with nbf that is a string', stale('nbf'), { claims: { nbf: '0' } }],
    ['with exp and nbf that are met', accepted, { claims: () => ({ nbf: now() - 20, exp: now() + 20 }) }],
  ],
  'ath and the key of the token (4.3 no. 12)': [
    ['ath of another token', unexpected('ath'), { claims: () => ({ ath: hashOf(holders.other.token) }) }],
    ['ath of the empty text', unexpected('ath'), { claims: { ath: hashOf('') } }],
    ['ath of the whole credentials', unexpected('ath'), { claims: ({ token }) => ({ ath: hashOf(`DPoP ${token}`) }) }],
    ['ath of the payload', unexpected('ath'), { claims: ({ token }) => ({ ath: hashOf(token.split('.')[1]) }) }],
    ['ath that is the token', unexpected('ath'), { claims: ({ token }) => ({ ath: token }) }],
    ['ath in hexadecimal', unexpected('ath'), {
      claims: ({ token }) => ({ ath: bytesOf(hashOf(token)).toString('hex') }),
    }],
    ['ath padded', unexpected('ath'), { claims: ({ token }) => ({ ath: `${hashOf(token)}=` }) }],
    ['ath with stray bits', unexpected('ath'), { claims: ({ token }) => ({ ath: withStrayBits(hashOf(token)) }) }],
    ['ath in small letters', unexpected('ath'), { claims: ({ token }) => ({ ath: hashOf(token).toLowerCase() }) }],
    ['ath by SHA-512', unexpected('ath'), { claims: ({ token }) => ({ ath: hashOf(token, 'sha512') }) }],
    ['ath by half of SHA-256', unexpected('ath'), { claims: ({ token }) => ({ ath: hashOf(token).slice(0, 22) }) }],
    ["another key's good proof", otherKey, { proof: (_, holder) => proofOf(holders.other, holder.token) }],
    ["a good proof for another key's token", otherKey, { proof: () => proofOf(holders.other, holders.other.token) }],
    ['a key that is another for its spelling', otherKey, {
      header: (holder) => ({ jwk: { ...holder.jwk, x: withStrayBits(holder.jwk.x) } }),
    }],
    ['a key with another y', otherKey, {
      header: (holder) => ({ jwk: { ...holder.jwk, y: encode(flipped(bytesOf(holder.jwk.y), 31)) } }),
    }],
    ['a key of another type', otherKey, { proof: (_, holder) => proofOf(holders.Ed25519, holder.token) }],
  ],
});
