#include "changebank/security/guard/TokenExtractor.h"

#include <Poco/Net/MessageHeader.h>

#include <boost/test/unit_test.hpp>
#include <initializer_list>

using namespace changebank;
using namespace changebank::security;

namespace {

using Header = std::pair<const char*, std::string>;

Poco::Net::MessageHeader messageOf(std::initializer_list<Header> headers) {
    Poco::Net::MessageHeader message;
    for (const auto& [name, value] : headers)
        message.add(name, value);
    return message;
}

std::variant<PresentedToken, Refusal> extract(const Poco::Net::MessageHeader& message) {
    return TokenExtractor("app.at").extract(message);
}

void expectToken(std::initializer_list<Header> headers, const std::string& text, bool fromCookie) {
    const auto message = messageOf(headers);
    const auto extracted = extract(message);
    BOOST_REQUIRE(std::holds_alternative<PresentedToken>(extracted));
    BOOST_TEST(std::get<PresentedToken>(extracted).text == text);
    BOOST_TEST(std::get<PresentedToken>(extracted).fromCookie == fromCookie);
}

void expectRefusal(std::initializer_list<Header> headers, Cause cause) {
    const auto message = messageOf(headers);
    const auto extracted = extract(message);
    BOOST_REQUIRE(std::holds_alternative<Refusal>(extracted));
    BOOST_TEST((std::get<Refusal>(extracted).cause == cause));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TokenExtractorTest)

BOOST_AUTO_TEST_CASE(takesTheBearerToken) {
    expectToken({{"Authorization", "Bearer a.b.c"}}, "a.b.c", false);
    expectToken({{"authorization", "bEARER a.b.c"}}, "a.b.c", false);
    expectToken({{"Authorization", "Bearer a.b.c \t"}}, "a.b.c", false);
    expectToken({{"Authorization", "Bearer  a.b.c"}}, "a.b.c", false);
    expectToken({{"Authorization", "Bearer    a.b.c  "}}, "a.b.c", false);
}

// RFC 9449 section 7.1.
BOOST_AUTO_TEST_CASE(takesATokenWithAProofWhereThatIsAllowed) {
    const TokenExtractor both("app.at", AcceptedSchemes::bearerAndDpop);
    for (const auto value : {"DPoP a.b.c", "dpop  a.b.c ", "DPOP a.b.c\t"}) {
        const auto message = messageOf({{"Authorization", value}});
        const auto extracted = both.extract(message);
        const auto* token = std::get_if<PresentedToken>(&extracted);
        BOOST_REQUIRE(token);
        BOOST_TEST(token->text == "a.b.c");
        BOOST_TEST((token->scheme == AuthenticationScheme::dpop));
        BOOST_TEST(!token->fromCookie);
        expectRefusal({{"Authorization", value}}, Cause::missingToken);
    }
    const auto bearer = messageOf({{"Authorization", "Bearer a.b.c"}});
    BOOST_TEST((std::get<PresentedToken>(both.extract(bearer)).scheme == AuthenticationScheme::bearer));
    // Somebody else may have set the cookie.
    const auto cookie = messageOf({{"Authorization", "DPoP a.b.c"}, {"Cookie", "app.at=d.e.f"}});
    BOOST_TEST(std::get<PresentedToken>(both.extract(cookie)).text == "a.b.c");
    expectToken({{"Authorization", "DPoP a.b.c"}, {"Cookie", "app.at=d.e.f"}}, "d.e.f", true);
    const auto second = messageOf({{"Authorization", "Bearer a.b.c"}, {"Cookie", "app.at=d.e.f"}});
    const auto fromCookie = std::get<PresentedToken>(both.extract(second));
    BOOST_TEST(fromCookie.text == "d.e.f");
    BOOST_TEST((fromCookie.scheme == AuthenticationScheme::bearer));
    for (const auto value : {"DPoP", "DPoP ", "DPoPa.b.c", "DPo a.b.c", "DPoP2 a.b.c"}) {
        const auto message = messageOf({{"Authorization", value}});
        const auto extracted = both.extract(message);
        const auto* refusal = std::get_if<Refusal>(&extracted);
        BOOST_TEST((refusal && refusal->cause == Cause::missingToken), value);
    }
}

BOOST_AUTO_TEST_CASE(moreThanOneWordAfterBearerIsNoticed) {
    for (const auto& [value, isOneWord] :
         {std::pair{"Bearer a.b.c", true}, std::pair{"Bearer   a.b.c \t", true},
          std::pair{"Bearer a.b.c extra", false}, std::pair{"bearer  a b", false},
          std::pair{"Bearer a.b.c\td", false}, std::pair{"Bearer a, Basic b", false}}) {
        const auto message = messageOf({{"Authorization", value}});
        BOOST_TEST(std::get<PresentedToken>(extract(message)).isOneWord() == isOneWord, value);
    }
}

BOOST_AUTO_TEST_CASE(otherSchemesAndEmptyCredentialsAreNoToken) {
    for (const char* value : {"", "Bearer", "Bearer ", "Bearer   ", "Basic a.b.c", "DPoP a.b.c", "a.b.c",
                              "Bearera.b.c", "Bearer\ta.b.c", "Token a.b.c"}) {
        expectRefusal({{"Authorization", value}}, Cause::missingToken);
    }
    expectRefusal({}, Cause::missingToken);
    expectRefusal({{"X-Authorization", "Bearer a.b.c"}}, Cause::missingToken);
}

BOOST_AUTO_TEST_CASE(twoAuthorizationHeadersAreRefused) {
    expectRefusal({{"Authorization", "Bearer a.b.c"}, {"Authorization", "Bearer a.b.c"}},
                  Cause::repeatedAuthorization);
    expectRefusal({{"Cookie", "app.at=x"}, {"Authorization", "Basic a"}, {"authorization", "Bearer b"}},
                  Cause::repeatedAuthorization);
}

BOOST_AUTO_TEST_CASE(theCookieWinsOverTheHeader) {
    expectToken({{"Cookie", "app.at=c.c.c"}, {"Authorization", "Bearer h.h.h"}}, "c.c.c", true);
    expectToken({{"Authorization", "Bearer h.h.h"}, {"Cookie", "app.at=c.c.c"}}, "c.c.c", true);
}

BOOST_AUTO_TEST_CASE(anEmptyCookieCountsAsNone) {
    expectToken({{"Cookie", "app.at="}, {"Authorization", "Bearer h.h.h"}}, "h.h.h", false);
    expectToken({{"Cookie", "app.at=\"\""}, {"Authorization", "Bearer h.h.h"}}, "h.h.h", false);
    expectRefusal({{"Cookie", "app.at="}}, Cause::missingToken);
    expectRefusal({{"Cookie", "app.at"}}, Cause::missingToken);
}

BOOST_AUTO_TEST_CASE(findsTheCookieAmongOthers) {
    expectToken({{"Cookie", "a=1; app.at=t.t.t; b=2"}}, "t.t.t", true);
    expectToken({{"Cookie", "a=1"}, {"Cookie", "app.at=t.t.t"}}, "t.t.t", true);
    expectToken({{"Cookie", " app.at = t.t.t "}}, "t.t.t", true);
    expectToken({{"Cookie", "app.at=\"t.t.t\""}}, "t.t.t", true);
    expectToken({{"Cookie", "app.at=first; app.at=second"}}, "first", true);
    expectToken({{"Cookie", "app.at=first"}, {"Cookie", "app.at=second"}}, "first", true);
    expectToken({{"Cookie", "app.at=t%2Et"}}, "t%2Et", true);
    expectToken({{"Cookie", "app.at=j:{}"}}, "j:{}", true);
    for (const char* value : {"APP.AT=t", "xapp.at=t", "app.atx=t", "app_at=t", "x=app.at=t", ";;;", "=t"}) {
        expectRefusal({{"Cookie", value}}, Cause::missingToken);
    }
}

BOOST_AUTO_TEST_SUITE_END()
