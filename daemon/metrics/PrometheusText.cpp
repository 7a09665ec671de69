#include "changebank/daemon/metrics/PrometheusText.h"

#include <array>
#include <charconv>

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
    _text += "# HELP " + _name + " ";
    appendEscaped(_text, help, false);
    _text += "\n# TYPE " + _name + " ";
    _text += typeNames[static_cast<std::size_t>(type)];
    _text += '\n';
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
