// Faulty DPoP proofs in front of changebankd: the checks 1, 2 and 4 to 7 of RFC 9449 section 4.3, which are about form,
// header, key and signature, each wrong in several ways.
import { createHash, createHmac } from 'node:crypto';
import { encode, proofOf, signatureOf } from './dpop.mjs';
import {
  absent, accepted, badKey, bytesOf, claimsText, flipped, holders, issuer, malformed, part, repeated, runTable,
  unsigned, withStrayBits, wrongAlgorithm, wrongType,
} from './dpoptable.mjs';

const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);
/** The order of P-256. */
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const numberBytes = (number, size = 32) => Buffer.from(number.toString(16).padStart(size * 2, '0'), 'hex');

/** What RSA with the exponent 1 takes for a signature: the padded digest itself (RFC 8017 section 9.2). */
function paddedDigest(text) {
  const digest = createHash('sha256').update(text).digest();
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(256 - 3 - info.length - digest.length, 255), Buffer.from([0]),
    info, digest]);
}

runTable({
  'one header field (4.3 no. 1)': [
    ['none', absent, { proof: () => undefined }],
    ['empty', malformed, { proof: () => '' }],
    ['the same proof twice', repeated, { proof: (good) => [good, good] }],
    ['two good proofs', repeated, { proof: (good, holder) => [good, proofOf(holder, holder.token)] }],
    ['a good proof before an empty one', repeated, { proof: (good) => [good, ''] }],
    ['a good proof after nonsense', repeated, { proof: (good) => ['x', good] }],
    ['three fields', repeated, { proof: (good) => [good, good, good] }],
    ['names in other case', repeated, { request: { headers: { dpop: 'x' } } }],
    ['two proofs joined by a comma', malformed, {
      proof: (good, holder) => `${good}, ${proofOf(holder, holder.token)}`,
    }],
    ['a proof and a comma', malformed, { proof: (good) => `${good},` }],
    ['blanks around it', accepted, { proof: (good) => `  ${good} \t` }],
  ],
  'a well-formed JWT (4.3 no. 2)': [
    ['a word', malformed, { proof: () => 'proof' }],
    ['only dots', malformed, { proof: () => '..' }],
    ['two parts', malformed, { proof: (good) => good.split('.').slice(0, 2).join('.') }],
    ['four parts', malformed, { proof: (good) => `${good}.AAAA` }],
    ['five parts, as of a JWE', malformed, { proof: (good) => `${good}.AAAA.AAAA` }],
    ['a dot at the end', malformed, { proof: (good) => `${good}.` }],
    ['the JSON serialization', malformed, {
      proof: (good) => {
        const [head, payload, signature] = good.split('.');
        return JSON.stringify({ protected: head, payload, signature });
      },
    }],
    ['in quotes', malformed, { proof: (good) => `"${good}"` }],
    ['after the word DPoP', malformed, { proof: (good) => `DPoP ${good}` }],
    ['no header', malformed, { proof: part(0, () => '') }],
    ['no payload', malformed, { payload: '' }],
    ['no signature', unsigned, { proof: part(2, () => '') }],
    ['a padded header', malformed, { proof: part(0, (text) => `${text}=`) }],
    ['a padded payload', malformed, { proof: part(1, (text) => `${text}==`) }],
    ['a padded signature', malformed, { proof: part(2, (text) => `${text}==`) }],
    ['a blank in the payload', malformed, { proof: part(1, (text) => `${text.slice(0, 8)} ${text.slice(8)}`) }],
    ['junk after the signature', malformed, { proof: (good) => `${good}!` }],
    ['stray bits in the signature', malformed, { proof: part(2, withStrayBits) }],
    ['the alphabet of base64 in the signature', malformed, {
      sign: (input, holder) => {
        for (;;) {
          const signature = signatureOf(holder, input);
          if (/[-_]/.test(signature.toString('base64url'))) return signature;
        }
      },
      proof: part(2, (text) => text.replaceAll('-', '+').replaceAll('_', '/')),
    }],
    ['a header that is no JSON', malformed, { proof: part(0, () => encode('{"typ":"dpop+jwt"')) }],
    ['a header that is an array', malformed, { proof: part(0, (text) => encode([JSON.parse(bytesOf(text))])) }],
    ['a payload that is no JSON', malformed, { payload: claimsText((text) => text.slice(0, -1)) }],
    ['a payload with a comma too many', malformed, { payload: claimsText((text) => text.replace('}', ',}')) }],
    ['a payload with two objects', malformed, { payload: claimsText((text) => text + text) }],
    ['a payload that is an array', malformed, { payload: claimsText((text) => `[${text}]`) }],
    ['a payload that is a string', malformed, { payload: claimsText((text) => JSON.stringify(text)) }],
    ['a payload that is null', malformed, { payload: 'null' }],
    ['a claim that is there twice', malformed, { payload: claimsText((text) => text.replace('{', '{"htm":"POST",')) }],
    ['a payload with a byte order mark', malformed, { payload: claimsText((text) => `\ufeff${text}`) }],
    ['a payload that is not UTF-8', malformed, {
      payload: claimsText((text) => Buffer.from(text.replace('{', '{"x":"\xff",'), 'latin1')),
    }],
    ['a payload that is nested without end', malformed, {
      payload: claimsText((text) => text.replace('{', `{"x":${nested(2000)},`)),
    }],
    ['more than 8 KiB', malformed, { claims: { x: 'x'.repeat(8192) } }],
    ['crit with an unknown name', malformed, { header: { crit: ['x'], x: 1 } }],
    ['crit with the name of what it has', malformed, { header: { crit: ['jwk'] } }],
    ['crit that is empty', malformed, { header: { crit: [] } }],
    ['crit that is a string', malformed, { header: { crit: 'b64', b64: true } }],
    ['an unencoded payload', malformed, { header: { crit: ['b64'], b64: false } }],
    ['an unencoded payload without crit', malformed, { header: { b64: false } }],
    ['further claims and header members', accepted, { header: { kid: 'k', x: {} }, claims: { aud: 'x', x: [1] } }],
  ],
  'typ (4.3 no. 4)': [
    ['missing', wrongType, { header: { typ: undefined } }],
    ['null', wrongType, { header: { typ: null } }],
    ['JWT', wrongType, { header: { typ: 'JWT' } }],
    ['at+jwt', wrongType, { header: { typ: 'at+jwt' } }],
    ['dpop', wrongType, { header: { typ: 'dpop' } }],
    ['with a blank', wrongType, { header: { typ: 'dpop+jwt ' } }],
    ['with a parameter', wrongType, { header: { typ: 'dpop+jwt;v=1' } }],
    ['of another tree', wrongType, { header: { typ: 'text/dpop+jwt' } }],
    ['an array', wrongType, { header: { typ: ['dpop+jwt'] } }],
    ['in other case, as media types may be', accepted, { header: { typ: 'DPoP+JWT' } }],
    ['the whole media type', accepted, { header: { typ: 'application/dpop+jwt' } }],
  ],
  'alg (4.3 no. 5)': [
    ['missing', malformed, { header: { alg: undefined } }],
    ['an array', malformed, { header: { alg: ['ES256'] } }],
    ['empty', malformed, { header: { alg: '' } }],
    ['none', wrongAlgorithm, { header: { alg: 'none' }, sign: () => Buffer.alloc(0) }],
    ['None', wrongAlgorithm, { header: { alg: 'None' }, sign: () => Buffer.alloc(0) }],
    ['HS256 with the public key as the secret', wrongAlgorithm, {
      header: { alg: 'HS256' },
      sign: (input, holder) => createHmac('sha256', JSON.stringify(holder.jwk)).update(input).digest(),
    }],
    ['in small letters', wrongAlgorithm, { header: { alg: 'es256' } }],
    ['unknown', wrongAlgorithm, { header: { alg: 'ES255' } }],
    ['ES512, which is not allowed', wrongAlgorithm, { by: 'ES512' }],
    ['RS512, which is not allowed', wrongAlgorithm, {
      by: 'RS256', header: { alg: 'RS512' }, sign: (input, holder) => signatureOf({ ...holder, alg: 'RS512' }, input),
    }],
    ['ES256K', wrongAlgorithm, { by: 'secp256k1', header: { alg: 'ES256K' } }],
    ['ES384', accepted, { by: 'ES384' }],
    ['Ed25519', accepted, { by: 'Ed25519' }],
    ['EdDSA, its old name', accepted, { by: 'Ed25519', header: { alg: 'EdDSA' } }],
    ['RS256', accepted, { by: 'RS256' }],
    ['PS256', accepted, {
      by: 'RS256', header: { alg: 'PS256' }, sign: (input, holder) => signatureOf({ ...holder, alg: 'PS256' }, input),
    }],
  ],
  'the signature (4.3 no. 6)': [
    ['of other text', unsigned, { proof: part(1, (text) => encode({ ...JSON.parse(bytesOf(text)), x: 1 })) }],
    ['of another header', unsigned, { proof: part(0, (text) => encode({ ...JSON.parse(bytesOf(text)), x: 1 })) }],
    ['with another bit', unsigned, { sign: (input, holder) => flipped(signatureOf(holder, input)) }],
    ['with another last bit', unsigned, { sign: (input, holder) => flipped(signatureOf(holder, input), 63) }],
    ['of another key', unsigned, { sign: (input) => signatureOf(holders.other, input) }],
    ['in the form of ASN.1', unsigned, { sign: (input, holder) => signatureOf(holder, input, { dsaEncoding: 'der' }) }],
    ['of zeros', unsigned, { sign: () => Buffer.alloc(64) }],
    ['with r zero', unsigned, {
      sign: (input, holder) => Buffer.concat([Buffer.alloc(32), signatureOf(holder, input).subarray(32)]),
    }],
    ['with s zero', unsigned, {
      sign: (input, holder) => Buffer.concat([signatureOf(holder, input).subarray(0, 32), Buffer.alloc(32)]),
    }],
    ['with r and s the order of the curve', unsigned, {
      sign: () => Buffer.concat([numberBytes(order), numberBytes(order)]),
    }],
    ['a byte too short', unsigned, { sign: (input, holder) => signatureOf(holder, input).subarray(0, 63) }],
    ['a byte too long', unsigned, {
      sign: (input, holder) => Buffer.concat([signatureOf(holder, input), Buffer.alloc(1)]),
    }],
    ['of RS256 under PS256', unsigned, { by: 'RS256', header: { alg: 'PS256' } }],
    ['of ES256 under ES384', badKey, { header: { alg: 'ES384' } }],
    ['of ES256 under the algorithm of RSA', badKey, { header: { alg: 'RS256' } }],
    ['of RSA, empty', unsigned, { by: 'RS256', sign: () => Buffer.alloc(0) }],
    ['of Ed25519 with another bit', unsigned, {
      by: 'Ed25519', sign: (input, holder) => flipped(signatureOf(holder, input), 40),
    }],
  ],
  'the key (4.3 no. 7)': [
    ['missing', badKey, { header: { jwk: undefined } }],
    ['null', badKey, { header: { jwk: null } }],
    ['a string', badKey, { header: (holder) => ({ jwk: JSON.stringify(holder.jwk) }) }],
    ['an array', badKey, { header: (holder) => ({ jwk: [holder.jwk] }) }],
    ['empty', badKey, { header: { jwk: {} } }],
    ['kid instead', badKey, { header: { jwk: undefined, kid: 'k' } }],
    ['jku instead', badKey, { header: () => ({ jwk: undefined, kid: 'k', jku: `${issuer.issuer}/jku` }) }],
    ['x5u instead', badKey, { header: () => ({ jwk: undefined, x5u: `${issuer.issuer}/x5u` }) }],
    ['x5c instead', badKey, { header: { jwk: undefined, x5c: ['AAAA'] } }],
    ['symmetric', badKey, {
      header: { alg: 'ES256', jwk: { kty: 'oct', k: 'AAAA' } },
      sign: (input) => createHmac('sha256', Buffer.alloc(3)).update(input).digest(),
    }],
    ['of an unknown type', badKey, { header: (holder) => ({ jwk: { ...holder.jwk, kty: 'AKP' } }) }],
    ['of a type in small letters', badKey, { header: (holder) => ({ jwk: { ...holder.jwk, kty: 'ec' } }) }],
    ['without its type', badKey, { header: (holder) => ({ jwk: { ...holder.jwk, kty: undefined } }) }],
    ['without y', badKey, { header: (holder) => ({ jwk: { ...holder.jwk, y: undefined } }) }],
    ['with x that is a number', badKey, { header: (holder) => ({ jwk: { ...holder.jwk, x: 1 } }) }],
    ...['ES256', 'RS256', 'Ed25519'].map((by) => [`private, of ${by}`, badKey, {
      by, header: (holder) => ({ jwk: holder.privateKey.export({ format: 'jwk' }) }),
    }]),
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].flatMap((member) => [
      [`with the private member ${member}`, badKey, { header: ({ jwk }) => ({ jwk: { ...jwk, [member]: 'AA' } }) }],
      [`with ${member} null`, badKey, { header: ({ jwk }) => ({ jwk: { ...jwk, [member]: null } }) }],
    ]),
    ['off the curve', badKey, { bound: ({ jwk }) => ({ ...jwk, y: encode(flipped(bytesOf(jwk.y), 31)) }) }],
    ['the zero point', badKey, {
      bound: ({ jwk }) => ({ ...jwk, x: encode(Buffer.alloc(32)), y: encode(Buffer.alloc(32)) }),
    }],
    ['x without a byte', badKey, { bound: ({ jwk }) => ({ ...jwk, x: encode(bytesOf(jwk.x).subarray(1)) }) }],
    ['x with a zero before it', badKey, {
      bound: ({ jwk }) => ({ ...jwk, x: encode(Buffer.concat([Buffer.alloc(1), bytesOf(jwk.x)])) }),
    }],
    ['y empty', badKey, { bound: (holder) => ({ ...holder.jwk, y: '' }) }],
    ['x with stray bits', badKey, { bound: (holder) => ({ ...holder.jwk, x: withStrayBits(holder.jwk.x) }) }],
    ['x padded', badKey, { bound: (holder) => ({ ...holder.jwk, x: `${holder.jwk.x}=` }) }],
    ['of a curve that it is not on', badKey, { bound: (holder) => ({ ...holder.jwk, crv: 'P-384' }) }],
    ['of secp256k1', badKey, { by: 'secp256k1' }],
    ['of Ed448', badKey, { by: 'Ed25519', bound: (holder) => ({ ...holder.jwk, crv: 'Ed448' }) }],
    ['of X25519', badKey, { by: 'Ed25519', bound: (holder) => ({ ...holder.jwk, crv: 'X25519' }) }],
    ['of small order, for which anybody signs', badKey, {
      by: 'Ed25519',
      bound: (holder) => ({ ...holder.jwk, x: encode(numberBytes(1n << 248n)) }),
      sign: () => Buffer.concat([numberBytes(1n << 248n), Buffer.alloc(32)]),
    }],
    ['of RSA with 1024 bits', badKey, { by: 'small' }],
    ['of RSA with more than 4096 bits', badKey, {
      by: 'RS256', bound: (holder) => ({ ...holder.jwk, n: encode(Buffer.alloc(513, 255)) }),
    }],
    ['of RSA with an even modulus', badKey, {
      by: 'RS256', bound: (holder) => ({ ...holder.jwk, n: encode(flipped(bytesOf(holder.jwk.n), 255)) }),
    }],
    ['of RSA with the exponent 1, for which anybody signs', badKey, {
      by: 'RS256', bound: (holder) => ({ ...holder.jwk, e: 'AQ' }), sign: paddedDigest,
    }],
    ['of RSA with the exponent 0', badKey, { by: 'RS256', bound: (holder) => ({ ...holder.jwk, e: 'AA' }) }],
    ['of RSA with an exponent of 2 KiB', badKey, {
      by: 'RS256', bound: (holder) => ({ ...holder.jwk, e: encode(Buffer.alloc(2048, 255)) }),
    }],
    ['with members of no consequence', accepted, {
      header: (holder) => ({ jwk: { ...holder.jwk, kid: 'k', use: 'sig', alg: 'ES256', key_ops: ['verify'] } }),
    }],
    ['with its members in another order', accepted, {
      header: ({ jwk: { kty, crv, x, y } }) => ({ jwk: { y, x, kty, crv } }),
    }],
  ],
});
