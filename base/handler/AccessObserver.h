#pragma once

#include <Poco/Net/SocketAddress.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace changebank {

/// One answered request. The views are valid during the call that hands the record over. Everything that came
/// from the client is as it sent it: escape it before you write it anywhere.
struct AccessRecord {
    std::string_view method;  ///< Empty if the request line could not be read.
    std::string_view path;    ///< Of the target, or "*"; empty like the method.
    int status;
    std::uint64_t bytes;                 ///< Of the whole answer, head and body, before TLS.
    std::chrono::microseconds duration;  ///< From the request's first byte to its queued answer.
    std::string_view requestId;
    const Poco::Net::SocketAddress& client;
    // What factories and handlers said about the request (RequestContext).
    std::string_view route;    ///< Empty if nobody said.
    std::string_view subject;  ///< Empty if nobody said. Comes from a token: escape it too.
    std::string_view denial;   ///< Why it was not let through; empty if nobody said. A name of ours.
};

/// Hears of every request once, after its answer was queued for sending. Called on the event loops, from
/// several threads at once: must not block and must not throw.
class AccessObserver {
public:
    using Ptr = std::shared_ptr<AccessObserver>;

    virtual ~AccessObserver() = default;
    virtual void answered(const AccessRecord& record) noexcept = 0;
};

}  // namespace changebank
