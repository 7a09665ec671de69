#include "changebank/daemon/service/OpenResources.h"

#include <Poco/Exception.h>

#include <utility>

namespace changebank::daemon {

OpenResources OpenResources::forSettings(const Settings& settings, std::vector<Fault>& faults) const {
    OpenResources next;
    std::vector<AddressFault> unbound;
    next.sockets = sockets.rebound(settings, unbound);
    for (auto& fault : unbound)
        faults.push_back({std::move(fault.key), std::move(fault.why), exitUnavailable});
    if (settings.auditFile.empty()) return next;
    try {
        if (audit && audit->path() == settings.auditFile) {
            next.audit = audit;
            next.audit->reopen();
        } else {
            next.audit = std::make_shared<AuditFile>(settings.auditFile);
        }
    } catch (const Poco::Exception& error) {
        faults.push_back(
            {"audit.file", "cannot write the audit log: " + error.displayText(), exitConfiguration});
    }
    return next;
}

}  // namespace changebank::daemon
