#include "changebank/daemon/metrics/PrometheusText.h"

#include <array>
#include <charconv>
#include <cmath>

namespace changebank::daemon {

namespace {

constexpr std::array<std::string_view, 3> typeNames{"counter", "gauge", "histogram"};

/// Escapes a help text or, with `quotationMarks`, a label value.
void appendEscaped(std::string& text, std::string_view value, bool quotationMarks) {
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
            continue;
        }
        if (c == '\\' || (quotationMarks && c == '"')) text += '\\';
        text += c;
    }
}

}  // namespace

void PrometheusText::family(std::string_view name, Type type, std::string_view help) {
    _name = name;
    constexpr std::string_view ending = "_total";
    const bool isOpen = _format == Format::openMetrics;
    if (isOpen && type == Type::counter && name.ends_with(ending)) name.remove_suffix(ending.size());
    _text.append("# HELP ").append(name).append(" ");
    appendEscaped(_text, help, isOpen);
    _text.append("\n# TYPE ").append(name).append(" ");
    _text += typeNames[static_cast<std::size_t>(type)];
    _text += '\n';
}

void PrometheusText::bucket(std::pair<std::string_view, std::string_view> label, double bound,
                            std::uint64_t count, const std::optional<LastExemplar::Value>& exemplar) {
    auto le = std::isinf(bound) ? "+Inf" : toText(bound);
    const bool isOpen = _format == Format::openMetrics;
    if (isOpen && !std::isinf(bound) && le.find('.') == std::string::npos) le += ".0";
    sample("_bucket", {label, {"le", le}}, count);
    if (!isOpen || !exemplar) return;
    _text.pop_back();
    const std::chrono::duration<double> duration(exemplar->duration);
    const std::chrono::duration<double> time(exemplar->time.time_since_epoch());
    _text += " # {trace_id=\"" + exemplar->traceId + "\",span_id=\"" + exemplar->spanId + "\"} " +
             toText(duration.count()) + " " + toText(time.count()) + "\n";
}

void PrometheusText::end() {
    if (_format == Format::openMetrics) _text += "# EOF\n";
}

std::string PrometheusText::toText(double value) {
    // The shortest text of 0.0001 would be 1e-04, which is hard to read in a label.
    constexpr double min = 1e-6;
    constexpr double max = 1e15;
    const bool isReadable = value == 0 || (value >= min && value < max);
    std::array<char, 32> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                      isReadable ? std::chars_format::fixed : std::chars_format::scientific);
    return {buffer.data(), result.ptr};
}

void PrometheusText::line(std::string_view ending, Labels labels, std::string_view value) {
    _text += _name;
    _text += ending;
    char before = '{';
    for (const auto& [name, labelValue] : labels) {
        _text += before;
        before = ',';
        _text += name;
        _text += "=\"";
        appendEscaped(_text, labelValue, true);
        _text += '"';
    }
    if (before == ',') _text += '}';
    _text += ' ';
    _text += value;
    _text += '\n';
}

}  // namespace changebank::daemon
