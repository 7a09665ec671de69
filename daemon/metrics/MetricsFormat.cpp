#include "changebank/daemon/metrics/MetricsFormat.h"

#include <algorithm>
#include <charconv>

#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank::daemon {

namespace {

std::string_view takePart(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const auto part = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return part;
}

/// 0 for what is no weight.
double weightOf(std::string_view text) {
    double weight = 0;
    const auto* last = text.data() + text.size();
    const auto read = std::from_chars(text.data(), last, weight, std::chars_format::fixed);
    return read.ec == std::errc{} && read.ptr == last ? std::clamp(weight, 0.0, 1.0) : 0;
}

bool isOneZero(std::string_view version) {
    return version == "1.0.0" || version == "\"1.0.0\"";
}

}  // namespace

PrometheusText::Format metricsFormatFor(std::string_view accept) {
    double openMetrics = 0;
    double text = 0;
    while (!accept.empty()) {
        auto range = takePart(accept, ',');
        const auto type = takePart(range, ';');
        double weight = 1;
        bool isOurVersion = true;
        while (!range.empty()) {
            auto value = takePart(range, ';');
            const auto name = takePart(value, '=');
            if (isSameIgnoringCase(name, "q")) weight = weightOf(trimmed(value));
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
