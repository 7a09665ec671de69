#include "daemon/admin/ReloadReport.h"

#include <Poco/JSON/Array.h>

#include "daemon/admin/JsonText.h"

namespace changebank::daemon {

Poco::JSON::Object reloadObject(const ReloadOutcome& outcome, std::uint64_t generation) {
    Poco::JSON::Array faults;
    for (const auto& fault : outcome.faults) {
        auto object = orderedObject();
        object.set("place", fault.place);
        object.set("key", fault.key);
        object.set("why", fault.why);
        faults.add(object);
    }
    Poco::JSON::Array notes;
    for (const auto& note : outcome.notes)
        notes.add(note);
    auto object = orderedObject();
    object.set("reloaded", outcome.good());
    object.set("at", textOf(outcome.time));
    object.set("generation", generation);
    object.set("faults", faults);
    object.set("notes", notes);
    return object;
}

std::string reloadReport(const ReloadOutcome& outcome, std::uint64_t generation) {
    return textOf(reloadObject(outcome, generation));
}

}  // namespace changebank::daemon
