#include "changebank/daemon/http/message/RequestTarget.h"

#include <boost/test/unit_test.hpp>

using changebank::http::isHostAndPort;
using changebank::http::RequestTarget;
using Form = RequestTarget::Form;

BOOST_AUTO_TEST_SUITE(RequestTargetTest)

BOOST_AUTO_TEST_CASE(TakesTheFormsApart) {
    const auto origin = RequestTarget::parse("GET", "/a/b?c?d");
    BOOST_TEST((origin->form == Form::Origin));
    BOOST_TEST(origin->path == "/a/b");
    BOOST_TEST(origin->query == "?c?d");
    BOOST_TEST(origin->authority == "");

    const auto absolute = RequestTarget::parse("GET", "http://h:1/a?b");
    BOOST_TEST((absolute->form == Form::Absolute));
    BOOST_TEST(absolute->authority == "h:1");
    BOOST_TEST(absolute->path == "/a");
    BOOST_TEST(absolute->query == "?b");

    const auto bare = RequestTarget::parse("GET", "https://[::1]?b");
    BOOST_TEST(bare->isHttps);
    BOOST_TEST(!absolute->isHttps);
    BOOST_TEST(bare->authority == "[::1]");
    BOOST_TEST(bare->path == "");
    BOOST_TEST(bare->query == "?b");

    const auto authority = RequestTarget::parse("CONNECT", "h:1");
    BOOST_TEST((authority->form == Form::Authority));
    BOOST_TEST(authority->authority == "h:1");

    BOOST_TEST((RequestTarget::parse("OPTIONS", "*")->form == Form::Asterisk));
}

BOOST_AUTO_TEST_CASE(RejectsInvalidTargets) {
    for (const auto* target :
         {"", "a", "//a b", "/%", "/%1", "/%g0", "/#", "/\x80", "http://", "http://@h/", "http://:1/",
          "http://h:x/", "http://[::1/", "http://[]/", "mailto:a", "*", "?a"})
        BOOST_TEST(!RequestTarget::parse("GET", target), target);
    for (const auto* target : {"", "h", ":1", "h:", "h:x", "/", "*", "http://h:1"})
        BOOST_TEST(!RequestTarget::parse("CONNECT", target), target);
}

BOOST_AUTO_TEST_CASE(KnowsHosts) {
    for (const auto* host : {"", "h", "h:80", "h:", "1.2.3.4:5", "[::1]", "[::1]:80", "a-b.c_d", "%41"})
        BOOST_TEST(isHostAndPort(host), host);
    for (const auto* host :
         {"h:a", "h:123456", "a b", "a/b", "a@b", "a,b b", "[::1", "[]", "[::1]a", "[g@]", "\x80", "%4"})
        BOOST_TEST(!isHostAndPort(host), host);
}

BOOST_AUTO_TEST_SUITE_END()
