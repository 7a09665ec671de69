#pragma once

#include <string>

namespace changebank::daemon {

struct AdminContext;

/// All metrics, in Prometheus' text format.
std::string metricsReport(const AdminContext& context);

}  // namespace changebank::daemon
