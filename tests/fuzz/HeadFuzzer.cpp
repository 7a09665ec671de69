#include <Poco/Net/HTTPServerParams.h>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "changebank/daemon/http/message/FieldSyntax.h"
#include "changebank/daemon/http/message/HeadReader.h"
#include "changebank/daemon/http/message/HeadScanner.h"
#include "changebank/daemon/http/message/ServerResponse.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using namespace changebank::http;
using changebank::fuzz::expect;

namespace {

namespace beast = boost::beast;
using BeastParser = beast::http::request_parser<beast::http::empty_body>;

/// A later minor version, which is served as 1.1 and which Beast does not know, becomes 1.1.
std::string withKnownVersion(std::string_view head) {
    std::string text(head);
    const auto minor = text.find("\r\n") - 1;
    if (text[minor] > '1') text[minor] = '1';
    return text;
}

void dropNamed(std::multiset<std::pair<std::string, std::string>>& fields, std::string_view name) {
    std::erase_if(fields, [name](const auto& field) { return isSameName(field.first, name); });
}

/// Whatever we take for a head, Boost.Beast takes for the same head: same method, target and fields.
/// (We refuse more than it does.)
void compareWithBeast(std::string_view head, const ServerRequest& request, const std::vector<Field>& fields) {
    BeastParser parser;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    beast::error_code error;
    const auto text = withKnownVersion(head);
    parser.put(boost::asio::const_buffer(text.data(), text.size()), error);
    const bool needsBody =
        error == beast::http::error::unexpected_body || error == beast::http::error::need_more;
    expect(!error || needsBody, "Beast takes the head too");
    expect(parser.is_header_done(), "Beast sees the same end");

    const auto& message = parser.get();
    expect(message.method_string() == beast::string_view(request.getMethod()), "the same method");
    const bool isAbsolute =
        message.target().find("://") != beast::string_view::npos && message.target()[0] != '/';
    expect(isAbsolute || message.target() == beast::string_view(request.getURI()), "the same target");

    std::multiset<std::pair<std::string, std::string>> theirs;
    for (const auto& field : message)
        theirs.emplace(field.name_string(), field.value());
    std::multiset<std::pair<std::string, std::string>> ours;
    for (const auto& field : fields)
        ours.emplace(field.name, field.value);
    if (isAbsolute) dropNamed(theirs, "Host");
    if (isAbsolute) dropNamed(ours, "Host");
    // An id is made where there is none that is well-formed.
    dropNamed(theirs, "X-Request-Id");
    dropNamed(ours, "X-Request-Id");
    expect(ours == theirs, "the same fields");
}

}  // namespace

/// The input is a head, as a connection would cut it out of what its client sends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    HeadScanner scanner;
    if (scanner.scan(input) != HeadScanner::Result::Complete) return 0;
    const auto head = input.substr(scanner.start(), scanner.end() - scanner.start());

    static const Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    ServerResponse response;
    ServerRequest request(*params, response);
    std::vector<Field> fields;
    HeadReader reader(request, fields, 100);
    if (!reader.read(head)) {
        expect(static_cast<int>(reader.parseError()) >= 400, "a parse error has a status");
        return 0;
    }
    compareWithBeast(head, request, fields);
    return 0;
}
