#include "changebank/daemon/http/message/HttpDate.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

namespace changebank::http {

std::string_view HttpDate::at(Clock::Monotonic now, const Clock& clock) {
    using namespace std::chrono;
    if (now < _until && !_text.empty()) return _text;
    const auto sinceEpoch = clock.wall().time_since_epoch();
    const auto whole = floor<seconds>(sinceEpoch);
    _text = Poco::DateTimeFormatter::format(Poco::Timestamp::fromEpochTime(whole.count()),
                                            Poco::DateTimeFormat::HTTP_FORMAT);
    _until = now + duration_cast<Clock::Monotonic::duration>(seconds(1) - (sinceEpoch - whole));
    return _text;
}

}  // namespace changebank::http
