#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changebank::kickstart {

/// A piece of HTML that is safe to send: either a template of ours or text in which every character that
/// means something in HTML is escaped, in element content and in attribute values between quotation marks.
class Html {
public:
    /// Any text, escaped.
    static Html text(std::string_view text);

    /// A template of ours, in which each `{{name}}` stands for the field of that name; every field must be
    /// given. Throws std::logic_error for one that is not, which is a fault of the program.
    static Html fill(std::string_view templateText, const std::vector<std::pair<std::string, Html>>& fields);

    /// Markup that the program itself made up, with nothing in it that came from outside.
    static Html trusted(std::string markup) { return Html(std::move(markup)); }

    Html() = default;

    Html& operator+=(const Html& other) {
        _markup += other._markup;
        return *this;
    }

    const std::string& markup() const noexcept { return _markup; }

private:
    explicit Html(std::string markup) : _markup(std::move(markup)) {}

    std::string _markup;
};

}  // namespace changebank::kickstart
