#include "changebank/handlers/decision/RequestConvention.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank::handlers;
using changebank::security::Cause;
using changebank::security::Refusal;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const Fields good{{"X-Forwarded-Method", "POST"},
                  {"X-Forwarded-Host", "api.example.com:8443"},
                  {"X-Forwarded-Uri", "/orders/1?all=1"}};

Fields with(Fields fields, const std::string& name, const std::string& value) {
    for (auto& [each, text] : fields) {
        if (each == name) text = value;
    }
    return fields;
}

Fields without(Fields fields, const std::string& name) {
    std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    return fields;
}

Fields plus(Fields fields, const std::string& name, const std::string& value) {
    fields.emplace_back(name, value);
    return fields;
}

/// `METHOD HOST TARGET`, or the name of the field that is wrong behind a question mark.
std::string read(RequestConvention convention, const std::string& method, const std::string& target,
                 const Fields& fields, const std::vector<std::string>& hosts = {"changebank"}) {
    FakeRequest request(method, target);
    request.erase("Host");
    for (const auto& host : hosts)
        request.add("Host", host);
    for (const auto& [name, value] : fields)
        request.add(name, value);
    const auto result = readRequest(convention, request);
    if (const auto* refusal = std::get_if<Refusal>(&result)) {
        BOOST_TEST((refusal->cause == Cause::forwardedRequestInvalid));
        return "? " + refusal->parameter;
    }
    const auto& received = std::get<ReceivedRequest>(result);
    return received.method + " " + received.host + " " + received.target;
}

std::string forwarded(const Fields& fields) {
    return read(RequestConvention::forwarded, "GET", "/decision", fields);
}

std::string original(const std::string& method, const std::string& target, const Fields& fields = {},
                     const std::vector<std::string>& hosts = {"api.example.com"}) {
    return read(RequestConvention::original, method, target, fields, hosts);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RequestConventionTest)

BOOST_AUTO_TEST_CASE(threeFieldsAreTheForwardedRequest) {
    BOOST_TEST(forwarded(good) == "POST api.example.com:8443 /orders/1?all=1");
    const Fields lower{{"x-forwarded-method", "GET"}, {"x-forwarded-host", "a"}, {"x-forwarded-uri", "/"}};
    BOOST_TEST(forwarded(lower) == "GET a /");
}

BOOST_AUTO_TEST_CASE(eachOfThemIsThereExactlyOnce) {
    for (const auto& [name, value] : good) {
        BOOST_TEST(forwarded(without(good, name)) == "? " + name);
        BOOST_TEST(forwarded(plus(good, name, value)) == "? " + name);
        BOOST_TEST(forwarded(with(good, name, "")) == "? " + name);
    }
}

// A proxy that overwrites one spelling lets a client's other one through.
BOOST_AUTO_TEST_CASE(otherSpellingsCountAsRepeated) {
    for (const auto& [name, value] : good) {
        for (const auto& [from, to] : {std::pair('-', '_'), std::pair('-', '.')}) {
            auto variant = name;
            variant[variant.rfind(from)] = to;
            BOOST_TEST(forwarded(plus(good, variant, value)) == "? " + name);
            BOOST_TEST(forwarded(plus(without(good, name), variant, value)) == "? " + name);
            auto first = good;
            first.insert(first.begin(), {variant, value});
            BOOST_TEST(forwarded(first) == "? " + name);
        }
        BOOST_TEST(forwarded(plus(good, "X~Forwarded~Uri", "/")) == "? X-Forwarded-Uri");
        BOOST_TEST(forwarded(plus(good, "X_FORWARDED.Method", "GET")) == "? X-Forwarded-Method");
    }
}

