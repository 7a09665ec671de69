#include "changebank/base/trace/SpanId.h"

#include "changebank/base/system/RandomBytes.h"

namespace changebank {

namespace {

std::string hexOf(std::size_t bytes) {
    constexpr char digits[] = "0123456789abcdef";
    for (;;) {
        std::string hex;
        for (const char c : randomBytes(bytes)) {
            const auto byte = static_cast<unsigned char>(c);
            hex += digits[byte >> 4U];
            hex += digits[byte & 0xfU];
        }
        if (hex.find_first_not_of('0') != std::string::npos) return hex;
    }
}

}  // namespace

std::string newSpanId() {
    return hexOf(8);
}

std::string newTraceId() {
    return hexOf(16);
}

}  // namespace changebank
