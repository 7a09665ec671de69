#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changebank::daemon {

/// The samples of GET /metrics (Prometheus' text format 0.0.4, without timestamps). Lines that it cannot read
/// are left out.
class MetricSamples {
public:
    using Labels = std::map<std::string, std::string>;

    static MetricSamples parse(std::string_view text);

    /// The sum of each value of a label, over the samples of that name that have it; only those with another
    /// label's value if that is given.
    std::map<std::string, double> by(std::string_view name, const std::string& label,
                                     const std::pair<std::string, std::string>& only = {}) const;

    /// The sum of all samples of that name.
    double sum(std::string_view name) const;

private:
    struct Sample {
        std::string name;
        Labels labels;
        double value;
    };
    std::vector<Sample> _samples;
};

/// What a counter's values have grown by; one that is new began with zero.
std::map<std::string, double> growth(const std::map<std::string, double>& before,
                                     const std::map<std::string, double>& now);

/// The quantile `q`, from 0 to 1, of a histogram: `buckets` are the counts up to each bound, by the text of
/// the bound (the label `le`). Interpolated within its bucket; infinite beyond the last bound, NaN for an
/// empty histogram.
double quantile(double q, const std::map<std::string, double>& buckets);

}  // namespace changebank::daemon
