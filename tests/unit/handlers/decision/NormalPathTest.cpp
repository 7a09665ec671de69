#include "changebank/handlers/decision/NormalPath.h"

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/Utf8.h"

using namespace changebank;
using namespace changebank::handlers;

namespace {

/// "none" for a path that is refused.
std::string normal(std::string_view path) {
    return normalPath(path).value_or("none");
}

std::string utf8(char32_t c) {
    const auto part = [c](int shift, unsigned lead, unsigned mask) {
        return static_cast<char>(lead | ((c >> shift) & mask));
    };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {part(6, 0xC0, 0x1F), part(0, 0x80, 0x3F)};
    if (c < 0x10000) return {part(12, 0xE0, 0x0F), part(6, 0x80, 0x3F), part(0, 0x80, 0x3F)};
    return {part(18, 0xF0, 0x07), part(12, 0x80, 0x3F), part(6, 0x80, 0x3F), part(0, 0x80, 0x3F)};
}

/// Every byte as an escape.
std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789aBcDeF";
    std::string all;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        all += {'%', digits[byte / 16], digits[byte % 16]};
    }
    return all;
}

bool isAccepted(char32_t c) {
    return normalPath("/a" + escaped(utf8(c)) + "b").has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(NormalPathTest)

BOOST_AUTO_TEST_CASE(aPlainPathIsItself) {
    for (const auto* path :
         {"/", "/orders", "/orders/17/items", "/.well-known/jwks.json", "/a.b/c", "/a-b_c~d",
          "/a!$&'()*+,=:@b", "/a[1]|{b}^`\"<c>", "/$metadata", "/a:b", "/*", "/**"})
        BOOST_TEST(normal(path) == path);
}

BOOST_AUTO_TEST_CASE(lettersOfAsciiAreInLowerCaseAndOthersAreNot) {
    BOOST_TEST(normal("/Orders/ABCXYZ") == "/orders/abcxyz");
    BOOST_TEST(normal("/%41%5A") == "/az");
    BOOST_TEST(normal("/%C3%84") == "/\u00C4");
}

BOOST_AUTO_TEST_CASE(oneSlashAtTheEndIsLeftOutUnlessItIsThePath) {
    BOOST_TEST(normal("/orders/") == "/orders");
    BOOST_TEST(normal("/") == "/");
    for (const auto* path : {"//", "///", "/orders//", "/orders///"})
        BOOST_TEST(normal(path) == "none", path);
}

BOOST_AUTO_TEST_CASE(escapesAreDecodedInEitherCaseAndOnce) {
    BOOST_TEST(normal("/%61%7e%7E%2d%c3%bc%C3%BC") == "/a~~-\u00FC\u00FC");
    BOOST_TEST(normal("/%2a") == "/*");
    BOOST_TEST(normal("/%E6%97%A5%E6%9C%AC") == "/\u65E5\u672C");
    BOOST_TEST(normal("/%F0%9F%98%80") == "/\U0001F600");
    for (const auto* path : {"/%2561", "/%252e%252e", "/%25", "/%25%32%65"})
        BOOST_TEST(normal(path) == "none", path);
}

BOOST_AUTO_TEST_CASE(whatDoesNotBeginWithASlashIsNoPath) {
    for (const auto* path :
         {"", "orders", "*", "%2Forders", "http://h/orders", "\\orders", " /orders", "./orders"})
        BOOST_TEST(normal(path) == "none", path);
}

BOOST_AUTO_TEST_CASE(emptyAndDotSegmentsAreRefused) {
    for (const auto* path :
         {"//orders", "/a//b", "/.", "/..", "/./", "/../", "/a/.", "/a/..", "/a/./b", "/a/../b", "/%2e",
          "/%2E%2e", "/.%2e", "/%2e.", "/a/%2e%2e/b", "/a/%2e/b", "/../a", "/a/.../b"})
        BOOST_TEST(normal(path) == "none", path);
}

BOOST_AUTO_TEST_CASE(malformedEscapesAreRefused) {
    for (const auto* path : {"/%", "/a%", "/a%2", "/a%/b", "/%zz", "/%2g", "/%g2", "/%u002e", "/%%32%65",
                             "/%-1", "/% 2", "/%+2", "/%0x41"})
        BOOST_TEST(normal(path) == "none", path);
    // An escape does not go on behind the path.
    BOOST_TEST(normal(std::string_view("/a%41", 4)) == "none");
    BOOST_TEST(normal(std::string_view("/a%41", 3)) == "none");
}

BOOST_AUTO_TEST_CASE(charactersWithAMeaningInUrlsAreRefusedPlainAndEscaped) {
    for (const char c : std::string_view("\\%;?#")) {
        BOOST_TEST(normal(std::string("/a") + c + "b") == "none", c);
        BOOST_TEST(normal("/a" + escaped({&c, 1}) + "b") == "none", c);
    }
    BOOST_TEST(normal("/a%2fb") == "none");
    BOOST_TEST(normal("/a%2Fb") == "none");
}

BOOST_AUTO_TEST_CASE(controlCharactersAreRefusedPlainAndEscaped) {
    for (int byte = 0; byte < 0x80; ++byte) {
        const auto c = static_cast<char>(byte);
        if (!isControl(c)) continue;
        BOOST_TEST(normal(std::string("/a") + c + "b") == "none", byte);
        BOOST_TEST(normal("/a" + escaped({&c, 1}) + "b") == "none", byte);
    }
}

BOOST_AUTO_TEST_CASE(aBlankNeedsAnEscape) {
    BOOST_TEST(normal("/a b") == "none");
    BOOST_TEST(normal("/a%20b") == "/a b");
}

BOOST_AUTO_TEST_CASE(whatWindowsIgnoresIsRefused) {
    for (const auto* path : {"/orders.", "/orders./", "/orders./1", "/orders%2e", "/orders%20",
                             "/orders%20/1", "/orders/%20", "/%20", "/orders.%20", "/orders%20.",
                             "/orders::$DATA", "/orders:$I30:$INDEX_ALLOCATION/1", "/orders%3a%3A%24data"})
        BOOST_TEST(normal(path) == "none", path);
    for (const auto* path : {"/.orders", "/ord.ers", "/orders:1", "/orders$:1", "/$"})
        BOOST_TEST(normal(path) == path);
}

BOOST_AUTO_TEST_CASE(bytesOutsideAsciiNeedAnEscape) {
    BOOST_TEST(normal("/\u00FC") == "none");
    BOOST_TEST(normal("/a\x80") == "none");
    BOOST_TEST(normal("/\xFF") == "none");
    BOOST_TEST(normal("/%C3\xBC") == "none");
}

BOOST_AUTO_TEST_CASE(escapesThatAreNotUtf8AreRefused) {
    for (const auto* path :
         {"/%80", "/%FF", "/%C3", "/%C3/%BC", "/%C3a", "/%C0%AF", "/%C0%AE%C0%AE", "/%C1%9C", "/%E0%80%AF",
          "/%F0%80%80%AF", "/%F8%80%80%80%AF", "/%ED%A0%80", "/%ED%A0%BD%ED%B8%80", "/%F4%90%80%80", "/%E9"})
        BOOST_TEST(normal(path) == "none", path);
}

BOOST_AUTO_TEST_CASE(whatSoftwareReplacesByAsciiOrDropsIsRefused) {
    for (const char32_t c :
         {U'\u00DF',     U'\u01F0',     U'\u1E96',     U'\u1E99', U'\u1E9E', U'\u017F',     U'\u212A',
          U'\u0131',     U'\u0130',     U'\u00AA',     U'\u00B2', U'\u01C4', U'\u037E',     U'\u1FEF',
          U'\u2024',     U'\u2025',     U'\u2026',     U'\u2044', U'\u2048', U'\u2100',     U'\u2160',
          U'\u2215',     U'\u2216',     U'\u29F5',     U'\u29F8', U'\u2460', U'\u33C2',     U'\uFB01',
          U'\uFE52',     U'\uFE68',     U'\uFE54',     U'\u00A5', U'\u20A9', U'\u00A0',     U'\u2003',
          U'\u3000',     U'\u00AD',     U'\u034F',     U'\u200B', U'\u200C', U'\u200D',     U'\u202E',
          U'\u2060',     U'\uFE0F',     U'\uFEFF',     U'\u0085', U'\u2028', U'\U0001D400', U'\U0001D7CE',
          U'\U0001F130', U'\U000E0041', U'\U000E0100', U'\uFFFE', U'\uFFFD'})
        BOOST_TEST(!isAccepted(c), static_cast<std::uint32_t>(c));
    for (char32_t c = 0xFF00; c <= 0xFF5E; ++c)
        BOOST_TEST(!isAccepted(c), static_cast<std::uint32_t>(c));
}

BOOST_AUTO_TEST_CASE(lettersOfLanguagesAndOthersAreAccepted) {
    for (const char32_t c :
         {U'\u00B7', U'\u00C4', U'\u00E9', U'\u00FF', U'\u0142',     U'\u0151',     U'\u0219',
          U'\u0394', U'\u0416', U'\u05D0', U'\u0627', U'\u0915',     U'\u2013',     U'\u2019',
          U'\u20AC', U'\u3042', U'\u65E5', U'\uAC00', U'\U0001F600', U'\U0001F1E9', U'\U00020000'})
        BOOST_TEST(isAccepted(c), static_cast<std::uint32_t>(c));
}

/// What became public of proxies, gateways and frameworks that read one path in two ways: each of these once
/// reached a guarded page.
BOOST_AUTO_TEST_CASE(tricksAgainstProxiesAreRefused) {
    struct Trick {
        const char* path;
        const char* of;
    };
    for (const auto& [path, of] : {
             Trick{"/public/..;/admin", "path parameters that Tomcat drops, behind nginx"},
             Trick{"/public/..;a=b/admin", "the same with a value"},
             Trick{"/admin;.css", "a path parameter that looks like a public file"},
             Trick{"/;/admin", "Apache Shiro, CVE-2020-11989"},
             Trick{"/admin%3bjsessionid=1", "Apache Shiro, CVE-2020-13933"},
             Trick{"/admin/%20", "Apache Shiro, CVE-2020-17523"},
             Trick{"/public/%2e%2e/admin", "Apache, CVE-2021-41773"},
             Trick{"/public/.%2e/admin", "Apache, CVE-2021-41773"},
             Trick{"/public/%%32%65%%32%65/admin", "Apache, CVE-2021-42013"},
             Trick{"/public%2f..%2fadmin", "Envoy, CVE-2021-29492"},
             Trick{"/public%5c..%5cadmin", "Envoy, CVE-2021-29492"},
             Trick{"/public\\..\\admin", "Envoy, CVE-2019-9901"},
             Trick{"/public/../admin", "Envoy, CVE-2019-9901"},
             Trick{"//admin", "Envoy, merge_slashes"},
             Trick{"///admin", "Envoy, merge_slashes"},
             Trick{"/admin//", "merged slashes at the end"},
             Trick{"/./admin", "a dot segment that only one of the two removes"},
             Trick{"/%2e/admin", "Jetty, CVE-2021-28164"},
             Trick{"/%u002e/admin", "Jetty, CVE-2021-34429"},
             Trick{"/.%00/admin", "Jetty, CVE-2021-34429"},
             Trick{"/admin%00.html", "a text that ends at NUL"},
             Trick{"/admin%0a", "a pattern whose $ matches before a line feed, CVE-2022-32532"},
             Trick{"/admin%0d%0a", "a line end that becomes one of the head"},
             Trick{"/admin%09", "a tab that is trimmed"},
             Trick{"/admin%23", "Traefik and Go, a number sign that is decoded again"},
             Trick{"/admin#/public", "Istio, CVE-2021-39156"},
             Trick{"/admin%3f", "a question mark that is decoded again"},
             Trick{"/admin?x", "a query that is not one"},
             Trick{"/%2561dmin", "double encoding"},
             Trick{"/public/%252e%252e%252fadmin", "double encoding"},
             Trick{"/public/%c0%ae%c0%ae/admin", "overlong dots"},
             Trick{"/public%c0%afadmin", "an overlong slash"},
             Trick{"/public%e0%80%afadmin", "an overlong slash"},
             Trick{"/public/%ef%bc%8e%ef%bc%8e/admin", "full-width dots"},
             Trick{"/public%ef%bc%8fadmin", "a full-width slash"},
             Trick{"/%ef%bd%81dmin", "a full-width letter"},
             Trick{"/public%e2%88%95admin", "a division slash"},
             Trick{"/public/%e2%80%a5/admin", "a two-dot leader"},
             Trick{"/%e2%84%aaeys", "the Kelvin sign for K"},
             Trick{"/%c5%bfecret", "the long s"},
             Trick{"/adm%c4%b1n", "a dotless i"},
             Trick{"/ADM%c4%b0N", "an I with a dot"},
             Trick{"/adm%e2%80%8bin", "a zero-width space"},
             Trick{"/adm%c2%adin", "a soft hyphen, CVE-2024-4577"},
             Trick{"/adm%e2%80%8cin", "what HFS+ drops, CVE-2014-9390"},
             Trick{"/admin.", "a dot that Windows drops"},
             Trick{"/admin...", "dots that Windows drops"},
             Trick{"/admin%20", "a blank that Windows drops"},
             Trick{"/admin::$DATA", "a stream of NTFS, CVE-1999-0278"},
             Trick{"/admin:$i30:$INDEX_ALLOCATION/", "a stream of NTFS, CVE-2010-2731"},
             Trick{"http://other/admin", "an absolute target"},
             Trick{"*", "an asterisk target"},
             Trick{"/admin/\xFF", "a byte that is no character"},
         })
        BOOST_TEST(normal(path) == "none", path << ": " << of);
    BOOST_TEST(normal(std::string_view("/admin\0", 7)) == "none");
}

BOOST_AUTO_TEST_CASE(spellingsThatAllReadAlikeAreOnePath) {
    for (const auto* path :
         {"/admin", "/ADMIN", "/Admin/", "/%61dmin", "/%41DMIN", "/adm%69n/", "/%61%64%6d%69%6e"})
        BOOST_TEST(normal(path) == "/admin", path);
}

BOOST_AUTO_TEST_CASE(aNormalPathEscapedInAnyWayIsTheSameAgain) {
    std::mt19937 random(20261130);
    constexpr std::string_view alphabet = "/aZ.%2eEfFcC0 ;\\:$*\xC3\xBC";
    std::size_t accepted = 0;
    for (int round = 0; round < 100'000; ++round) {
        std::string path = "/";
        for (auto length = random() % 8; length > 0; --length)
            path += alphabet[random() % alphabet.size()];
        const auto first = normalPath(path);
        if (!first) continue;
        ++accepted;
        std::string again;
        for (const char c : *first)
            again +=
                c == '/' || (isUnreserved(c) && random() % 2 == 0) ? std::string(1, c) : escaped({&c, 1});
        BOOST_REQUIRE_MESSAGE(normalPath(again) == first, path);
        BOOST_REQUIRE_MESSAGE(isUtf8(*first) && first->starts_with('/'), path);
        BOOST_REQUIRE_MESSAGE(first->find_first_of("\\;%?#") == std::string::npos, path);
    }
    BOOST_TEST(accepted > 1'000U);
}

BOOST_AUTO_TEST_SUITE_END()
