#pragma once

#include <string>
#include <string_view>

#include "changebank/base/system/Clock.h"

namespace changebank::http {

/// The value of the Date field (IMF-fixdate, RFC 9110 section 5.6.7), formatted once a second. For one
/// thread.
class HttpDate {
public:
    /// The date at the clock's monotonic time `now`, which never goes back. Valid until the next call.
    std::string_view at(Clock::Monotonic now, const Clock& clock);

private:
    std::string _text;
    Clock::Monotonic _until{};
};

}  // namespace changebank::http
