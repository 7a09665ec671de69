#pragma once

#include <Poco/ErrorHandler.h>

namespace changebank::daemon {

/// Logs exceptions that end POCO's threads and connections, which would be lost otherwise. Those caused by a
/// peer or the network (Poco::Net::NetException, Poco::TimeoutException) are logged at debug, all others as
/// errors. Texts are escaped, since a peer may influence them.
class LoggingErrorHandler : public Poco::ErrorHandler {
public:
    void exception(const Poco::Exception& error) override;
    void exception(const std::exception& error) override;
    void exception() override;
};

}  // namespace changebank::daemon
