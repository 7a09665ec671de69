#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace changebank::daemon {

/// Writes metrics in Prometheus' text format, version 0.0.4: one family after the other, each with its help
/// and type, followed by its samples.
class PrometheusText {
public:
    static constexpr const char* contentType = "text/plain; version=0.0.4; charset=utf-8";

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

    std::string _text;
    std::string _name;
};

}  // namespace changebank::daemon
