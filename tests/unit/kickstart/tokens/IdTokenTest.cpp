#include "changebank/kickstart/tokens/IdToken.h"

#include "tests/unit/kickstart/TokenFixture.h"

using namespace changebank;
using kickstart::IdToken;
using kickstart::KeyAlgorithm;

namespace {

struct Fixture : tests::TokenFixture {
    kickstart::AuthenticationContext context{
        "PASSWORD", 1'789'999'993, std::nullopt, {"authorization_code"}, "openid"};

    Json claims(const kickstart::TokenSubject& subject, const IdToken::Binding& binding = {}) {
        return claimsOf(IdToken::mint(subject, context, binding, 1'790'000'000));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(IdTokenTest, Fixture)

BOOST_AUTO_TEST_CASE(HasTheUserAndNoRoles) {
    context.sid = kickstart::Uuid::random();
    const auto said = claims(tellers());
    std::vector<std::string> names;
    for (const auto& member : *said.object()) {
        names.push_back(member.first);
    }
    const std::vector<std::string> expected{
        "aud", "exp", "iat", "iss", "sub", "jti", "authenticationType", "sid", "auth_time", "tid", "tty"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
    BOOST_TEST(*said.find("tty")->string() == "idt");
    BOOST_TEST(said.find("exp")->number()->text == "1790003600");
    BOOST_TEST(said.find("auth_time")->number()->text == "1789999993");
    BOOST_TEST(*said.find("sid")->string() == context.sid->toText());
}

BOOST_AUTO_TEST_CASE(ItsScopesBringTheUsersNames) {
    auto subject = tellers();
    subject.user.profile = {{"firstName", Json(std::string("Tammy"))}, {"data", Json(std::string("x"))}};
    subject.user.username = "tammy";
    context.scope = "openid email";
    const auto email = claims(subject);
    BOOST_TEST(*email.find("email")->string() == "teller@example.com");
    BOOST_TEST(!email.find("given_name"));
    context.scope = "openid profile";
    const auto profile = claims(subject);
    BOOST_TEST(!profile.find("email"));
    BOOST_TEST(*profile.find("given_name")->string() == "Tammy");
    BOOST_TEST(*profile.find("preferred_username")->string() == "tammy");
    BOOST_TEST(!profile.find("data"));
    context.scope = "emails openid_profile";
    BOOST_TEST(!claims(subject).find("email"));
}

BOOST_AUTO_TEST_CASE(IsBoundToNonceAndToken) {
    // The example of OpenID Connect Core 1.0, appendix A.3, whose algorithm is RS256.
    const IdToken::Binding binding{"n-0S6_WzA2Mj", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"};
    const auto said = claims(tellers(KeyAlgorithm::rs256), binding);
    BOOST_TEST(*said.find("nonce")->string() == "n-0S6_WzA2Mj");
    BOOST_TEST(*said.find("at_hash")->string() == "77QmUPtjPfzWtF2AnpK9RQ");
}

BOOST_AUTO_TEST_CASE(HashesAsLongAsTheAlgorithmSays) {
    const std::vector<std::pair<KeyAlgorithm, std::size_t>> halves{{KeyAlgorithm::es256, 16},
                                                                   {KeyAlgorithm::es384, 24},
                                                                   {KeyAlgorithm::hs512, 32},
                                                                   {KeyAlgorithm::ed25519, 32}};
    for (const auto& [algorithm, bytes] : halves) {
        const auto said = claims(tellers(algorithm), {{}, "a"});
        BOOST_TEST(decodeBase64Url(*said.find("at_hash")->string())->size() == bytes);
        BOOST_TEST(!said.find("nonce"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
