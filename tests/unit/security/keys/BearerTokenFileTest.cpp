#include "changebank/security/keys/BearerTokenFile.h"

#include <boost/test/unit_test.hpp>

#include "changebank/security/keys/HttpJwksFetcher.h"
#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank::security;
using changebank::tests::ScriptedKeyServer;
using changebank::tests::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

/// The field's value, or the reason.
std::string valueOf(const std::string& path) {
    const auto result = BearerTokenFile(path).authorization();
    const auto* failure = std::get_if<FetchFailure>(&result);
    return failure ? failure->reason : std::get<std::string>(result);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(BearerTokenFileTest)

BOOST_AUTO_TEST_CASE(theTokenIsReadEachTime) {
    const TemporaryFolder folder;
    const auto path = folder.write("token", " abc.def-_~+/==\r\n");
    BOOST_TEST(valueOf(path) == "Bearer abc.def-_~+/==");
    folder.write("token", "new");
    BOOST_TEST(valueOf(path) == "Bearer new");
    BOOST_TEST(valueOf("").empty());
}

BOOST_AUTO_TEST_CASE(whatIsNotOneTokenIsRefusedWithoutShowingIt) {
    const TemporaryFolder folder;
    for (const auto& content :
         {std::string(), std::string("\n"), std::string("a b"), std::string("a\nb"), std::string("a\"b"),
          std::string("\x80"), std::string("a\0b", 3), std::string(BearerTokenFile::maxSize + 1, 'a')}) {
        const auto path = folder.write("token", content);
        BOOST_TEST(valueOf(path) == "the token file " + path + " is not one token");
    }
    BOOST_TEST(valueOf(folder.file("missing")).ends_with(": No such file or directory"));
}

BOOST_AUTO_TEST_CASE(aFetchSendsItOrFails) {
    const TemporaryFolder folder;
    ScriptedKeyServer server(ScriptedKeyServer::document("{}"));
    const auto path = folder.write("token", "secret");
    HttpJwksFetcher fetcher(Poco::URI(server.uri()), {}, path);
    BOOST_TEST(std::holds_alternative<FetchedKeys>(fetcher.fetch({}, false, 10s)));
    BOOST_TEST(server.lastRequestHead().find("\r\nAuthorization: Bearer secret\r\n") != std::string::npos);
    folder.write("token", "two secrets");
    const auto failed = std::get<FetchFailure>(fetcher.fetch({}, false, 10s));
    BOOST_TEST((failed.cause == Cause::keysUnreachable));
    BOOST_TEST(failed.reason.find("secrets") == std::string::npos);
    BOOST_TEST(server.hits() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
