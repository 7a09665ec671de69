#include "changebank/daemon/logging/LoggingRefusalReporter.h"

#include <Poco/Net/HTTPServerRequest.h>

#include <string>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/settings/SettingType.h"
#include "changebank/handlers/routing/RequestTarget.h"

namespace changebank::daemon {

using handlers::RequestTarget;

void LoggingRefusalReporter::refused(const Poco::Net::HTTPServerRequest& request,
                                     const security::Refusal& refusal, const security::Principal* principal) {
    if (!isLogged(Poco::Message::PRIO_DEBUG)) return;
    const auto path = RequestTarget::loggablePath(RequestTarget::of(request).path);
    std::string line = "refused " + std::string(security::traitsOf(refusal.cause).name);
    line += ": " + inQuotes(request.getMethod()) + " " + inQuotes(std::string(path));
    line += " from " + clientText(request.clientAddress());
    if (principal != nullptr) line += " subject " + inQuotes(principal->subject);
    log(Poco::Message::PRIO_DEBUG, line);
}

}  // namespace changebank::daemon
