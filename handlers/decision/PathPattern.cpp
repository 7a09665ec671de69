#include "changebank/handlers/decision/PathPattern.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/handlers/decision/NormalPath.h"

namespace changebank::handlers {

namespace {

constexpr std::string_view any = "*";
constexpr std::string_view anyNumber = "**";

bool isWildcard(std::string_view segment) {
    return segment == any;
}

/// Takes the first segment and its slash off a path that is neither empty nor "/".
std::string_view takeSegment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

/// Why a segment of a pattern is none.
std::optional<std::string> faultOfSegment(std::string_view segment, bool isLast) {
    if (segment == any || (segment == anyNumber && isLast)) return std::nullopt;
    if (segment == anyNumber) return "has ** before its end";
    if (segment.find('*') != std::string_view::npos)
        return "has " + inQuotes(segment) + " in it, but * and ** stand for whole segments";
    return std::nullopt;
}

}  // namespace

std::variant<PathPattern, std::string> PathPattern::parse(std::string_view text) {
    const auto fault = [text](const std::string& why) { return inQuotes(text) + " " + why; };
    if (!text.starts_with('/')) return fault("does not begin with a slash");
    if (text.find('%') != std::string_view::npos)
        return fault("has an escape: a pattern is written without, and * stands for any segment");
    const auto normal = normalPath(text);
    if (!normal)
        return fault(
            "is not a plain path: // and segments that end with a dot, the characters \\ ; ? # "
            "and those beyond ASCII are not allowed");
    PathPattern pattern;
    pattern._text = text;
    std::string_view rest = *normal == "/" ? std::string_view() : *normal;
    while (!rest.empty()) {
        const auto segment = takeSegment(rest);
        if (const auto why = faultOfSegment(segment, rest.empty())) return fault(*why);
        if (segment == anyNumber) {
            pattern._isOpen = true;
        } else {
            pattern._segments.emplace_back(segment);
        }
    }
    return pattern;
}

bool PathPattern::matches(std::string_view path) const {
    if (path == "/") path = {};
    for (const auto& segment : _segments) {
        if (path.empty()) return false;
        const auto actual = takeSegment(path);
        if (!isWildcard(segment) && segment != actual) return false;
    }
    return _isOpen || path.empty();
}

bool PathPattern::covers(const PathPattern& other) const {
    if (other.size() < size()) return false;
    if (!_isOpen && (other._isOpen || other.size() > size())) return false;
    return std::equal(_segments.begin(), _segments.end(), other._segments.begin(),
                      [](const auto& own, const auto& its) { return isWildcard(own) || own == its; });
}

std::vector<PathPattern> PathPattern::parts(std::size_t count) const {
    std::vector<PathPattern> parts{*this};
    if (!_isOpen) return parts;
    while (parts.back().size() < count) {
        auto longer = parts.back();
        longer._segments.emplace_back(any);
        parts.back()._isOpen = false;
        parts.push_back(std::move(longer));
    }
    return parts;
}

}  // namespace changebank::handlers
