#pragma once

#include <cstddef>
#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/daemon/control/live/MetricSamples.h"
#include "changebank/daemon/control/live/Screen.h"

namespace changebank::daemon {

/// What the daemon said at one moment.
struct TopSnapshot {
    /// GET /status.
    Json status;
    /// GET /metrics.
    MetricSamples metrics;
    /// When, in seconds of any clock that runs evenly.
    double seconds = 0;
};

/// The table of changebankctl top: rates of the time between two snapshots, or from the start to `now`
/// without `before` or if the daemon was started again. Fits a screen of 80 columns and 24 rows, and shows
/// more causes and rules on a larger one. Colours are SGR sequences.
std::string topView(const TopSnapshot* before, const TopSnapshot& now, ScreenSize size, bool hasColours);

}  // namespace changebank::daemon
