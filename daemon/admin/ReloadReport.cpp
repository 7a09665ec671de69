#include "daemon/admin/ReloadReport.h"

#include <Poco/JSON/Array.h>

#include "daemon/admin/ReportTimes.h"
#include "handlers/JsonText.h"

namespace changebank::daemon {

Poco::JSON::Object reloadObject(const ReloadOutcome& outcome, std::uint64_t generation) {
    Poco::JSON::Array faults;
    for (const auto& fault : outcome.faults)
        faults.add(handlers::jsonObject({{"place", fault.place}, {"key", fault.key}, {"why", fault.why}}));
    Poco::JSON::Array notes;
    for (const auto& note : outcome.notes)
        notes.add(note);
    return handlers::jsonObject({{"reloaded", outcome.good()},
                                 {"at", utcText(outcome.time)},
                                 {"generation", generation},
                                 {"faults", faults},
                                 {"notes", notes}});
}

std::string reloadReport(const ReloadOutcome& outcome, std::uint64_t generation) {
    return handlers::textOf(reloadObject(outcome, generation));
}

}  // namespace changebank::daemon
