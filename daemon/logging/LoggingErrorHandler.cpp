#include "changebank/daemon/logging/LoggingErrorHandler.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>

#include "changebank/base/text/Json.h"
#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

namespace {

bool isOfThePeer(const Poco::Exception& error) {
    return dynamic_cast<const Poco::Net::NetException*>(&error) != nullptr ||
           dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr;
}

}  // namespace

void LoggingErrorHandler::exception(const Poco::Exception& error) {
    const auto text = quoteJson(error.displayText());
    if (isOfThePeer(error)) {
        log(Poco::Message::PRIO_DEBUG, "connection ended: " + text);
    } else {
        log(Poco::Message::PRIO_ERROR, "unexpected error: " + text);
    }
}

void LoggingErrorHandler::exception(const std::exception& error) {
    log(Poco::Message::PRIO_ERROR, "unexpected error: " + quoteJson(error.what()));
}

void LoggingErrorHandler::exception() {
    log(Poco::Message::PRIO_ERROR, "unexpected error of an unknown kind");
}

}  // namespace changebank::daemon
