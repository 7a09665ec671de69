#include "kickstart/FailedAuthenticationConfiguration.h"

#include <algorithm>
#include <array>
#include <limits>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::array<std::string_view, 6> unitNames{"SECONDS", "MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS"};
constexpr std::array<std::int64_t, 6> unitSeconds{1, 60, 3600, 86'400, 604'800, 2'592'000};

/// Nearly seventy years, as good as for ever, and a number that readFrom() takes.
constexpr std::int64_t longestAction = std::numeric_limits<std::int32_t>::max();

}  // namespace

void FailedAuthenticationConfiguration::readFrom(const BodyReader& object) {
    tooManyAttempts = object.positive("tooManyAttempts").value_or(tooManyAttempts);
    resetCountInSeconds = object.positive("resetCountInSeconds").value_or(resetCountInSeconds);
    if (auto id = object.uuid("userActionId")) userActionId = std::move(id);
    const auto unit = object.oneOf<std::size_t>("actionDurationUnit", unitNames);
    const auto duration = object.positive("actionDuration");
    if (unit || duration) {
        actionDurationInSeconds =
            std::min(duration.value_or(3) * unitSeconds[unit.value_or(1)], longestAction);
    }
}

Json FailedAuthenticationConfiguration::toJson() const {
    Json::Object members{{"actionDuration", jsonInteger(actionDurationInSeconds)},
                         {"actionDurationUnit", jsonText("SECONDS")},
                         {"resetCountInSeconds", jsonInteger(resetCountInSeconds)},
                         {"tooManyAttempts", jsonInteger(tooManyAttempts)}};
    if (userActionId) members.emplace_back("userActionId", jsonText(userActionId->toText()));
    return Json(std::move(members));
}

}  // namespace changebank::kickstart