BOOST_AUTO_TEST_CASE(aMethodIsATokenInUpperCase) {
    for (const std::string method : {"GET", "DELETE", "M-SEARCH", "X1!#$%&'*+-.^_`|~", "VERSION-CONTROL"})
        BOOST_TEST(forwarded(with(good, "X-Forwarded-Method", method)) ==
                   method + " api.example.com:8443 /orders/1?all=1");
    BOOST_TEST(forwarded(with(good, "X-Forwarded-Method", std::string(32, 'A'))).front() == 'A');
    for (const std::string method :
         {"get", "Get", "GET,POST", "GET POST", " GET", "GET\t", "G(T", "G\xC3\x9CT"})
        BOOST_TEST(forwarded(with(good, "X-Forwarded-Method", method)) == "? X-Forwarded-Method", method);
    BOOST_TEST(forwarded(with(good, "X-Forwarded-Method", std::string(33, 'A'))) == "? X-Forwarded-Method");
}

BOOST_AUTO_TEST_CASE(aHostIsAnAuthority) {
    for (const std::string host : {"a", "a:1", "[::1]:80", "127.0.0.1"})
        BOOST_TEST(forwarded(with(good, "X-Forwarded-Host", host)) == "POST " + host + " /orders/1?all=1");
    for (const std::string host : {"a,b", "a, b", "a/b", "user@a", "a:x", "http://a", "a b"})
        BOOST_TEST(forwarded(with(good, "X-Forwarded-Host", host)) == "? X-Forwarded-Host", host);
}

BOOST_AUTO_TEST_CASE(theOriginalRequestIsBehindAPrefix) {
    const std::string host = " api.example.com ";
    BOOST_TEST(original("PUT", "/decision/orders/1?all=1") == "PUT" + host + "/orders/1?all=1");
    BOOST_TEST(original("GET", "/decision/decision/") == "GET" + host + "/decision/");
    // Whether these are targets is another question.
    BOOST_TEST(original("GET", "/decision") == "GET" + host);
    BOOST_TEST(original("OPTIONS", "/decision*") == "OPTIONS" + host + "*");
    BOOST_TEST(original("GET", "/decision//x/..") == "GET" + host + "//x/..");
    BOOST_TEST(original("GET", "http://a/decision/x") == "? the target");
}

BOOST_AUTO_TEST_CASE(theOriginalRequestIsAsStrict) {
    BOOST_TEST(original("get", "/decision/x") == "? the method");
    BOOST_TEST(original(std::string(33, 'A'), "/decision/x") == "? the method");
    BOOST_TEST(original("GET", "/decision/x", {}, {}) == "? Host");
    BOOST_TEST(original("GET", "/decision/x", {}, {"a", "a"}) == "? Host");
    BOOST_TEST(original("GET", "/decision/x", {}, {"a,b"}) == "? Host");
}

BOOST_AUTO_TEST_CASE(fieldsOfTheOtherConventionCountForNothing) {
    const std::string plain = "GET api.example.com /x";
    BOOST_TEST(original("GET", "/decision/x", good) == plain);
    BOOST_TEST(original("GET", "/decision/x", plus(good, "X_Forwarded_Method", "PUT")) == plain);
    BOOST_TEST(read(RequestConvention::forwarded, "HEAD", "/decision?x=1", good, {"a,b"}) ==
               "POST api.example.com:8443 /orders/1?all=1");
}

BOOST_AUTO_TEST_CASE(eachConventionAsksAtItsPath) {
    for (const auto& [path, isForwarded, isOriginal] :
         {std::tuple("/decision", true, true), std::tuple("/decision/", false, true),
          std::tuple("/decision/x", false, true), std::tuple("/Decision", false, false),
          std::tuple("/", false, false), std::tuple("//decision", false, false),
          std::tuple("/.well-known/jwks.json", false, false)}) {
        BOOST_TEST(isDecisionPath(RequestConvention::forwarded, path) == isForwarded, path);
        BOOST_TEST(isDecisionPath(RequestConvention::original, path) == isOriginal, path);
    }
}

BOOST_AUTO_TEST_SUITE_END()
