#include "tests/support/AttackCases.h"

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "tests/support/Pkcs1Forgeries.h"
#include "tests/support/TokenRecipe.h"

namespace changebank::tests {

using namespace security;

namespace {

struct Answer {
    int status;
    const char* code;
    const char* message;
};

constexpr Answer accepted{200, "", ""};
constexpr Answer noRole{403, "", "You do not have a role with permissions to do this."};
constexpr Answer notCompact{401, "ERR_JWS_INVALID", "Invalid Compact JWS"};
constexpr Answer headerInvalid{401, "ERR_JWS_INVALID", "JWS Protected Header is invalid"};
constexpr Answer noAlgorithm{401, "ERR_JWS_INVALID",
                             "JWS \"alg\" (Algorithm) Header Parameter missing or invalid"};
constexpr Answer unsupported{401, "ERR_JOSE_NOT_SUPPORTED",
                             "Unsupported \"alg\" value for a JSON Web Key Set"};
constexpr Answer notAllowed{401, "ERR_JOSE_ALG_NOT_ALLOWED",
                            "\"alg\" (Algorithm) Header Parameter not allowed"};
constexpr Answer noKey{401, "ERR_JWKS_NO_MATCHING_KEY", "no applicable key found in the JSON Web Key Set"};
constexpr Answer manyKeys{401, "ERR_JWKS_MULTIPLE_MATCHING_KEYS",
                          "multiple matching keys found in the JSON Web Key Set"};
constexpr Answer badSignature{401, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "signature verification failed"};
constexpr Answer badPayload{401, "ERR_JWS_INVALID", "Failed to base64url decode the payload"};
constexpr Answer unencoded{401, "ERR_JWT_INVALID", "JWTs MUST NOT use unencoded payload"};
constexpr Answer badCrit{
    401, "ERR_JWS_INVALID",
    "\"crit\" (Critical) Header Parameter MUST be an array of non-empty strings when present"};
constexpr Answer noObject{401, "ERR_JWT_INVALID", "JWT Claims Set must be a top-level JSON object"};
constexpr Answer badType{401, "ERR_JWT_CLAIM_VALIDATION_FAILED", "unexpected \"typ\" JWT header value"};
constexpr Answer expired{401, "ERR_JWT_EXPIRED", "\"exp\" claim timestamp check failed"};

/// Collects the cases; every member adds some.
class Collector {
public:
    Collector(const AttackKeys& keys, long long now, std::string jku)
        : _keys(keys), _now(now), _jku(std::move(jku)) {}

    std::vector<AttackCase> collect() {
        algorithms();
        signatures();
        headerKeys();
        unusableKeys();
        keyIds();
        critical();
        shapes();
        encodings();
        payloads();
        claims();
        times();
        kinds();
        roles();
        return std::move(_cases);
    }

private:
    void add(int number, const std::string& name, const std::string& token, const Answer& answer) {
        _cases.push_back({number, name, token, answer.status, answer.code, answer.message});
    }

    void addClaim(int number, const std::string& claim, const std::string& json, const Answer& answer) {
        add(number, claim + " " + json, good().claim(claim, json).signedBy(_keys.k1), answer);
    }

    void addClaimFailure(int number, const std::string& claim, const std::string& json,
                         const std::string& message) {
        add(number, claim + " " + json, good().claim(claim, json).signedBy(_keys.k1),
            {401, "ERR_JWT_CLAIM_VALIDATION_FAILED", message.c_str()});
    }

    TokenRecipe good() const { return TokenRecipe(_now); }
    std::string goodToken() const { return good().signedBy(_keys.k1); }

    /// A header and payload signed by k1 as they are, whatever the texts hold.
    std::string signedTexts(const std::string& header, const std::string& payload) const {
        return _keys.k1.token(Algorithm::rs256, header, payload);
    }

    std::string signedParts(const std::string& signingInput) const {
        return signingInput + "." + encodeBase64Url(_keys.k1.sign(Algorithm::rs256, signingInput));
    }

    static std::string withSignature(const std::string& token, const std::string& signature) {
        return token.substr(0, token.rfind('.') + 1) + encodeBase64Url(signature);
    }

    static std::string signatureOf(const std::string& token) {
        return decodeBase64Url(token.substr(token.rfind('.') + 1)).value();
    }

