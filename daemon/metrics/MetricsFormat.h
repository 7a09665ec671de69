#pragma once

#include <string_view>

#include "changebank/daemon/metrics/PrometheusText.h"

namespace changebank::daemon {

/// The format for a client with this field `Accept` (RFC 9110 section 12.5.1): OpenMetrics if it names
/// application/openmetrics-text, in version 1.0.0 or without one, and prefers nothing to it that we have;
/// Prometheus' text otherwise, also for a client that accepts anything.
PrometheusText::Format metricsFormatFor(std::string_view accept);

}  // namespace changebank::daemon
