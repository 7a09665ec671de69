#include "changebank/security/dpop/TargetUri.h"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace changebank::security;

BOOST_AUTO_TEST_SUITE(TargetUriTest)

// RFC 3986 sections 6.2.2 and 6.2.3.
BOOST_AUTO_TEST_CASE(equivalentUrisAreTheSameText) {
    for (const auto& [uri, normal] : std::vector<std::pair<std::string, std::string>>{
             {"https://api.example.com/things", "https://api.example.com/things"},
             {"HTTPS://API.Example.COM/things", "https://api.example.com/things"},
             {"https://api.example.com", "https://api.example.com/"},
             {"https://api.example.com:443/", "https://api.example.com/"},
             {"https://api.example.com:00443/", "https://api.example.com/"},
             {"https://api.example.com:/", "https://api.example.com/"},
             {"http://api.example.com:80/", "http://api.example.com/"},
             {"http://api.example.com:443/", "http://api.example.com:443/"},
             {"https://api.example.com:80/", "https://api.example.com:80/"},
             {"https://api.example.com:8443/", "https://api.example.com:8443/"},
             {"https://[::1]:443/x", "https://[::1]/x"},
             {"https://[FE80::A]:8443/x", "https://[fe80::a]:8443/x"},
             {"https://api.example.com/things?a=b&c", "https://api.example.com/things"},
             {"https://api.example.com/things#part", "https://api.example.com/things"},
             {"https://api.example.com?x=/y", "https://api.example.com/"},
             {"https://api.example.com/%7euser", "https://api.example.com/~user"},
             {"https://api.example.com/a%2fb", "https://api.example.com/a%2Fb"},
             {"https://api.example.com/%61%2D", "https://api.example.com/a-"},
             {"https://%61pi.example.com/", "https://api.example.com/"},
             {"https://api.example.com/a/./b", "https://api.example.com/a/b"},
             {"https://api.example.com/a/../b", "https://api.example.com/b"},
             {"https://api.example.com/a/b/..", "https://api.example.com/a/"},
             {"https://api.example.com/a/.", "https://api.example.com/a/"},
             {"https://api.example.com/../../a", "https://api.example.com/a"},
             {"https://api.example.com/%2e%2E/a", "https://api.example.com/a"},
             {"https://api.example.com/a//b", "https://api.example.com/a//b"},
             {"https://api.example.com/a/..b/.c", "https://api.example.com/a/..b/.c"}}) {
        BOOST_TEST(targetUri(uri).value_or("none") == normal, uri);
        BOOST_TEST(targetUri(normal).value_or("none") == normal, normal);
    }
}

BOOST_AUTO_TEST_CASE(differentUrisStayDifferent) {
    const auto uri = targetUri("https://api.example.com/things");
    for (const auto other :
         {"http://api.example.com/things", "https://api.example.com/Things",
          "https://api.example.com/things/", "https://api.example.com/",
          "https://api.example.com:8443/things", "https://api.example.com./things",
          "https://api.example.com.evil.com/things", "https://evil.com/api.example.com/things",
          "https://api.example.com/things/..", "https://api.example.com//things",
          "https://api.example.com/things%2F", "https://api.example.com/%74%68ing%73;x"}) {
        BOOST_TEST(targetUri(other).has_value(), other);
        BOOST_TEST((targetUri(other) != uri), other);
    }
}

BOOST_AUTO_TEST_CASE(otherTextsAreNoTargets) {
    for (const auto text : {"",
                            "/things",
                            "api.example.com/things",
                            "//api.example.com/things",
                            "ftp://api.example.com/things",
                            "https:/api.example.com/things",
                            "https:api.example.com",
                            "https://",
                            "https:///things",
                            "https://user@api.example.com/things",
                            "https://user:secret@api.example.com/",
                            "https://api.example.com:0/",
                            "https://api.example.com:port/",
                            "https://api.example.com:-1/",
                            "https://api.example.com:80:80/",
                            "https://api.example.com/a b",
                            "https://api.example.com/\t",
                            "https://api.example.com/\"",
                            "https://api.example.com/caf\xC3\xA9",
                            "https://api.example.com/\\",
                            "https://api.example.com/%",
                            "https://api.example.com/%2",
                            "https://api.example.com/%zz",
                            " https://api.example.com/",
                            "https://api.example.com/ ",
                            "javascript://api.example.com/"}) {
        BOOST_TEST(!targetUri(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