    std::string macWith(const std::string& secret) const {
        auto recipe = good();
        recipe.header("alg", R"("HS256")");
        const auto signingInput =
            encodeBase64Url(recipe.headerText()) + "." + encodeBase64Url(recipe.claimsText());
        return signingInput + "." + encodeBase64Url(hmacSha256(secret, signingInput));
    }

    void algorithms() {
        const auto parts = goodToken();
        const auto payloadAndSignature = parts.substr(parts.find('.'));
        const auto payload = payloadAndSignature.substr(0, payloadAndSignature.rfind('.'));
        int number = 1;
        for (const char* none : {"none", "None", "NONE", "nOnE"}) {
            const auto header = encodeBase64Url(R"({"alg":")" + std::string(none) + "\"}");
            add(number++, "alg " + std::string(none), header + payload + ".", unsupported);
        }
        add(5, "alg none with a real signature",
            encodeBase64Url(R"({"alg":"none","kid":"k1"})") + payloadAndSignature, unsupported);
        const auto pem = _keys.k1.publicPem();
        const auto jwk = _keys.k1.jwk();
        add(6, "HS256 keyed with the public PEM", macWith(pem), unsupported);
        add(7, "HS256 keyed with the PEM without its last line end", macWith(pem.substr(0, pem.size() - 1)),
            unsupported);
        add(7, "HS256 keyed with the JWK", macWith(jwk), unsupported);
        add(7, "HS256 keyed with the DER", macWith(_keys.k1.publicDer()), unsupported);
        const auto modulus = jwk.substr(jwk.find(R"("n":")") + 5);
        add(7, "HS256 keyed with the modulus", macWith(modulus.substr(0, modulus.find('"'))), unsupported);
        add(7, "HS256 keyed with the modulus's octets",
            macWith(decodeBase64Url(modulus.substr(0, modulus.find('"'))).value()), unsupported);
        add(7, "HS256 keyed with nothing", macWith(""), unsupported);
        add(8, "alg rs256", good().header("alg", R"("rs256")").signedBy(_keys.k1), unsupported);
        for (const char* alg : {"\"\"", "1", "null", "[\"RS256\"]"}) {
            add(9, "alg " + std::string(alg), good().header("alg", alg).signedBy(_keys.k1), noAlgorithm);
        }
        add(9, "alg absent", good().withoutHeader("alg").signedBy(_keys.k1), noAlgorithm);
        for (const char* alg : {"RS1", "RSxyz", "RSA-OAEP"}) {
            add(10, "alg " + std::string(alg), good().header("alg", quoteJson(alg)).signedBy(_keys.k1),
                noKey);
            add(10, "alg " + std::string(alg) + " on a key without alg",
                good().header("alg", quoteJson(alg)).header("kid", R"("open")").signedBy(_keys.open),
                unsupported);
        }
        add(10, "alg ES999",
            good()
                .header("alg", R"("ES999")")
                .header("kid", R"("p256")")
                .signedBy(_keys.p256, Algorithm::es256),
            unsupported);
        add(10, "alg EdFoo",
            good()
                .header("alg", R"("EdFoo")")
                .header("kid", R"("ed")")
                .signedBy(_keys.ed, Algorithm::ed25519),
            unsupported);
        add(11, "PS256 on a key for RS256",
            good().header("alg", R"("PS256")").signedBy(_keys.k1, Algorithm::ps256), notAllowed);
        add(12, "PS256 on a key without alg",
            good()
                .header("alg", R"("PS256")")
                .header("kid", R"("open")")
                .signedBy(_keys.open, Algorithm::ps256),
            notAllowed);
        add(13, "ES256 with the kid of an RSA key",
            good().header("alg", R"("ES256")").signedBy(_keys.p256, Algorithm::es256), noKey);
        add(14, "ES256 on a P-384 key",
            good()
                .header("alg", R"("ES256")")
                .header("kid", R"("p384")")
                .signedBy(_keys.p384, Algorithm::es384),
            noKey);
        add(0, "a good ES256 token",
            good()
                .header("alg", R"("ES256")")
                .header("kid", R"("p256")")
                .signedBy(_keys.p256, Algorithm::es256),
            accepted);
        add(0, "a good EdDSA token",
            good()
                .header("alg", R"("EdDSA")")
                .header("kid", R"("ed")")
                .signedBy(_keys.ed, Algorithm::ed25519),
            accepted);
        add(0, "a good Ed25519 token",
            good()
                .header("alg", R"("Ed25519")")
                .header("kid", R"("ed")")
                .signedBy(_keys.ed, Algorithm::ed25519),
            accepted);
        add(0, "the good token G", goodToken(), accepted);
    }

