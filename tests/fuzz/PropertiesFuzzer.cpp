#include <cstdint>
#include <string>

#include "changebank/daemon/settings/sources/Properties.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t last = 0;
    for (const auto& property : parseProperties(text)) {
        expect(property.line > last, "properties come in the order of their lines");
        last = property.line;
        const auto again = parseProperties(propertyLine("key", property.value) + "\n");
        expect(again.size() == 1, "a property is written as one line");
        expect(again.front().key == "key" && again.front().value == property.value,
               "what is written is read again");
    }
    return 0;
}
