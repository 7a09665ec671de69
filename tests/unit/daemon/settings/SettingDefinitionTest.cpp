#include "changebank/daemon/settings/SettingDefinition.h"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace changebank;
using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(SettingDefinitionTest)

BOOST_AUTO_TEST_CASE(everyDefaultIsAGoodValue) {
    Settings settings;
    for (const auto& definition : SettingTable::base().all()) {
        const auto fault = definition.read(definition.defaultValue, settings);
        BOOST_TEST(!fault, definition.key << ": " << fault.value_or(""));
    }
}

BOOST_AUTO_TEST_CASE(everySettingIsDescribedAndHasAKeyAndAVariableOfItsOwn) {
    std::set<std::string> names;
    for (const auto& definition : SettingTable::base().all()) {
        BOOST_TEST(names.insert(std::string(definition.key)).second);
        BOOST_TEST(names.insert(definition.environmentVariable()).second);
        BOOST_TEST(!definition.type.empty());
        BOOST_REQUIRE(!definition.meaning.empty());
        BOOST_TEST(definition.meaning.back() == '.');
    }
}

BOOST_AUTO_TEST_CASE(theDefaultsAreThoseOfTheContract) {
    const auto defaultOf = [](std::string_view key) {
        return std::string(SettingTable::base().find(key)->defaultValue);
    };
    BOOST_TEST(defaultOf("server.host") == "127.0.0.1");
    BOOST_TEST(defaultOf("server.port") == "3000");
    BOOST_TEST(defaultOf("auth.issuer") == "http://localhost:9011");
    BOOST_TEST(defaultOf("auth.audience") == "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e");
    BOOST_TEST(defaultOf("auth.jwks.maxAge") == "10m");
    BOOST_TEST(defaultOf("auth.jwks.cooldown") == "30s");
    BOOST_TEST(defaultOf("auth.jwks.timeout") == "5s");
    BOOST_TEST(defaultOf("auth.jwks.staleFor") == "24h");
    BOOST_TEST(defaultOf("auth.algorithms") == "RS256");
    BOOST_TEST(defaultOf("auth.leeway") == "0s");
    BOOST_TEST(defaultOf("auth.cookie") == "app.at");
    BOOST_TEST(defaultOf("auth.tenant") == "");
    BOOST_TEST(defaultOf("auth.requireExpiration") == "true");
    BOOST_TEST(defaultOf("auth.cache.entries") == "10000");
    BOOST_TEST(defaultOf("auth.errors") == "detailed");
    BOOST_TEST(defaultOf("roles.makeChange") == "customer,teller");
    BOOST_TEST(defaultOf("roles.panic") == "teller");
    BOOST_TEST(defaultOf("log.level") == "information");
    BOOST_TEST(defaultOf("log.target") == "stderr");
    BOOST_TEST(defaultOf("log.format") == "text");
}

BOOST_AUTO_TEST_CASE(theEnvironmentVariableFollowsTheKey) {
    BOOST_TEST(SettingTable::base().find("auth.jwks.uri")->environmentVariable() ==
               "CHANGEBANK_AUTH_JWKS_URI");
    BOOST_TEST(SettingTable::base().find("auth.jwks.maxAge")->environmentVariable() ==
               "CHANGEBANK_AUTH_JWKS_MAXAGE");
}

BOOST_AUTO_TEST_CASE(aMisspeltKeyIsRecognised) {
    BOOST_TEST(SettingTable::base().nearest("server.prot") == "server.port");
    BOOST_TEST(SettingTable::base().nearest("Server.Port") == "server.port");
    BOOST_TEST(SettingTable::base().nearest("auth.jwks.url") == "auth.jwks.uri");
    BOOST_TEST(SettingTable::base().nearest("role.panic") == "roles.panic");
    BOOST_TEST(SettingTable::base().nearest("auth.jwks.maxage") == "auth.jwks.maxAge");
    BOOST_TEST(SettingTable::base().nearest("something.else") == "");
    BOOST_TEST(SettingTable::base().nearest("") == "");
    BOOST_TEST(SettingTable::base().nearest(std::string(100'000, 'x')) == "");
}

BOOST_AUTO_TEST_CASE(keysMatchExactly) {
    BOOST_TEST(SettingTable::base().find("server.port") != nullptr);
    BOOST_TEST(SettingTable::base().find("server.Port") == nullptr);
    BOOST_TEST(SettingTable::base().find("server.port ") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
