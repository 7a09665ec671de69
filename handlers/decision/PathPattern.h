#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace changebank::handlers {

/// A pattern of paths: `/orders`, `/orders/*/items`, `/orders/**`. A segment `*` stands for one segment, and
/// `**`, only at the end, for none or more: `/orders/**` matches `/orders`, `/**` every path. Compared like
/// routes of ours (Router): without regard to case, and to a slash at the end. An immutable value.
class PathPattern {
public:
    /// The pattern, or why the text is none, as the end of a sentence. It is plain: no escapes, nothing that
    /// normalPath() refuses. So it is ASCII, and other characters are for `*` and `**`: they have a case and
    /// spellings of their own, which an API might fold.
    static std::variant<PathPattern, std::string> parse(std::string_view text);

    /// `path` is a normalPath().
    bool matches(std::string_view path) const;

    /// Whether every path that `other` matches is one of this.
    bool covers(const PathPattern& other) const;

    /// Patterns that together match what this one does: one without `**` for each number of segments below
    /// `count`, and one for the rest. It is covered by several patterns with at most `count` segments if each
    /// of these is covered by one of them.
    std::vector<PathPattern> parts(std::size_t count) const;

    /// The number of segments before `**`.
    std::size_t size() const noexcept { return _segments.size(); }

    /// As written.
    const std::string& text() const noexcept { return _text; }

private:
    std::string _text;
    /// In lower case, without the `**` at the end.
    std::vector<std::string> _segments;
    bool _isOpen = false;
};

}  // namespace changebank::handlers
