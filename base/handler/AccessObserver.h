#pragma once

#include <Poco/Net/SocketAddress.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace changebank {

struct RequestTrace;

/// One answered request. The views are valid only during the call that passes the record. Text from the
/// client is unescaped: escape it before you write it anywhere.
struct AccessRecord {
    std::string_view method;  ///< Empty if the request line could not be read.
    std::string_view path;    ///< Of the target, or "*"; empty like the method. Both are those of
                            ///< RequestContext::noteReceived(), if it was called: the path may be empty then.
    int status;
    std::uint64_t bytes;                 ///< Of the whole response, head and body, before TLS.
    std::chrono::microseconds duration;  ///< From the request's first byte to its queued response.
    std::string_view requestId;
    const Poco::Net::SocketAddress& client;
    // Fields that factories and handlers set (RequestContext).
    std::string_view route;    ///< Empty if not set.
    std::string_view subject;  ///< Empty if not set. Comes from a token: escape it too.
    std::string_view denial;   ///< The cause of a denial; empty if not set. Static storage.
    // The place in a distributed trace (RequestContext); empty without one.
    std::string_view traceId{};
    std::string_view spanId{};            ///< Of this request; empty if the server makes no spans.
    const RequestTrace* trace = nullptr;  ///< Not null exactly if the server makes spans.
};

/// Observes every request once, after its response was queued for sending, and connections that come to no
/// request. Called on the event loops, from several threads at once: must not block or throw.
class AccessObserver {
public:
    using Ptr = std::shared_ptr<AccessObserver>;

    /// A handler that holds an event loop for this time holds up all other requests there.
    static constexpr std::chrono::milliseconds longHold{1'000};

    virtual ~AccessObserver() = default;
    virtual void answered(const AccessRecord& record) noexcept = 0;
    /// Called after answered() for a request whose handler, or the choice of it, held the event loop for
    /// longHold or longer. `route` is as in the record. Does nothing by default.
    virtual void heldLoop(std::string_view route, std::chrono::milliseconds duration) noexcept;
    /// A connection of `proxy` was closed, since what it began with is no header of the PROXY protocol,
    /// though a server was told that this proxy sends one. Does nothing by default.
    virtual void missedProxyHeader(const Poco::Net::SocketAddress& proxy) noexcept;
};

inline void AccessObserver::heldLoop(std::string_view, std::chrono::milliseconds) noexcept {}
inline void AccessObserver::missedProxyHeader(const Poco::Net::SocketAddress&) noexcept {}

}  // namespace changebank