    void signatures() {
        const auto ec = good()
                            .header("alg", R"("ES256")")
                            .header("kid", R"("p256")")
                            .signedBy(_keys.p256, Algorithm::es256);
        const auto ecSignature = signatureOf(ec);
        const std::string zeros(32, '\0');
        add(15, "ECDSA r = s = 0", withSignature(ec, zeros + zeros), badSignature);
        add(15, "ECDSA r = 0", withSignature(ec, zeros + ecSignature.substr(32)), badSignature);
        add(15, "ECDSA s = 0", withSignature(ec, ecSignature.substr(0, 32) + zeros), badSignature);
        add(16, "ECDSA in DER",
            withSignature(
                ec, "\x30\x44\x02\x20" + ecSignature.substr(0, 32) + "\x02\x20" + ecSignature.substr(32)),
            badSignature);
        add(17, "ECDSA 63 octets", withSignature(ec, ecSignature.substr(1)), badSignature);
        add(17, "ECDSA 65 octets", withSignature(ec, std::string(1, '\0') + ecSignature), badSignature);
        const auto ed = good()
                            .header("alg", R"("EdDSA")")
                            .header("kid", R"("ed")")
                            .signedBy(_keys.ed, Algorithm::ed25519);
        add(18, "Ed25519 S all ones",
            withSignature(ed, signatureOf(ed).substr(0, 32) + std::string(32, '\xFF')), badSignature);

        const auto token = goodToken();
        const auto signature = signatureOf(token);
        add(19, "RSA with a leading zero", withSignature(token, std::string(1, '\0') + signature),
            badSignature);
        add(19, "RSA one octet short", withSignature(token, signature.substr(0, 255)), badSignature);
        const auto forgeries = pkcs1Forgeries(sha256(token.substr(0, token.rfind('.'))), signature.size());
        for (const auto& [name, message] : forgeries)
            add(20, "PKCS#1 with " + name, withSignature(token, _keys.k1.privateOperation(message)),
                badSignature);
        add(21, "empty signature", token.substr(0, token.rfind('.') + 1), badSignature);
        auto flipped = signature;
        flipped[100] = static_cast<char>(flipped[100] ^ 1);
        add(21, "one bit flipped", withSignature(token, flipped), badSignature);
        add(22, "signed by another key", good().signedBy(_keys.attacker), badSignature);
    }

    void unusableKeys() {
        for (const auto& key : _keys.unusable) {
            auto recipe = good();
            recipe.header("alg", quoteJson(key.algorithm)).header("kid", quoteJson(key.keyId));
            const auto signingInput =
                encodeBase64Url(recipe.headerText()) + "." + encodeBase64Url(recipe.claimsText());
            add(key.number, "signed by the key " + key.keyId,
                signingInput + "." + encodeBase64Url(key.sign(signingInput)), noKey);
        }
    }

    void headerKeys() {
        add(23, "header jwk of the attacker",
            good().header("jwk", _keys.attacker.jwk()).signedBy(_keys.attacker), badSignature);
        add(24, "header jku of the attacker", good().header("jku", quoteJson(_jku)).signedBy(_keys.attacker),
            badSignature);
        add(24, "header jku on a good token", good().header("jku", quoteJson(_jku)).signedBy(_keys.k1),
            accepted);
        add(25, "header x5u of the attacker", good().header("x5u", quoteJson(_jku)).signedBy(_keys.attacker),
            badSignature);
        add(25, "header x5c of the attacker", good().header("x5c", R"(["MIIB"])").signedBy(_keys.attacker),
            badSignature);
    }

