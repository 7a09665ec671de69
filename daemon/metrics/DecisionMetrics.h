#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "changebank/daemon/metrics/PrometheusText.h"

namespace changebank::daemon {

/// Counts decisions by the number of their rule and by status. Its size is fixed at construction, so that
/// neither callers nor rules can make it grow. Recording takes no lock. Thread-safe.
class DecisionMetrics {
public:
    /// `maxRule` is the greatest number of a rule.
    explicit DecisionMetrics(unsigned maxRule);
    ~DecisionMetrics();

    /// Rule 0 is none. A rule above the greatest number is not counted.
    void decided(unsigned rule, int status) noexcept;

    struct Totals {
        std::uint64_t allowed = 0;
        std::uint64_t refused = 0;
    };
    Totals totals() const;

    /// changebank_decisions_total, without samples that are zero.
    void write(PrometheusText& text) const;

private:
    struct Rule;
    std::vector<Rule> _rules;
};

}  // namespace changebank::daemon
