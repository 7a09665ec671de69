#include "kickstart/JsonFault.h"

#include <Poco/Dynamic/Var.h>
#include <Poco/JSON/Handler.h>
#include <Poco/JSON/JSONException.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

#include "security/Json.h"

namespace changebank::kickstart {

namespace {

/// Poco's parser takes the last of two equal members; this one objects.
class DuplicateFinder : public Poco::JSON::Handler {
public:
    void reset() override { _names.clear(); }
    void startObject() override { _names.emplace_back(); }
    void endObject() override { _names.pop_back(); }
    void startArray() override {}
    void endArray() override {}
    void key(const std::string& name) override {
        if (!_names.back().insert(name).second) {
            throw Poco::JSON::JSONException("the member " + security::quoteJson(name) + " occurs twice");
        }
    }
    void null() override {}
    void value(int) override {}
    void value(unsigned) override {}
    void value(Poco::Int64) override {}
    void value(Poco::UInt64) override {}
    void value(const std::string&) override {}
    void value(double) override {}
    void value(bool) override {}

private:
    std::vector<std::set<std::string>> _names;
};

JsonFault faultAt(std::string_view text, std::size_t offset, std::string reason) {
    const auto before = text.substr(0, std::min(offset, text.size()));
    const auto lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    JsonFault fault;
    fault.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    fault.column = 1 + before.size() - lineStart;
    fault.reason = std::move(reason);
    return fault;
}

}  // namespace

JsonFault findJsonFault(std::string_view text) {
    // With a space behind it, a parser that has read further than the text has missed something.
    std::istringstream stream(std::string(text) + ' ');
    try {
        Poco::JSON::Parser(new DuplicateFinder).parse(stream);
    } catch (const Poco::Exception& fault) {
        const auto position = static_cast<std::size_t>(std::max<std::streamoff>(stream.tellg(), 1));
        if (position > text.size()) return faultAt(text, text.size(), "the text ends too early");
        // The parser has taken the octet that it objects to, but not one that follows a complete value.
        const bool isTaken = !fault.message().starts_with("Excess");
        return faultAt(text, isTaken ? position - 1 : position, fault.message());
    }
    return {1, 1, "not well-formed JSON, or larger or nested deeper than is read"};
}

}  // namespace changebank::kickstart