    void keyIds() {
        for (const char* keyId : {"../../../../dev/null", "/proc/sys/kernel/ostype"}) {
            add(26, "kid " + std::string(keyId), good().header("kid", quoteJson(keyId)).signedBy(_keys.k1),
                noKey);
        }
        for (const std::string& keyId :
             {std::string("' OR 1=1 --"), std::string("$(reboot)"), std::string("http://127.0.0.1/"),
              std::string("a\r\nX: y"), std::string("k1\0", 3)}) {
            add(27, "kid with metacharacters", good().header("kid", quoteJson(keyId)).signedBy(_keys.k1),
                noKey);
        }
        for (const char* keyId : {"1", "null", "{}"})
            add(28, "kid " + std::string(keyId), good().header("kid", keyId).signedBy(_keys.k1), noKey);
        add(29, "kid empty", good().header("kid", "\"\"").signedBy(_keys.k1), noKey);
        add(30, "kid of 8 KiB", good().header("kid", quoteJson(std::string(8192, 'k'))).signedBy(_keys.k1),
            noKey);
        add(31, "no kid, one candidate",
            good().withoutHeader("kid").header("alg", R"("ES256")").signedBy(_keys.p256, Algorithm::es256),
            accepted);
        add(32, "no kid, several candidates", good().withoutHeader("kid").signedBy(_keys.k1), manyKeys);
        add(33, "two keys of one kid", good().header("kid", R"("twice")").signedBy(_keys.twiceFirst),
            manyKeys);
    }

    void critical() {
        for (const char* crit : {"[]", R"("x")", "[1]", "null"})
            add(48, "crit " + std::string(crit), good().header("crit", crit).signedBy(_keys.k1), badCrit);
        for (const char* name : {"exp", "alg", "unknown"}) {
            const auto message = "Extension Header Parameter \"" + std::string(name) + "\" is not recognized";
            add(48, "crit [\"" + std::string(name) + "\"]",
                good()
                    .header("crit", "[\"" + std::string(name) + "\"]")
                    .header(name, R"("RS256")")
                    .signedBy(_keys.k1),
                {401, "ERR_JOSE_NOT_SUPPORTED", message.c_str()});
        }
        add(49, "crit with a name twice",
            good().header("crit", R"(["b64","b64"])").header("b64", "true").signedBy(_keys.k1), badCrit);
        add(50, "b64 false with crit",
            good().header("crit", R"(["b64"])").header("b64", "false").signedBy(_keys.k1), unencoded);
        add(51, "b64 false without crit", good().header("b64", "false").signedBy(_keys.k1), unencoded);
    }

    void shapes() {
        const auto token = goodToken();
        const auto first = token.find('.');
        const auto second = token.rfind('.');
        const auto json = R"({"payload":")" + token.substr(first + 1, second - first - 1) +
                          R"(","protected":")" + token.substr(0, first) + R"(","signature":")" +
                          token.substr(second + 1) + "\"}";
        add(52, "five parts, as a JWE", token.substr(0, first) + ".AAAA.AAAA.AAAA.AAAA", notCompact);
        add(53, "flattened JSON serialization", json, notCompact);
        add(53, "general JSON serialization",
            R"({"payload":"e30","signatures":[{"protected":"e30","signature":"AA"}]})", notCompact);
        add(53, "polyglot of JSON and compact", "{\"" + token + "\":1}", headerInvalid);
        add(54, "four parts", token + ".AAAA", notCompact);
        add(54, "a trailing point", token + ".", notCompact);
        add(54, "leading points", ".." + token, notCompact);
        add(55, "8 KiB of points", std::string(8000, '.'), notCompact);
        add(0, "one word", "abc", notCompact);
        add(0, "a.b.c", "a.b.c", headerInvalid);
        add(0, "..", "..", noAlgorithm);
    }

    void encodings() {
        const auto recipe = good();
        const auto header = encodeBase64Url(recipe.headerText());
        const auto payload = encodeBase64Url(recipe.claimsText());
        const auto token = goodToken();
        for (const char* junk : {"*", "=", "+", "/"}) {
            add(56, "header with " + std::string(junk), signedParts(header + junk + "." + payload),
                headerInvalid);
            add(56, "payload with " + std::string(junk), signedParts(header + "." + payload + junk),
                badPayload);
            add(56, "signature with " + std::string(junk), token + junk, badSignature);
        }
        add(57, "signature with unused bits", token.substr(0, token.size() - 1) + nextCharacter(token.back()),
            badSignature);
        // Texts whose length leaves unused bits: two octets over a multiple of three.
        add(57, "payload with unused bits", signedParts(header + ".e31"), badPayload);
        add(57, "header with unused bits", signedParts("e31." + payload), headerInvalid);
        add(58, "header in invalid UTF-8",
            signedTexts("{\"alg\":\"RS256\",\"kid\":\"k1\",\"x\":\"\xFF\"}", recipe.claimsText()),
            headerInvalid);
        add(58, "header with a byte order mark",
            signedTexts("\xEF\xBB\xBF" + recipe.headerText(), recipe.claimsText()), headerInvalid);
        add(58, "payload in invalid UTF-8",
            signedTexts(recipe.headerText(), good().claim("x", "\"\xC0\x80\"").claimsText()), noObject);
        add(58, "payload with a byte order mark",
            signedTexts(recipe.headerText(), "\xEF\xBB\xBF" + recipe.claimsText()), noObject);
        add(58, "payload with a lone surrogate", good().claim("x", R"("\ud800")").signedBy(_keys.k1),
            noObject);
    }

