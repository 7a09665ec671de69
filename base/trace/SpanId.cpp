#include "changebank/base/trace/SpanId.h"

#include <cstdint>
#include <cstring>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/text/Hex.h"

namespace changebank {

std::string newSpanId() {
    std::uint64_t number = 0;
    while (number == 0)
        std::memcpy(&number, randomBytes(sizeof(number)).data(), sizeof(number));
    const auto id = hexOf(number);
    return {id.begin(), id.end()};
}

std::string newTraceId() {
    return newSpanId() + newSpanId();
}

}  // namespace changebank
