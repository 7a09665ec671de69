#include "changebank/kickstart/oauth/ProvenKey.h"

#include "changebank/security/dpop/DpopProof.h"
#include "tests/unit/kickstart/ProofFixture.h"

using namespace changebank;
using kickstart::ProvenKey;
using security::Algorithm;
using security::KeyFamily;
using tests::TestKey;

namespace {

struct Fixture : tests::ProofFixture {
    std::string iat(std::int64_t seconds) const { return std::to_string(now() + seconds); }

    /// The error for a refresh that would fail anyway; empty if that is all that is wrong.
    std::string faultOf(const std::vector<std::string>& headers) {
        const auto response = refreshWith(headers, "unknown");
        BOOST_TEST(response.status == 400);
        if (errorOf(response) == "400 invalid_grant/refresh_token_not_found") return {};
        BOOST_TEST(errorOf(response) == "400 invalid_dpop_proof/unknown");
        return memberOf(response, "error_description");
    }
    std::string faultOf(const std::string& header) { return faultOf(std::vector{header}); }

    static std::string fault(const std::string& message) {
        return "The request has no good proof: " + message + ".";
    }
    static std::string unexpected(const std::string& claim) {
        return fault("unexpected \"" + claim + "\" claim value in the DPoP proof");
    }
    static std::string missing(const std::string& claim) {
        return fault("missing required \"" + claim + "\" claim in the DPoP proof");
    }
    static std::string untimely(const std::string& claim) {
        return fault('"' + claim + "\" claim timestamp check failed in the DPoP proof");
    }