    static char nextCharacter(char c) {
        constexpr std::string_view alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet[alphabet.find(c) + 1];
    }

    void payloads() {
        const auto header = good().headerText();
        const auto claims = good().claimsText();
        const auto inside = claims.substr(0, claims.size() - 1);
        add(59, "alg twice", signedTexts(R"({"alg":"none","alg":"RS256","kid":"k1"})", claims),
            headerInvalid);
        for (const char* repeated :
             {R"("exp":1)", R"("roles":["admin"])", R"("iss":"x")", R"("ex\u0070":99999999999)"}) {
            add(59, "twice " + std::string(repeated), signedTexts(header, inside + "," + repeated + "}"),
                noObject);
        }
        add(60, "claim __proto__",
            good().claim("__proto__", R"({"roles":["teller"]})").without("roles").signedBy(_keys.k1), noRole);
        for (const char* payload : {"", "[]", "\"x\"", "1", "null", "{}{}", "{} x"})
            add(61, "payload " + std::string(payload), signedTexts(header, payload), noObject);
        add(62, "payload nested 1,000 deep",
            good().claim("x", std::string(1000, '[') + std::string(1000, ']')).signedBy(_keys.k1), noObject);
        std::string many;
        for (int i = 0; i < 5000; ++i)
            many += "0,";
        add(62, "payload of many values", good().claim("x", "[" + many + "0]").signedBy(_keys.k1), noObject);
    }

