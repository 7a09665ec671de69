#pragma once

namespace changebank {

/// Marks a request handler that may wait (for a disk, another service). An event-driven server runs such a
/// handler on its thread pool instead of an event loop; Poco::Net::HTTPServer, which gives each connection a
/// thread, ignores the mark. Derive from this besides Poco::Net::HTTPRequestHandler.
class BlockingRequestHandler {
public:
    /// Which threads run the handler. Work of one kind never waits for work of another.
    enum class Capacity : unsigned char {
        shared,    ///< Those of all handlers that may wait.
        reserved,  ///< A few of their own, for work that must not wait behind anybody else's.
    };

    virtual ~BlockingRequestHandler() = default;

    virtual Capacity capacity() const noexcept { return Capacity::shared; }
};

}  // namespace changebank
