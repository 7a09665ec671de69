#include <cstdint>
#include <string>

#include "changebank/base/text/Json.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using changebank::fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    expect(Json::parse(quoteJson(text)).has_value() || size > JsonLimits{}.size / 6, "a quoted text is JSON");
    const auto json = Json::parse(text);
    if (!json) return 0;
    const auto written = json->toText();
    expect(written.find('\n') == std::string::npos, "JSON is written as one line");
    const auto again = Json::parse(written, {8 * JsonLimits{}.size, JsonLimits{}.depth, JsonLimits{}.values});
    expect(again.has_value(), "what is written can be read");
    expect(again->toText() == written, "reading and writing change nothing more");
    return 0;
}