    void claims() {
        addMissing(63, "iss");
        for (const char* issuer : {R"(["http://localhost:9011"])", "null", R"("http://localhost:9011/")",
                                   R"("HTTP://LOCALHOST:9011")"}) {
            addClaimFailure(63, "iss", issuer, "unexpected \"iss\" claim value");
        }
        addMissing(64, "aud");
        const std::string ours = quoteJson(TokenRecipe::audience);
        for (const std::string& audience :
             {std::string("[]"), std::string("{}"), std::string("1"), "[[" + ours + "]]",
              std::string(R"("e9fdb985")"), std::string(R"("E9FDB985-9173-4E01-9D73-AC2D60D1DC8E")")}) {
            addClaimFailure(64, "aud", audience, "unexpected \"aud\" claim value");
        }
        addClaim(65, "aud", "[\"x\"," + ours + "]", accepted);
        addClaimFailure(76, "aud", R"("10000000-0000-0000-0000-000000000002")",
                        "unexpected \"aud\" claim value");
    }

    void addMissing(int number, const std::string& claim) {
        const auto message = "missing required \"" + claim + "\" claim";
        add(number, claim + " absent", good().without(claim).signedBy(_keys.k1),
            {401, "ERR_JWT_CLAIM_VALIDATION_FAILED", message.c_str()});
    }

    void times() {
        addMissing(66, "exp");
        for (const std::string& past : {std::string("0"), std::string("-1"), std::to_string(_now - 1)})
            addClaim(67, "exp", past, expired);
        for (const char* wrong : {R"("4000000000")", "null", "true", "[]"})
            addClaimFailure(68, "exp", wrong, "\"exp\" claim must be a number");
        for (const char* absurd :
             {"1e400", "-1e400", "9007199254740993", "9223372036854775808", "18446744073709551616"}) {
            addClaimFailure(69, "exp", absurd, "\"exp\" claim must be a number");
        }
        addClaim(69, "exp", "1e10", accepted);
        addClaim(69, "exp", std::to_string(_now + 600) + ".5", accepted);
        addClaim(70, "exp", "NaN", noObject);
        addClaim(70, "exp", "Infinity", noObject);
        addClaimFailure(71, "nbf", std::to_string(_now + 3600), "\"nbf\" claim timestamp check failed");
        for (const char* wrong : {R"("1")", "null"})
            addClaimFailure(71, "nbf", wrong, "\"nbf\" claim must be a number");
        addClaimFailure(72, "iat", std::to_string(_now + 3600),
                        "\"iat\" claim timestamp check failed (it should be in the past)");
        for (const char* wrong : {R"("1")", "null"})
            addClaimFailure(72, "iat", wrong, "\"iat\" claim must be a number");
        add(73, "several faults: iss before exp",
            good().claim("iss", R"("x")").claim("exp", "1").signedBy(_keys.k1),
            {401, "ERR_JWT_CLAIM_VALIDATION_FAILED", "unexpected \"iss\" claim value"});
        add(73, "several faults: nbf before exp",
            good().claim("nbf", std::to_string(_now + 3600)).claim("exp", "1").signedBy(_keys.k1),
            {401, "ERR_JWT_CLAIM_VALIDATION_FAILED", "\"nbf\" claim timestamp check failed"});
        add(73, "several faults: signature before claims",
            good().claim("iss", R"("x")").signedBy(_keys.attacker), badSignature);
        add(73, "several faults: key before signature",
            good().header("kid", R"("none")").signedBy(_keys.attacker), noKey);
    }

    void kinds() {
        for (const char* type : {"dpop+jwt", "secevent+jwt", "logout+jwt", "JWE"}) {
            add(74, "typ " + std::string(type), good().header("typ", quoteJson(type)).signedBy(_keys.k1),
                badType);
        }
        add(74, "typ at+jwt", good().header("typ", R"("at+jwt")").signedBy(_keys.k1), accepted);
        addClaimFailure(75, "tty", R"("idt")", "unexpected \"tty\" claim value");
        for (const char* mark : {"at_hash", "c_hash", "nonce"})
            addClaimFailure(75, mark, R"("x")", "unexpected \"" + std::string(mark) + "\" claim value");
        addClaimFailure(87, "cnf", R"({"jkt":"x"})", "unexpected \"cnf\" claim value");
        addClaimFailure(88, "cnf", R"({"x5t#S256":"x"})", "unexpected \"cnf\" claim value");
        addMissing(93, "sub");
        for (const char* nobody : {"4711", R"("")", R"("  ")", R"({"id":"x"})", "null"})
            addClaimFailure(93, "sub", nobody, "unexpected \"sub\" claim value");
    }

    void roles() {
        add(77, "roles absent", good().without("roles").signedBy(_keys.k1), noRole);
        for (const char* roles : {"null", "{}", "1"})
            addClaim(77, "roles", roles, noRole);
        for (const char* roles : {R"("teller")", R"("xtellerx")"})
            addClaim(78, "roles", roles, noRole);
        for (const char* roles : {R"([["teller"]])", R"(["TELLER"])", R"(["teller "])", "[]"})
            addClaim(79, "roles", roles, noRole);
        add(79, "nested roles",
            good().without("roles").claim("realm_access", R"({"roles":["teller"]})").signedBy(_keys.k1),
            noRole);
        addClaim(80, "roles", R"(["admin"])", noRole);
    }

    const AttackKeys& _keys;
    long long _now;
    std::string _jku;
    std::vector<AttackCase> _cases;
};

std::vector<UnusableKey> unusableKeys() {
    std::vector<UnusableKey> keys;
    const auto add = [&keys](int number, const std::string& keyId, const std::string& members,
                             const std::string& algorithm, auto sign) {
        keys.push_back(
            {number, keyId, R"({"kid":)" + quoteJson(keyId) + "," + members.substr(1), algorithm, sign});
    };
    const auto signWith = [](const TestKey& key, Algorithm algorithm) {
        return [=](const std::string& signingInput) { return key.sign(algorithm, signingInput); };
    };
    const auto rsa = TestKey::generate(KeyFamily::rsa);
    const auto signRsa = signWith(rsa, Algorithm::rs256);
    auto halfKey = rsa.jwk();
    halfKey.erase(halfKey.find(R"(,"e":)"), std::string_view(R"(,"e":"AQAB")").size());
    add(42, "without-e", halfKey, "RS256", signRsa);
    add(43, "private", rsa.jwk(R"("d":"AQAB")"), "RS256", signRsa);
    add(43, "for-encryption", rsa.jwk(R"("use":"enc")"), "RS256", signRsa);
    add(43, "for-signing", rsa.jwk(R"("key_ops":["sign"])"), "RS256", signRsa);
    add(43, "for-another-algorithm", rsa.jwk(R"("alg":"RSA-OAEP")"), "RS256", signRsa);
    add(43, "of-unknown-type", R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"})", "RS256", signRsa);
    add(43, "of-unknown-curve", R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"})", "ES256",
        signWith(TestKey::generate(KeyFamily::p256), Algorithm::es256));

    const auto small = TestKey::generate(KeyFamily::rsa, 1024);
    add(46, "rsa-1024", small.jwk(), "RS256", signWith(small, Algorithm::rs256));
    // Under the exponent 1 the encoded message is its own signature.
    const auto withoutExponent = [](const std::string& signingInput) {
        return pkcs1Encoded(sha256(signingInput), 256);
    };
    auto exponent = rsa.jwk();
    exponent.replace(exponent.find("AQAB"), 4, "AQ");
    add(46, "exponent-1", exponent, "RS256", withoutExponent);
    exponent.replace(exponent.find("\"AQ\"") + 1, 2, "Ag");
    add(46, "exponent-2", exponent, "RS256", withoutExponent);

    // Under a public key that is the neutral element, R = S = 0 fits any message.
    const auto neutral = "\1" + std::string(31, '\0');
    add(18, "neutral-element", R"({"kty":"OKP","crv":"Ed25519","x":")" + encodeBase64Url(neutral) + "\"}",
        "EdDSA", [neutral](const std::string&) { return neutral + std::string(32, '\0'); });
    const auto offCurve = encodeBase64Url("\2" + std::string(31, '\0'));
    add(47, "off-edwards-curve", R"({"kty":"OKP","crv":"Ed25519","x":")" + offCurve + "\"}", "EdDSA",
        signWith(TestKey::generate(KeyFamily::ed25519), Algorithm::ed25519));
    const auto signElliptic = signWith(TestKey::generate(KeyFamily::p256), Algorithm::es256);
    for (const auto& [name, octet] : {std::pair("off-curve", '\1'), std::pair("infinity", '\0')}) {
        const auto coordinate = encodeBase64Url(std::string(32, octet));
        add(47, name, R"({"kty":"EC","crv":"P-256","x":")" + coordinate + R"(","y":")" + coordinate + "\"}",
            "ES256", signElliptic);
    }
    return keys;
}

}  // namespace

