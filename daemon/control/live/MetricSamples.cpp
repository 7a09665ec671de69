#include "changebank/daemon/control/live/MetricSamples.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

namespace changebank::daemon {

namespace {

using Values = std::map<std::string, double>;

/// Reads `NAME="VALUE",...}` and leaves what follows; std::nullopt if it is malformed.
std::optional<MetricSamples::Labels> readLabels(std::string_view& text) {
    MetricSamples::Labels labels;
    while (!text.empty() && text.front() != '}') {
        const auto equals = text.find("=\"");
        if (equals == std::string_view::npos) return std::nullopt;
        auto& value = labels[std::string(text.substr(0, equals))];
        text.remove_prefix(equals + 2);
        while (!text.empty() && text.front() != '"') {
            const bool isEscaped = text.front() == '\\' && text.size() > 1;
            if (isEscaped) text.remove_prefix(1);
            value += isEscaped && text.front() == 'n' ? '\n' : text.front();
            text.remove_prefix(1);
        }
        if (text.empty()) return std::nullopt;
        text.remove_prefix(1);
        if (text.starts_with(',')) text.remove_prefix(1);
    }
    if (text.empty()) return std::nullopt;
    text.remove_prefix(1);
    return labels;
}

std::optional<double> readNumber(std::string_view text) {
    const std::string number(text);
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (number.empty() || end != number.c_str() + number.size()) return std::nullopt;
    return value;
}

}  // namespace

MetricSamples MetricSamples::parse(std::string_view text) {
    MetricSamples all;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto end = line.find_first_of("{ ");
        if (line.starts_with('#') || end == std::string_view::npos) continue;
        Sample sample{std::string(line.substr(0, end)), {}, 0};
        const bool hasLabels = line[end] == '{';
        line.remove_prefix(end + 1);
        if (hasLabels) {
            auto labels = readLabels(line);
            if (!labels || !line.starts_with(' ')) continue;
            sample.labels = std::move(*labels);
            line.remove_prefix(1);
        }
        const auto value = readNumber(line);
        if (!value) continue;
        sample.value = *value;
        all._samples.push_back(std::move(sample));
    }
    return all;
}

Values MetricSamples::by(std::string_view name, const std::string& label,
                         const std::pair<std::string, std::string>& only) const {
    Values values;
    for (const auto& sample : _samples) {
        const auto found = sample.labels.find(label);
        if (sample.name != name || found == sample.labels.end()) continue;
        if (!only.first.empty()) {
            const auto other = sample.labels.find(only.first);
            if (other == sample.labels.end() || other->second != only.second) continue;
        }
        values[found->second] += sample.value;
    }
    return values;
}

double MetricSamples::sum(std::string_view name) const {
    double total = 0;
    for (const auto& sample : _samples)
        total += sample.name == name ? sample.value : 0;
    return total;
}

Values growth(const Values& before, const Values& now) {
    Values grown;
    for (const auto& [name, value] : now) {
        const auto found = before.find(name);
        grown[name] = std::max(0.0, value - (found == before.end() ? 0 : found->second));
    }
    return grown;
}

double quantile(double q, const Values& buckets) {
    std::vector<std::pair<double, double>> byBound;
    for (const auto& [bound, count] : buckets) {
        if (const auto number = readNumber(bound)) byBound.emplace_back(*number, count);
    }
    std::sort(byBound.begin(), byBound.end());
    const double total = byBound.empty() ? 0 : byBound.back().second;
    if (total <= 0) return std::numeric_limits<double>::quiet_NaN();
    const double rank = q * total;
    double lowerBound = 0;
    double lowerCount = 0;
    for (const auto& [bound, count] : byBound) {
        if (count >= rank && count > lowerCount)
            return lowerBound + (bound - lowerBound) * (rank - lowerCount) / (count - lowerCount);
        lowerBound = bound;
        lowerCount = count;
    }
    return lowerBound;
}

}  // namespace changebank::daemon
