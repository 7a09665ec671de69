#include "daemon/LoggingRefusalReporter.h"

#include <Poco/Net/HTTPServerRequest.h>

#include <string>

#include "daemon/Logging.h"
#include "daemon/SettingType.h"
#include "security/ForeignText.h"

namespace changebank::daemon {

void LoggingRefusalReporter::refused(const Poco::Net::HTTPServerRequest& request,
                                     const security::Refusal& refusal, const security::Principal* principal) {
    if (!isLogged(Poco::Message::PRIO_DEBUG)) return;
    const auto& target = request.getURI();
    std::string line = "refused " + std::string(security::traitsOf(refusal.cause).name);
    line += ": " + security::inQuotes(request.getMethod()) + " " +
            security::inQuotes(target.substr(0, target.find('?')));
    line += " from " + request.clientAddress().toString();
    if (principal != nullptr) line += " subject " + security::inQuotes(principal->subject);
    log(Poco::Message::PRIO_DEBUG, line);
}

}  // namespace changebank::daemon