AttackKeys::AttackKeys()
    : unusable(unusableKeys()),
      k1(TestKey::generate(KeyFamily::rsa)),
      open(TestKey::generate(KeyFamily::rsa)),
      twiceFirst(TestKey::generate(KeyFamily::rsa)),
      twiceSecond(TestKey::generate(KeyFamily::rsa)),
      p256(TestKey::generate(KeyFamily::p256)),
      p384(TestKey::generate(KeyFamily::p384)),
      ed(TestKey::generate(KeyFamily::ed25519)),
      attacker(TestKey::generate(KeyFamily::rsa)) {}

std::string AttackKeys::document() const {
    std::vector<std::string> all{k1.jwk(R"("kid":"k1","alg":"RS256","use":"sig")"),
                                 open.jwk(R"("kid":"open")"),
                                 twiceFirst.jwk(R"("kid":"twice")"),
                                 twiceSecond.jwk(R"("kid":"twice")"),
                                 p256.jwk(R"("kid":"p256")"),
                                 p384.jwk(R"("kid":"p384")"),
                                 ed.jwk(R"("kid":"ed")")};
    // A symmetric key, with which nothing can be signed that looks for a public one.
    all.push_back(R"({"kty":"oct","kid":"secret","k":"AAAA"})");
    for (const auto& key : unusable)
        all.push_back(key.jwk);
    return keySetOf(all);
}

std::vector<AttackCase> attackCases(const AttackKeys& keys, long long now, const std::string& jku) {
    return Collector(keys, now, jku).collect();
}

}  // namespace changebank::tests
