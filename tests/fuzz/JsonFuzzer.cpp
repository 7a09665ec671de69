#include <cstdint>
#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/base/text/JsonParts.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using changebank::fuzz::expect;

namespace {

/// What is well-formed is taken apart into the parts that the parser sees.
void compareParts(std::string_view text, const Json& json) {
    const auto elements = elementsOf(text);
    const auto members = membersOf(text);
    if (const auto* array = json.array()) {
        expect(elements && elements->size() == array->size(), "an array has its elements");
        for (std::size_t i = 0; i < array->size(); ++i)
            expect(Json::parse((*elements)[i])->toText() == (*array)[i].toText(), "an element is the same");
    } else if (const auto* object = json.object()) {
        expect(members && members->size() == object->size(), "an object has its members");
        for (std::size_t i = 0; i < object->size(); ++i) {
            const auto& [name, value] = (*members)[i];
            expect(*Json::parse(name)->string() == (*object)[i].first, "a name is the same");
            expect(Json::parse(value)->toText() == (*object)[i].second.toText(), "a value is the same");
        }
    } else {
        expect(!elements && !members, "nothing else has parts");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    expect(Json::parse(quoteJson(text)).has_value() || size > JsonLimits{}.size / 6, "a quoted text is JSON");
    const auto json = Json::parse(text);
    if (!json) {
        static_cast<void>(elementsOf(text));
        static_cast<void>(membersOf(text));
        return 0;
    }
    compareParts(text, *json);
    const auto written = json->toText();
    expect(written.find('\n') == std::string::npos, "JSON is written as one line");
    const auto again = Json::parse(written, {8 * JsonLimits{}.size, JsonLimits{}.depth, JsonLimits{}.values});
    expect(again.has_value(), "what is written can be read");
    expect(again->toText() == written, "reading and writing change nothing more");
    return 0;
}
