#pragma once

#include <string>

namespace changebank::daemon {

struct AdminContext;

/// Everything that is measured, in Prometheus' text format.
std::string metricsReport(const AdminContext& context);

}  // namespace changebank::daemon
