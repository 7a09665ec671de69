#pragma once

#include <string>
#include <string_view>

#include "changebank/base/system/Clock.h"

namespace changebank::http {

/// The Date field's value (IMF-fixdate, RFC 9110 section 5.6.7), made once a second. For one thread.
class HttpDate {
public:
    /// The date at a monotonic time of the clock's, not before that of the call before. Valid until the next
    /// call.
    std::string_view at(Clock::Monotonic now, const Clock& clock);

private:
    std::string _text;
    Clock::Monotonic _until{};
};

}  // namespace changebank::http
