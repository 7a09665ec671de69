#include "changebank/daemon/logging/LoggingRefusalReporter.h"

#include <Poco/Net/HTTPServerRequest.h>

#include <string>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/settings/SettingType.h"

namespace changebank::daemon {

void LoggingRefusalReporter::refused(const Poco::Net::HTTPServerRequest& request,
                                     const security::Refusal& refusal, const security::Principal* principal) {
    if (!isLogged(Poco::Message::PRIO_DEBUG)) return;
    const auto& target = request.getURI();
    std::string line = "refused " + std::string(security::traitsOf(refusal.cause).name);
    line += ": " + inQuotes(request.getMethod()) + " " + inQuotes(target.substr(0, target.find('?')));
    line += " from " + clientText(request.clientAddress());
    if (principal != nullptr) line += " subject " + inQuotes(principal->subject);
    log(Poco::Message::PRIO_DEBUG, line);
}

}  // namespace changebank::daemon
