#pragma once

#include <string_view>

namespace changebank::http {

/// A header field, undecoded, without whitespace around the value (RFC 9112 section 5.1).
struct Field {
    std::string_view name;
    std::string_view value;
};

}  // namespace changebank::http
