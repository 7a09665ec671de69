#include "changebank/daemon/metrics/MetricsFormat.h"

#include <algorithm>

#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/base/text/ListMember.h"
#include "changebank/base/text/QualityValue.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank::daemon {

namespace {

bool isOneZero(std::string_view version) {
    return version == "1.0.0" || version == "\"1.0.0\"";
}

}  // namespace

PrometheusText::Format metricsFormatFor(std::string_view accept) {
    int openMetrics = 0;
    int text = 0;
    while (!accept.empty()) {
        auto range = takeMember(accept);
        const auto type = takeMember(range, ';');
        int weight = 1000;
        bool isOurVersion = true;
        while (!range.empty()) {
            auto value = takeMember(range, ';');
            const auto name = takeMember(value, '=');
            if (isSameIgnoringCase(name, "q")) weight = qualityValue(trimmed(value)).value_or(0);
            if (isSameIgnoringCase(name, "version")) isOurVersion = isOneZero(trimmed(value));
        }
        if (isSameIgnoringCase(type, "text/plain")) text = std::max(text, weight);
        if (isSameIgnoringCase(type, "application/openmetrics-text") && isOurVersion)
            openMetrics = std::max(openMetrics, weight);
    }
    return openMetrics > 0 && openMetrics >= text ? PrometheusText::Format::openMetrics
                                                  : PrometheusText::Format::prometheus;
}

}  // namespace changebank::daemon
