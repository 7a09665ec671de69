#include "changebank/security/refusal/Cause.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <tuple>

#include "changebank/base/text/Json.h"
#include "changebank/security/refusal/Refusal.h"

using namespace changebank;
using namespace changebank::security;

BOOST_AUTO_TEST_SUITE(CauseTest)

BOOST_AUTO_TEST_CASE(everyCauseIsComplete) {
    std::set<std::string_view> names;
    for (const auto& traits : allCauses()) {
        BOOST_TEST(&traitsOf(traits.cause) == &traits);
        BOOST_TEST(names.insert(traits.name).second, traits.name);
        BOOST_TEST(traits.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
                   std::string_view::npos);
        BOOST_TEST((traits.status == 400 || traits.status == 401 || traits.status == 403 ||
                    traits.status == 429 || traits.status == 503));
        BOOST_TEST(!traits.message.empty());
        BOOST_TEST(isOurFault(traits.cause) == (traits.status == 503));
        if (isOurFault(traits.cause)) BOOST_TEST(traits.code.starts_with("ERR_"));
    }
}

BOOST_AUTO_TEST_CASE(whatAPrincipalLacksHasItsCode) {
    BOOST_TEST(Refusal{Cause::roleMissing}.body() ==
               R"({"error":"You do not have a role with permissions to do this."})");
    for (const auto& [cause, status, code, error] :
         {std::tuple(Cause::scopeMissing, 403, "ERR_INSUFFICIENT_SCOPE", "insufficient_scope"),
          std::tuple(Cause::permissionMissing, 403, "ERR_INSUFFICIENT_SCOPE", "insufficient_scope"),
          std::tuple(Cause::insufficientAuthentication, 401, "ERR_INSUFFICIENT_USER_AUTHENTICATION",
                     "insufficient_user_authentication")}) {
        BOOST_TEST(traitsOf(cause).status == status);
        BOOST_TEST(traitsOf(cause).code == code);
        BOOST_TEST(traitsOf(cause).challengeError == error);
    }
}

BOOST_AUTO_TEST_CASE(decisionsHaveTheirCodes) {
    for (const auto& [cause, status, code] :
         {std::tuple(Cause::forwardedRequestInvalid, 400, "ERR_FORWARDED_REQUEST"),
          std::tuple(Cause::pathAmbiguous, 403, "ERR_PATH_AMBIGUOUS"),
          std::tuple(Cause::fieldForbidden, 403, "ERR_FIELD_FORBIDDEN"),
          std::tuple(Cause::ruleMissing, 403, "ERR_NO_RULE")}) {
        BOOST_TEST(traitsOf(cause).status == status);
        BOOST_TEST(traitsOf(cause).code == code);
        BOOST_TEST(traitsOf(cause).challengeError.empty());
    }
}

// RFC 9449 section 7.1 has three error codes.
BOOST_AUTO_TEST_CASE(bindingsAndProofsHaveTheirErrors) {
    for (const auto& traits : allCauses()) {
        if (!traits.name.starts_with("dpop_") && !traits.name.starts_with("certificate_")) continue;
        if (traits.status != 401) {
            BOOST_TEST(traits.challengeError.empty(), traits.name);
            continue;
        }
        const bool isBinding = traits.name == "dpop_required" || traits.name == "dpop_token_as_bearer" ||
                               traits.name == "dpop_token_unbound" || traits.name == "dpop_key_mismatch" ||
                               traits.name.starts_with("certificate_");
        const std::string_view error = traits.cause == Cause::dpopNonceMissing ? "use_dpop_nonce"
                                       : isBinding                             ? "invalid_token"
                                                                               : "invalid_dpop_proof";
        BOOST_TEST(traits.challengeError == error, traits.name);
    }
}

BOOST_AUTO_TEST_CASE(bodiesAreJsonWhateverTheTokenSays) {
    const Refusal plain{Cause::missingToken};
    BOOST_TEST(plain.body() == R"({"error":"Missing token cookie and Authorization header"})");
    const Refusal coded{Cause::expired};
    BOOST_TEST(coded.body() ==
               R"({"error":"\"exp\" claim timestamp check failed","code":"ERR_JWT_EXPIRED"})");
    const Refusal hostile{Cause::extensionUnknown, "a\"b\r\nSet-Cookie: x%\xFF"};
    const auto json = Json::parse(hostile.body());
    BOOST_REQUIRE(json.has_value());
    BOOST_TEST(*json->find("error")->string() ==
               "Extension Header Parameter \"a\"b\r\nSet-Cookie: x%\xEF\xBF\xBD\" is not recognized");
}

BOOST_AUTO_TEST_CASE(whatACheckComparedIsCutAndNeverSent) {
    const auto refusal = Refusal{Cause::claimUnexpected, "aud"}.withEvidence(
        "ours", std::string(Refusal::maxEvidence - 1, 'a') + "\u00E4");
    BOOST_TEST(refusal.expected == "ours");
    BOOST_TEST(refusal.found == std::string(Refusal::maxEvidence - 1, 'a'));
    BOOST_TEST((refusal == Refusal{Cause::claimUnexpected, "aud"}));
    BOOST_TEST(refusal.body() == (Refusal{Cause::claimUnexpected, "aud"}).body());
}

BOOST_AUTO_TEST_SUITE_END()
