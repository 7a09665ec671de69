#pragma once

#include <string>

#include "changebank/daemon/metrics/PrometheusText.h"

namespace changebank::daemon {

struct AdminContext;

/// All metrics, in Prometheus' text format.
std::string metricsReport(const AdminContext& context, PrometheusText::Format format);

}  // namespace changebank::daemon
