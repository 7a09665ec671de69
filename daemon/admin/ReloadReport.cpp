#include "changebank/daemon/admin/ReloadReport.h"

#include <Poco/JSON/Array.h>

#include <chrono>

#include "changebank/base/text/JsonText.h"
#include "changebank/base/text/UtcText.h"

namespace changebank::daemon {

Poco::JSON::Object reloadObject(const ReloadOutcome& outcome, std::uint64_t generation) {
    Poco::JSON::Array faults;
    for (const auto& fault : outcome.faults)
        faults.add(jsonObject({{"place", fault.place}, {"key", fault.key}, {"why", fault.why}}));
    Poco::JSON::Array notes;
    for (const auto& note : outcome.notes)
        notes.add(note);
    return jsonObject({{"reloaded", outcome.ok()},
                       {"at", utcText(std::chrono::floor<std::chrono::seconds>(outcome.time))},
                       {"generation", generation},
                       {"faults", faults},
                       {"notes", notes}});
}

std::string reloadReport(const ReloadOutcome& outcome, std::uint64_t generation) {
    return textOf(reloadObject(outcome, generation));
}

}  // namespace changebank::daemon
