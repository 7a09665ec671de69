#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace changebank::http::test {

/// One request as bytes and what RFC 9112 or 9110 makes of it.
struct WireCase {
    std::string rule;
    std::string bytes;
    int status;        ///< 200: reaches the handler. Anything else: refused before the factory is asked, then
                       ///< closed.
    std::string echo;  ///< For 200: what the handler must have seen, "METHOD URI HOST BODY".
};

inline std::ostream& operator<<(std::ostream& out, const WireCase& wireCase) {
    return out << wireCase.rule;
}

inline std::string nul(std::string text) {
    for (auto& c : text)
        if (c == '\x01') c = '\0';
    return text;
}

inline std::string get(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}
inline std::string post(const std::string& fields, const std::string& body) {
    return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}
inline std::string chunked(const std::string& body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}
inline std::string target(const std::string& text, const std::string& method = "GET") {
    return method + " " + text + " HTTP/1.1\r\nHost: h\r\n\r\n";
}
inline std::string host(const std::string& value) {
    return "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n";
}

/// Limits: maxHeaderBytes 4096, maxHeaderFields 20, maxBodyBytes 64, maxChunkOverheadBytes 256.
inline std::vector<WireCase> wireCases() {
    const std::string ok = "GET / h ";
    return {
        // RFC 9112 section 2.2: message parsing
        {"2.2 one empty line before the request line is passed over", "\r\n" + get(""), 200, ok},
        {"2.2 two empty lines are not", "\r\n\r\n" + get(""), 400, {}},
        {"2.2 bare LF ends no request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400, {}},
        {"2.2 bare LF ends no field line", "GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", 400, {}},
        {"2.2 bare LF ends no head", "GET / HTTP/1.1\r\nHost: h\r\n\n", 400, {}},
        {"2.2 bare LFs throughout", "GET / HTTP/1.1\nHost: h\n\n", 400, {}},
        {"2.2 bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"2.2 bare CR in a field value", get("A: b\rc\r\n"), 400, {}},
        {"2.2 bare CR in a field name", get("A\r: b\r\n"), 400, {}},
        {"2.2 CR CR LF", get("A: b\r\r\n"), 400, {}},
        {"2.2 whitespace before the first field", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400, {}},
        {"2.2 tab before the first field", "GET / HTTP/1.1\r\n\tHost: h\r\n\r\n", 400, {}},
        {"2.2 whitespace before the request line", " GET / HTTP/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"2.2 a TLS greeting on a plain port", nul("\x16\x03\x01\x01"), 400, {}},

        // RFC 9112 section 2.3 and RFC 9110 section 2.5: version
        {"2.3 HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200, "GET / - "},
        {"2.3 HTTP/1.2 is served as 1.1", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 200, ok},
        {"2.3 HTTP/1.2 needs Host like 1.1", "GET / HTTP/1.2\r\n\r\n", 400, {}},
        {"2.3 HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505, {}},
        {"2.3 HTTP/9.9", "GET / HTTP/9.9\r\nHost: h\r\n\r\n", 505, {}},
        {"2.3 HTTP/0.9 with a version", "GET / HTTP/0.9\r\nHost: h\r\n\r\n", 505, {}},
        {"2.3 the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, {}},
        {"2.3 lower-case name", "GET / http/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"2.3 one digit", "GET / HTTP/1\r\nHost: h\r\n\r\n", 400, {}},
        {"2.3 three digits", "GET / HTTP/1.10\r\nHost: h\r\n\r\n", 400, {}},
        {"2.3 leading zero", "GET / HTTP/01.1\r\nHost: h\r\n\r\n", 400, {}},
        {"2.3 a word", "GET / FOO\r\nHost: h\r\n\r\n", 400, {}},
        {"2.3 sign", "GET / HTTP/+1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"2.3 simple request of HTTP/0.9", "GET /\r\nHost: h\r\n\r\n", 400, {}},

        // RFC 9112 section 3: request line
        {"3 two spaces before the target", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"3 two spaces before the version", "GET /  HTTP/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"3 tab for a space", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"3 space behind the version", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400, {}},
        {"3 no target", "GET HTTP/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"3.1 method with a bad character", "G@T / HTTP/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"3.1 empty method", " / HTTP/1.1\r\nHost: h\r\n\r\n", 400, {}},
        {"3.1 methods are case-sensitive, any token is one", target("/", "get"), 200, "get / h "},
        {"3.1 unknown method", target("/", "BREW"), 200, "BREW / h "},
        {"3.1 NUL in the method", nul("G\x01T / HTTP/1.1\r\nHost: h\r\n\r\n"), 400, {}},

        // RFC 9112 section 3.2: request target
        {"3.2.1 origin form", target("/a/b?c=d&e"), 200, "GET /a/b?c=d&e h "},
        {"3.2.1 percent-encoding", target("/%7Ea?%20"), 200, "GET /%7Ea?%20 h "},
        {"3.2.1 question mark in a query", target("/?a?b/c"), 200, "GET /?a?b/c h "},
        {"3.2.1 no leading slash", target("a/b"), 400, {}},
        {"3.2.1 fragment", target("/a#b"), 400, {}},
        {"3.2.1 cut percent-encoding", target("/%4"), 400, {}},
        {"3.2.1 bad percent-encoding", target("/%zz"), 400, {}},
        {"3.2.1 quote", target("/\"a"), 400, {}},
        {"3.2.1 angle bracket", target("/<a>"), 400, {}},
        {"3.2.1 backslash", target("/\\a"), 400, {}},
        {"3.2.1 caret", target("/^"), 400, {}},
        {"3.2.1 brace in a query", target("/?{}"), 400, {}},
        {"3.2.1 byte above 127", target("/\xc3\xa4"), 400, {}},
        {"3.2.1 control byte", target("/\x02"), 400, {}},
        {"3.2.1 DEL", target("/\x7f"), 400, {}},
        {"3.2.2 absolute form", target("http://other/a?b"), 200, "GET /a?b other "},
        {"3.2.2 absolute form replaces Host", target("http://other:81/"), 200, "GET / other:81 "},
        {"3.2.2 absolute form without path", target("http://other"), 200, "GET / other "},
        {"3.2.2 absolute form with query alone", target("http://other?a"), 200, "GET /?a other "},
        {"3.2.2 scheme in capitals", target("HTTP://other/"), 200, "GET / other "},
        {"3.2.2 https", target("https://other/"), 200, "GET / other "},
        {"3.2.2 absolute form needs Host too", "GET http://other/ HTTP/1.1\r\n\r\n", 400, {}},
        {"3.2.2 empty authority", target("http:///a"), 400, {}},
        {"3.2.2 port alone", target("http://:80/a"), 400, {}},
        {"3.2.2 user information", target("http://me@other/"), 400, {}},
        {"3.2.2 another scheme", target("ftp://other/"), 400, {}},
        {"3.2.3 authority form without CONNECT", target("other:80"), 400, {}},
        {"3.2.3 CONNECT", target("other:80", "CONNECT"), 501, {}},
        {"3.2.3 CONNECT without a port", target("other", "CONNECT"), 400, {}},
        {"3.2.3 CONNECT with origin form", target("/", "CONNECT"), 400, {}},
        {"3.2.4 asterisk form", target("*", "OPTIONS"), 200, "OPTIONS * h "},
        {"3.2.4 asterisk form without OPTIONS", target("*"), 400, {}},
        {"3 request line beyond the limit", target("/" + std::string(4200, 'a')), 414, {}},
        {"3 request line beyond the limit, not ended", "GET /" + std::string(4200, 'a'), 414, {}},

        // RFC 9112 section 3.2: Host
        {"3.2 no Host", "GET / HTTP/1.1\r\n\r\n", 400, {}},
        {"3.2 two Hosts", get("Host: h\r\n"), 400, {}},
        {"3.2 two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n", 400, {}},
        {"3.2 two Hosts in one", host("a, b"), 400, {}},
        {"3.2 empty Host", host(""), 200, "GET /  "},
        {"3.2 Host with port", host("h:8080"), 200, "GET / h:8080 "},
        {"3.2 Host with an empty port", host("h:"), 200, "GET / h: "},
        {"3.2 Host that is an IPv6 address", host("[::1]:80"), 200, "GET / [::1]:80 "},
        {"3.2 Host with a bad port", host("h:8o"), 400, {}},
        {"3.2 Host with a huge port", host("h:123456"), 400, {}},
        {"3.2 Host with a path", host("h/a"), 400, {}},
        {"3.2 Host with user information", host("me@h"), 400, {}},
        {"3.2 Host with a space", host("a b"), 400, {}},
        {"3.2 Host with an open bracket", host("[::1"), 400, {}},
        {"3.2 Host with something behind the bracket", host("[::1]x"), 400, {}},
        {"3.2 Host with a byte above 127", host("\xc3\xa4"), 400, {}},

        // RFC 9112 section 5: fields
        {"5 no colon", get("A\r\n"), 400, {}},
        {"5 one character and nothing else", get("A\r\nB: c\r\n"), 400, {}},
        {"5 empty name", get(": a\r\n"), 400, {}},
        {"5.1 space before the colon", get("A : b\r\n"), 400, {}},
        {"5.1 tab before the colon", get("A\t: b\r\n"), 400, {}},
        {"5.1 space before the colon of Content-Length", post("Content-Length : 3\r\n", "abc"), 400, {}},
        {"5.1 no space behind the colon", "GET / HTTP/1.1\r\nHost:h\r\n\r\n", 200, ok},
        {"5.1 blanks around the value", "GET / HTTP/1.1\r\nHost: \t h \t \r\n\r\n", 200, ok},
        {"5.1 names in any case", "GET / HTTP/1.1\r\nhOST: h\r\n\r\n", 200, ok},
        {"5.1 name with a space", get("A b: c\r\n"), 400, {}},
        {"5.1 name with a bracket", get("A[]: c\r\n"), 400, {}},
        {"5.1 name with a byte above 127", get("\xc3\xa4: c\r\n"), 400, {}},
        {"5.1 name with a control byte", get("A\x02: c\r\n"), 400, {}},
        {"5.5 empty value", get("A:\r\n"), 200, ok},
        {"5.5 value with bytes above 127", get("A: \xc3\xa4\r\n"), 200, ok},
        {"5.5 value with a tab", get("A: a\tb\r\n"), 200, ok},
        {"5.5 value with NUL",
         nul(get("A: b\x01"
                 "c\r\n")),
         400,
         {}},
        {"5.5 value with a control byte",
         get("A: b\x02"
             "c\r\n"),
         400,
         {}},
        {"5.5 value with DEL",
         get("A: b\x7f"
             "c\r\n"),
         400,
         {}},
        {"5.2 folded line", get("A: b\r\n c\r\n"), 400, {}},
        {"5.2 line folded by a tab", get("A: b\r\n\tc\r\n"), 400, {}},
        {"5.2 line folded before its value", get("A:\r\n b\r\n"), 400, {}},
        {"5.2 folded last line", get("A: b\r\n \r\n"), 400, {}},
        {"5.2 folded Transfer-Encoding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400, {}},
        {"9110 5.4 head beyond the limit", get("A: " + std::string(4200, 'a') + "\r\n"), 431, {}},
        {"9110 5.4 head beyond the limit, not ended",
         "GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(4200, 'a'),
         431,
         {}},
        {"9110 5.4 too many fields",
         get([] {
             std::string fields;
             for (int i = 0; i < 20; ++i)
                 fields += "A: b\r\n";
             return fields;
         }()),
         431,
         {}},
        {"9110 5.4 as many fields as allowed", get([] {
             std::string fields;
             for (int i = 0; i < 19; ++i)
                 fields += "A: b\r\n";
             return fields;
         }()),
         200, ok},

        // RFC 9112 section 6: body length
        {"6.3 no length is an empty body", target("/", "POST"), 200, "POST / h "},
        {"6.2 Content-Length", post("Content-Length: 3\r\n", "abc"), 200, "POST / h abc"},
        {"6.2 Content-Length 0", post("Content-Length: 0\r\n", ""), 200, "POST / h "},
        {"6.2 Content-Length with leading zeros", post("Content-Length: 003\r\n", "abc"), 200,
         "POST / h abc"},
        {"6.2 Content-Length on GET", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", 200,
         "GET / h abc"},
        {"6.2 the largest body", post("Content-Length: 64\r\n", std::string(64, 'x')), 200,
         "POST / h " + std::string(64, 'x')},
        {"6.2 a body beyond the limit", post("Content-Length: 65\r\n", std::string(65, 'x')), 413, {}},
        {"6.2 a body beyond 32 bits", post("Content-Length: 4294967297\r\n", "x"), 413, {}},
        {"6.3 two equal lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400, {}},
        {"6.3 two differing lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400, {}},
        {"6.3 a list of equal lengths", post("Content-Length: 3, 3\r\n", "abc"), 400, {}},
        {"6.3 a list of differing lengths", post("Content-Length: 3, 4\r\n", "abcd"), 400, {}},
        {"6.3 plus sign", post("Content-Length: +3\r\n", "abc"), 400, {}},
        {"6.3 minus sign", post("Content-Length: -3\r\n", "abc"), 400, {}},
        {"6.3 hexadecimal", post("Content-Length: 0x3\r\n", "abc"), 400, {}},
        {"6.3 a word", post("Content-Length: abc\r\n", "abc"), 400, {}},
        {"6.3 empty length", post("Content-Length:\r\n", "abc"), 400, {}},
        {"6.3 a length with a space within", post("Content-Length: 1 2\r\n", "abc"), 400, {}},
        {"6.3 a fraction", post("Content-Length: 3.0\r\n", "abc"), 400, {}},
        {"6.3 beyond 64 bits", post("Content-Length: 18446744073709551619\r\n", "abc"), 400, {}},
        {"6.3 quoted", post("Content-Length: \"3\"\r\n", "abc"), 400, {}},
        {"6.1 length and coding",
         post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
         400,
         {}},
        {"6.1 coding and length",
         post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
         400,
         {}},
        {"6.1 coding that is not chunked, and length",
         post("Transfer-Encoding: x\r\nContent-Length: 3\r\n", "abc"),
         400,
         {}},
        {"6.1 gzip then chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501, {}},
        {"6.1 chunked not last", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 400, {}},
        {"6.1 chunked twice in a list",
         post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"),
         400,
         {}},
        {"6.1 chunked twice in two fields",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
         400,
         {}},
        {"6.1 identity, then chunked",
         post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
         400,
         {}},
        {"6.1 identity", post("Transfer-Encoding: identity\r\n", ""), 400, {}},
        {"6.1 xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400, {}},
        {"6.1 empty coding", post("Transfer-Encoding:\r\n", ""), 400, {}},
        {"6.1 chunked with a parameter", post("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n"), 400, {}},
        {"6.1 chunked in quotes", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 400, {}},
        {"6.1 chunked with a vertical tab",
         post("Transfer-Encoding: \x0b"
              "chunked\r\n",
              "0\r\n\r\n"),
         400,
         {}},
        {"6.1 coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, {}},
        {"6.1 chunked in any case", post("Transfer-Encoding: ChUnKeD\r\n", "0\r\n\r\n"), 200, "POST / h "},

        // RFC 9112 section 7.1: chunked coding
        {"7.1 one chunk", chunked("3\r\nabc\r\n0\r\n\r\n"), 200, "POST / h abc"},
        {"7.1 three chunks", chunked("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"), 200, "POST / h abc"},
        {"7.1 size in capitals with zeros", chunked("00A\r\n0123456789\r\n000\r\n\r\n"), 200,
         "POST / h 0123456789"},
        {"7.1 size in small letters", chunked("a\r\n0123456789\r\n0\r\n\r\n"), 200, "POST / h 0123456789"},
        {"7.1 data with CRLF", chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), 200, "POST / h \r\n\r\n"},
        {"7.1 size with 0x", chunked("0x3\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 size with a sign", chunked("+3\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 negative size", chunked("-3\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 empty size", chunked("\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 a word for a size", chunked("xyz\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 space before the size", chunked(" 3\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 space behind the size", chunked("3 \r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 underscore in the size", chunked("1_0\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 size of 17 digits", chunked("00000000000000003\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 size beyond the limit", chunked("41\r\n" + std::string(65, 'x') + "\r\n0\r\n\r\n"), 413, {}},
        {"7.1 sizes beyond the limit together",
         chunked("40\r\n" + std::string(64, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n"),
         413,
         {}},
        {"7.1 size near 64 bits", chunked("ffffffffffffffff\r\nabc\r\n0\r\n\r\n"), 413, {}},
        {"7.1 data longer than its size", chunked("3\r\nabcd\r\n0\r\n\r\n"), 400, {}},
        {"7.1 data shorter than its size", chunked("4\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 size line ended by LF", chunked("3\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1 data ended by LF", chunked("3\r\nabc\n0\r\n\r\n"), 400, {}},
        {"7.1 data ended by CR", chunked("3\r\nabc\r0\r\n\r\n"), 400, {}},
        {"7.1 last line ended by LF", chunked("0\r\n\n"), 400, {}},
        {"7.1.1 extension", chunked("3;a\r\nabc\r\n0;b\r\n\r\n"), 200, "POST / h abc"},
        {"7.1.1 extension with a value", chunked("3;a=b\r\nabc\r\n0\r\n\r\n"), 200, "POST / h abc"},
        {"7.1.1 extension with a quoted value", chunked("3;a=\"b;\\\"\"\r\nabc\r\n0\r\n\r\n"), 200,
         "POST / h abc"},
        {"7.1.1 extension with blanks", chunked("3 ; a = b ; c\r\nabc\r\n0\r\n\r\n"), 200, "POST / h abc"},
        {"7.1.1 extension without a name", chunked("3;\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1.1 extension with a value alone", chunked("3;=b\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1.1 extension without its value", chunked("3;a=\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1.1 quoted value that does not end", chunked("3;a=\"b\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1.1 bare LF in an extension", chunked("3;a\nb\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1.1 bare LF in a quoted value", chunked("3;a=\"\n\"\r\nabc\r\n0\r\n\r\n"), 400, {}},
        {"7.1.1 NUL in an extension", nul(chunked("3;a\x01\r\nabc\r\n0\r\n\r\n")), 400, {}},
        {"7.1.1 an extension too long",
         chunked("3;" + std::string(300, 'a') + "\r\nabc\r\n0\r\n\r\n"),
         431,
         {}},
        {"7.1.1 extensions too long together",
         chunked([] {
             std::string chunks;
             for (int i = 0; i < 30; ++i)
                 chunks += "1;abcdefghi\r\nx\r\n";
             return chunks + "0\r\n\r\n";
         }()),
         431,
         {}},
        {"7.1.2 trailers", chunked("3\r\nabc\r\n0\r\nA: b\r\nC: d\r\n\r\n"), 200, "POST / h abc"},
        {"7.1.2 a trailer that is no field", chunked("0\r\nA\r\n\r\n"), 400, {}},
        {"7.1.2 a trailer with space before the colon", chunked("0\r\nA : b\r\n\r\n"), 400, {}},
        {"7.1.2 a folded trailer", chunked("0\r\nA: b\r\n c\r\n\r\n"), 400, {}},
        {"7.1.2 a trailer with NUL", nul(chunked("0\r\nA: \x01\r\n\r\n")), 400, {}},
        {"7.1.2 a trailer does not become a field", chunked("0\r\nHost: other\r\n\r\n"), 200, "POST / h "},
        {"7.1.2 trailers too long", chunked("0\r\nA: " + std::string(300, 'a') + "\r\n\r\n"), 431, {}},
        {"7.1.2 trailers too long together",
         chunked([] {
             std::string trailers = "0\r\n";
             for (int i = 0; i < 30; ++i)
                 trailers += "A: bcdefghi\r\n";
             return trailers + "\r\n";
         }()),
         431,
         {}},

        // RFC 9110 section 10.1.1: Expect
        {"9110 10.1.1 another expectation", get("Expect: 200-ok\r\n"), 417, {}},
        {"9110 10.1.1 an expectation more", get("Expect: 100-continue, x\r\n"), 417, {}},
        {"9110 10.1.1 100-continue in any case, without a body", get("Expect: 100-Continue\r\n"), 200, ok},
        {"9110 10.1.1 100-continue in HTTP/1.0 is ignored",
         "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", 200, "POST / - abc"},
        {"9110 10.1.1 100-continue with too large a body",
         post("Expect: 100-continue\r\nContent-Length: 65\r\n", ""),
         413,
         {}},

        // RFC 9110 section 7.6.1: Connection
        {"9110 7.6.1 a list with empty members", get("Connection: , keep-alive,,\r\n"), 200, ok},
        {"9110 7.6.1 a list that is none", get("Connection: @\r\n"), 400, {}},
    };
}

}  // namespace changebank::http::test
