#pragma once

#include <string>

namespace changebank::daemon {

class RunningDaemon;

/// Everything that is measured, in Prometheus' text format.
std::string metricsReport(const RunningDaemon& daemon);

}  // namespace changebank::daemon
