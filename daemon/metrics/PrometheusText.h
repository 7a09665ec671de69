#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "changebank/daemon/metrics/LastExemplar.h"

namespace changebank::daemon {

/// Writes metrics in Prometheus' text format, version 0.0.4, or in OpenMetrics 1.0: one family after the
/// other, each with its help and type, followed by its samples.
class PrometheusText {
public:
    /// In OpenMetrics the family of a counter has its name without the ending `_total`, whole numbers among
    /// the bounds of a histogram end with `.0`, samples may have exemplars, and the text ends with a mark.
    enum class Format : unsigned char { prometheus, openMetrics };

    static constexpr const char* contentTypeOf(Format format) noexcept {
        return format == Format::openMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                             : "text/plain; version=0.0.4; charset=utf-8";
    }

    explicit PrometheusText(Format format = Format::prometheus) : _format(format) {}

    enum class Type : unsigned char { counter, gauge, histogram };
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Begins a family, to which the following samples belong. The name is not checked; samples may add a
    /// suffix.
    void family(std::string_view name, Type type, std::string_view help);

    void sample(Labels labels, std::uint64_t value) { sample("", labels, value); }
    void sample(Labels labels, double value) { line("", labels, toText(value)); }
    void sample(std::string_view ending, Labels labels, std::uint64_t value) {
        line(ending, labels, std::to_string(value));
    }
    void sample(std::string_view ending, Labels labels, double value) { line(ending, labels, toText(value)); }

    /// A bucket of a histogram: how many are not above `bound`, which is infinity for the last one. The
    /// exemplar, if there is one, is written where the format has a place for it.
    void bucket(std::pair<std::string_view, std::string_view> label, double bound, std::uint64_t count,
                const std::optional<LastExemplar::Value>& exemplar);

    /// Ends the text; to be called once, after the last family.
    void end();

    /// A family of one sample without labels.
    template <typename Number>
    void single(std::string_view name, Type type, std::string_view help, Number value) {
        family(name, type, help);
        sample({}, value);
    }

    const std::string& text() const noexcept { return _text; }

    /// The shortest decimal text that reads back as the same number.
    static std::string toText(double value);

private:
    void line(std::string_view ending, Labels labels, std::string_view value);

    const Format _format;
    std::string _text;
    std::string _name;
};

}  // namespace changebank::daemon
