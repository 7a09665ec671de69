#pragma once

#include "changebank/daemon/metrics/PrometheusText.h"
#include "changebank/daemon/revocation/Revocations.h"
#include "changebank/daemon/revocation/WebhookCounters.h"

namespace changebank::daemon {

/// The metrics `changebank_revocation…`. Those of the stream have no samples without one.
void writeRevocations(PrometheusText& text, const Revocations::Status& status, const WebhookCounters& events);

}  // namespace changebank::daemon
