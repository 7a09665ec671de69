#pragma once

namespace changebank {

/// Marks a request handler that may wait (for a key set, a disk, another service). An event-driven server
/// runs such a handler on its thread pool instead of an event loop; Poco::Net::HTTPServer, which gives each
/// connection a thread, ignores the mark. Derive from this besides Poco::Net::HTTPRequestHandler.
class BlockingRequestHandler {
public:
    virtual ~BlockingRequestHandler() = default;
};

}  // namespace changebank
