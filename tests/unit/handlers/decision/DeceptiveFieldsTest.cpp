#include "changebank/handlers/decision/DeceptiveFields.h"

#include <Poco/Net/MessageHeader.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iterator>
#include <string>
#include <vector>

using namespace changebank::handlers;

namespace {

std::string found(const std::string& name, const std::string& value = "x",
                  RequestConvention convention = RequestConvention::forwarded) {
    Poco::Net::MessageHeader header;
    header.add("Host", "api.example.com");
    header.add(name, value);
    header.add("Accept", "*/*");
    return std::string(deceptiveField(header, convention).value_or(""));
}

constexpr const char* onceSpelt[] = {
    "Sec-Fetch-Site",     "Access-Control-Request-Method",
    "X-Forwarded-For",    "X-Forwarded-Proto",
    "X-Forwarded-Port",   "X-Forwarded-Host",
    "X-Forwarded-Method", "X-Forwarded-Uri",
    "X-Real-IP",
};

std::string replaced(std::string name, char by) {
    std::replace(name.begin(), name.end(), '-', by);
    return name;
}

std::string upper(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return name;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DeceptiveFieldsTest)

BOOST_AUTO_TEST_CASE(noSpellingOfAForbiddenFieldPasses) {
    for (const std::string name :
         {"X-Auth-Subject", "X-Auth-Issuer", "X-Auth-Roles", "X-Auth-Scopes", "X-Auth-Token",
          "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL",
          "X-Original-Method", "X-Original-URI", "X-Override-URL", "X-HTTP-Path-Override",
          "X-Forwarded-Prefix", "X-Forwarded-Path", "X-Envoy-Original-Path", "HTTP2-Settings"}) {
        auto mixed = name;
        mixed[mixed.rfind('-')] = '_';
        for (const auto& spelling :
             {name, upper(name), replaced(name, '_'), replaced(name, '.'), replaced(name, '~'),
              replaced(name, '!'), replaced(name, '+'), upper(replaced(name, '_')), mixed}) {
            BOOST_TEST(found(spelling) == name, spelling);
            BOOST_TEST(found(spelling, "") == name, spelling << ", empty");
            if (name != "X-Envoy-Original-Path" || (spelling != name && spelling != upper(name)))
                BOOST_TEST(found(spelling, "x", RequestConvention::original) == name, spelling);
        }
    }
}

BOOST_AUTO_TEST_CASE(anEnvoyMayTellAnotherOneOfThePathThatItHasChanged) {
    for (const char* name : {"x-envoy-original-path", "X-Envoy-Original-Path"}) {
        BOOST_TEST(found(name, "/x", RequestConvention::original).empty());
        BOOST_TEST(found(name, "/x") == "X-Envoy-Original-Path");
    }
}

BOOST_AUTO_TEST_CASE(anUpgradeIsToWebsocketsOnly) {
    BOOST_TEST(found("Upgrade", "websocket").empty());
    BOOST_TEST(found("upgrade", "WebSocket").empty());
    for (const char* value : {"h2c", "", "websocket, h2c", "h2c, websocket", "websocket ", "TLS/1.0"})
        BOOST_TEST(found("Upgrade", value) == "Upgrade", value);
    BOOST_TEST(found("UPGRADE", "h2c") == "Upgrade");
}

BOOST_AUTO_TEST_CASE(whatGuardProxyAndApiReadHasOneSpelling) {
    for (const std::string name : onceSpelt) {
        BOOST_TEST(found(name).empty(), name);
        BOOST_TEST(found(upper(name)).empty(), name);
        auto mixed = name;
        mixed[mixed.rfind('-')] = '_';
        for (const auto& spelling : {replaced(name, '_'), replaced(name, '.'), replaced(name, '~'),
                                     upper(replaced(name, '_')), mixed}) {
            BOOST_TEST(found(spelling) == name, spelling);
            BOOST_TEST(found(spelling, "") == name, spelling << ", empty");
        }
    }
}

BOOST_AUTO_TEST_CASE(aConnectionTakesNoFieldAwayThatTheApiBelieves) {
    std::vector<std::string> names(std::begin(onceSpelt), std::end(onceSpelt));
    for (const char* name :
         {"X-Auth-Subject", "X-Auth-Issuer", "X-Auth-Roles", "X-Auth-Scopes", "X-Auth-Token"})
        names.emplace_back(name);
    for (const auto& name : names) {
        for (const auto& list : {name, upper(name), "close, " + name, name + ",close",
                                 "close,\t" + name + " , x", ",," + name, replaced(name, '_')})
            BOOST_TEST(found("connection", list) == "Connection", list);
    }
    for (const char* list : {"", ",", "close", "keep-alive, Upgrade", "X-Auth", "close X-Auth-Roles",
                             "Upgrade, HTTP2-Settings", "Authorization"})
        BOOST_TEST(found("Connection", list).empty(), list);
}

BOOST_AUTO_TEST_CASE(otherFieldsPass) {
    for (const char* name : {"Authorization", "Cookie", "DPoP", "Origin", "Forwarded", "X-Forwarded-Server",
                             "X-Original", "X-Forwarded", "X-Auth-Subjects", "X-Auth", "Auth-Subject",
                             "X--Auth-Subject", "Content_Type", "X-Request-Id", "Connection"})
        BOOST_TEST(found(name).empty(), name);
}

BOOST_AUTO_TEST_SUITE_END()
