#pragma once

#include <string>
#include <string_view>

#include "security/Clock.h"

namespace changebank::http {

/// The Date field's value (IMF-fixdate, RFC 9110 section 5.6.7), made once a second. For one thread.
class HttpDate {
public:
    /// The date at a monotonic time of the clock's, not before that of the call before. Valid until the next
    /// call.
    std::string_view at(security::Clock::Monotonic now, const security::Clock& clock);

private:
    std::string _text;
    security::Clock::Monotonic _until{};
};

}  // namespace changebank::http
