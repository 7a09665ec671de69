#pragma once

#include <Poco/ErrorHandler.h>

namespace changebank::daemon {

/// Logs the exceptions that end threads and connections of POCO, which would vanish otherwise. What a peer or
/// the network causes (Poco::Net::NetException, Poco::TimeoutException) is logged at debug, everything else
/// as an error. Texts are escaped, since a peer may have had a hand in them.
class LoggingErrorHandler : public Poco::ErrorHandler {
public:
    void exception(const Poco::Exception& error) override;
    void exception(const std::exception& error) override;
    void exception() override;
};

}  // namespace changebank::daemon
