#include "changebank/handlers/routing/RequestTarget.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::handlers;

namespace {

/// Path and query with a bar between them.
std::string parts(const RequestTarget& target) {
    return std::string(target.path).append("|").append(target.query);
}

std::string parsed(std::string_view target) {
    return parts(RequestTarget::parse(target));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RequestTargetTest)

BOOST_AUTO_TEST_CASE(theFirstQuestionMarkEndsThePath) {
    BOOST_TEST(parsed("/make-change?total=1") == "/make-change|total=1");
    BOOST_TEST(parsed("/make-change?a?b") == "/make-change|a?b");
    BOOST_TEST(parsed("/make-change?") == "/make-change|");
    BOOST_TEST(parsed("/make-change") == "/make-change|");
    BOOST_TEST(parsed("*") == "*|");
    BOOST_TEST(parsed("") == "|");
}

BOOST_AUTO_TEST_CASE(nothingIsDecodedOrNormalized) {
    for (const std::string target :
         {"/Make-Change/", "//make-change", "/%6dake-change", "/make-change;x=1", "\\make-change",
          "/./make-change", "/x/../make-change", "/make-change#x"})
        BOOST_TEST(parsed(target) == target + "|");
}

BOOST_AUTO_TEST_CASE(theAbsoluteFormNamesTheSamePath) {
    BOOST_TEST(parsed("http://localhost:3000/Panic/") == "/Panic/|");
    BOOST_TEST(parsed("HTTPS://example.com/make-change?total=1") == "/make-change|total=1");
    BOOST_TEST(parsed("http://localhost:3000") == "/|");
    BOOST_TEST(parsed("http://localhost?total=http://x/panic") == "|total=http://x/panic");
    BOOST_TEST(parsed("/livez?next=http://x/panic") == "/livez|next=http://x/panic");
}

BOOST_AUTO_TEST_CASE(aLogGetsThePathAlone) {
    for (const auto& [target, path] :
         {std::pair("/x", "/x"), std::pair("/x?secret", "/x"), std::pair("/x#secret", "/x"),
          std::pair("/x?a#secret", "/x"), std::pair("/x#a?secret", "/x"), std::pair("/?secret", "/"),
          std::pair("http://user:secret@h/x", ""), std::pair("user:secret@h/x", ""), std::pair("?secret", ""),
          std::pair("#secret", ""), std::pair("*", ""), std::pair("", "")})
        BOOST_TEST(RequestTarget::loggablePath(target) == path, target);
}

BOOST_AUTO_TEST_CASE(theTargetParsedByTheServerIsUsed) {
    const FakeRequest plain("GET", "http://host/a?b");
    BOOST_TEST(parts(RequestTarget::of(plain)) == "/a|b");
    const ContextFakeRequest ours("GET", "/a?b");
    BOOST_TEST(parts(RequestTarget::of(ours)) == "/a|b");
    BOOST_TEST(RequestTarget::of(ours).path.data() == ours.getURI().data());
}

BOOST_AUTO_TEST_SUITE_END()