    const std::string malformed = fault("the DPoP proof is not a well-formed JWT");
    const std::string invalidKey = fault("the \"jwk\" of the DPoP proof is not a usable public key");
    const std::string wrongAlgorithm =
        fault("\"alg\" (Algorithm) Header Parameter not allowed in the DPoP proof");
    const std::string replayed = fault("the DPoP proof was used before");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ProvenKeyTest, Fixture)

BOOST_AUTO_TEST_CASE(AProofOfEveryAlgorithmIsAccepted) {
    for (std::size_t i = 0; i < security::algorithmCount; ++i) {
        const auto algorithm = static_cast<Algorithm>(i);
        const auto& signer = TestKey::shared(security::traitsOf(algorithm).family);
        BOOST_TEST(faultOf(proofOf(signer, algorithm)) == "", security::traitsOf(algorithm).name);
    }
}

BOOST_AUTO_TEST_CASE(AProofIsForThisMethodAndThisUrl) {
    BOOST_TEST(faultOf(proof({{"htm", R"("GET")"}})) == unexpected("htm"));
    BOOST_TEST(faultOf(proof({{"htm", R"("post")"}})) == unexpected("htm"));
    for (const char* url :
         {"http://localhost:9011/oauth2/authorize", "http://localhost:9011/oauth2/token/",
          "https://localhost:9011/oauth2/token", "http://127.0.0.1:9011/oauth2/token",
          "http://localhost/oauth2/token", "http://login.example.com/oauth2/token", "/oauth2/token"}) {
        BOOST_TEST(faultOf(proof({{"htu", '"' + std::string(url) + '"'}})) == unexpected("htu"), url);
    }
    BOOST_TEST(faultOf(proof({{"htu", R"("HTTP://LocalHost:9011/oauth2/%74oken?a=b")"}})) == "");
}

BOOST_AUTO_TEST_CASE(TheUrlIsAsTheCallerWritesIt) {
    baseUrl = "https://login.example.com";
    BOOST_TEST(faultOf(proof()) == unexpected("htu"));
    BOOST_TEST(faultOf(proof({{"htu", R"("https://login.example.com/oauth2/token")"}})) == "");
}

BOOST_AUTO_TEST_CASE(AProofIsGoodForSeconds) {
    BOOST_TEST(faultOf(proof({{"iat", iat(-25)}})) == "");
    BOOST_TEST(faultOf(proof({{"iat", iat(-26)}})) == untimely("iat"));
    BOOST_TEST(faultOf(proof({{"iat", iat(15)}})) == "");
    BOOST_TEST(faultOf(proof({{"iat", iat(16)}})) == untimely("iat"));
    BOOST_TEST(faultOf(proof({{"exp", iat(-15)}})) == untimely("exp"));
}

BOOST_AUTO_TEST_CASE(AProofIsGoodOnce) {
    const auto early = proof({{"iat", iat(15)}});
    BOOST_TEST(faultOf(early) == "");
    BOOST_TEST(faultOf(early) == replayed);
    // As long as it would be accepted.
    clock.advance(std::chrono::seconds(40));
    BOOST_TEST(faultOf(early) == replayed);
    clock.advance(std::chrono::seconds(1));
    BOOST_TEST(faultOf(early) == untimely("iat"));
}

BOOST_AUTO_TEST_CASE(ARefusedProofIsNotUsedUp) {
    const auto good = proof();
    baseUrl = "http://127.0.0.1:9011";
    BOOST_TEST(faultOf(good) == unexpected("htu"));
    baseUrl = "http://localhost:9011";
    BOOST_TEST(faultOf(good) == "");
}

BOOST_AUTO_TEST_CASE(AnIdCountsForItsKeyAlone) {
    const Members claims{{"jti", R"("the same")"}};
    BOOST_TEST(faultOf(proof(claims)) == "");
    BOOST_TEST(faultOf(proof(claims)) == replayed);
    BOOST_TEST(faultOf(proofOf(TestKey::generate(KeyFamily::p256), Algorithm::es256, claims)) == "");
}

BOOST_AUTO_TEST_CASE(ThereIsOneHeader) {
    const auto twice = fault("more than one DPoP header");
    const auto good = proof();
    BOOST_TEST(faultOf({good, proof()}) == twice);
    BOOST_TEST(faultOf({good, good}) == twice);
    BOOST_TEST(faultOf({good, ""}) == twice);
    BOOST_TEST(faultOf(good) == "");
}

BOOST_AUTO_TEST_CASE(AProofHasAllItsClaims) {
    for (const char* claim : {"jti", "htm", "htu", "iat"}) {
        BOOST_TEST(faultOf(proof({{claim, ""}})) == missing(claim));
        BOOST_TEST(faultOf(proof({{claim, "null"}})) == unexpected(claim));
    }
}

BOOST_AUTO_TEST_CASE(AProofIsAJwtOfItsOwnType) {
    const auto good = proof();
    for (const auto& bad : {std::string(), std::string("x"), good + ".", good + "," + proof(),
                            std::string(security::DpopProof::sizeLimit + 1, 'a')}) {
        BOOST_TEST(faultOf(bad) == malformed, bad.substr(0, 20));
    }
    for (const char* type : {"", R"("JWT")", R"("at+jwt")"}) {
        BOOST_TEST(
            faultOf(proof({}, {{"typ", type}})) == fault("unexpected \"typ\" header value in the DPoP proof"),
            type);
    }
}

BOOST_AUTO_TEST_CASE(ASymmetricAlgorithmProvesNothing) {
    const auto good = proof({}, {{"alg", R"("HS256")"}});
    const auto input = good.substr(0, good.rfind('.'));
    const auto mac = encodeBase64Url(tests::hmacSha256(key.publicPem(), input));
    BOOST_TEST(faultOf(input + '.' + mac) == wrongAlgorithm);
    BOOST_TEST(faultOf(proof({}, {{"alg", R"("none")"}})) == wrongAlgorithm);
}

BOOST_AUTO_TEST_CASE(TheKeyIsAPublicOne) {
    BOOST_TEST(faultOf(proof({}, {{"jwk", ""}})) == invalidKey);
    BOOST_TEST(faultOf(proof({}, {{"jwk", key.jwk(R"("d":"AA")")}})) == invalidKey);
    BOOST_TEST(faultOf(proof({}, {{"jwk", R"({"kty":"oct","k":"AAAA"})"}})) == invalidKey);
    BOOST_TEST(faultOf(proof({}, {{"jwk", R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})"}})) ==
               invalidKey);
}

BOOST_AUTO_TEST_CASE(TheKeySignedTheProof) {
    const auto other = TestKey::generate(KeyFamily::p256);
    BOOST_TEST(faultOf(proof({}, {{"jwk", other.jwk()}})) ==
               fault("signature verification of the DPoP proof failed"));
}

BOOST_AUTO_TEST_CASE(WhoeverIsNotTheClientUsesUpNoProof) {
    const auto good = proof();
    BOOST_TEST(errorOf(tokenWith({good}, {{"grant_type", "refresh_token"},
                                          {"client_id", applicationId},
                                          {"client_secret", "wrong"},
                                          {"refresh_token", "unknown"}})) ==
               "401 invalid_client/invalid_client_authentication");
    BOOST_TEST(faultOf(good) == "");
}

BOOST_AUTO_TEST_CASE(ABadProofDoesNotUseUpTheCode) {
    const auto once = code();
    BOOST_TEST(errorOf(exchangeWith({"x"}, once)) == "400 invalid_dpop_proof/unknown");
    BOOST_TEST(exchangeWith({proof()}, once).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
