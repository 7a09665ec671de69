#include "changebank/daemon/settings/sources/SettingsFile.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <string_view>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/text/ByteOrderMark.h"
#include "changebank/base/text/Utf8.h"

namespace changebank::daemon {

using namespace std::string_view_literals;

namespace {

struct Encoding {
    std::string_view beginning;
    std::string_view name;
};

/// UTF-32 first, since its mark begins like that of UTF-16. The last two are ASCII text without a mark.
constexpr std::array<Encoding, 6> otherEncodings{{{"\xFF\xFE\0\0"sv, "UTF-32"},
                                                  {"\0\0\xFE\xFF"sv, "UTF-32"},
                                                  {"\xFF\xFE"sv, "UTF-16"},
                                                  {"\xFE\xFF"sv, "UTF-16"},
                                                  {"\0"sv, "UTF-16"},
                                                  {"?\0"sv, "UTF-16"}}};

std::optional<std::string_view> otherEncodingOf(std::string_view text) {
    const auto found = std::find_if(otherEncodings.begin(), otherEncodings.end(), [&](const auto& each) {
        const auto& beginning = each.beginning;
        if (text.size() < beginning.size()) return false;
        return beginning[0] == '?' ? text[1] == '\0' : text.starts_with(beginning);
    });
    return found == otherEncodings.end() ? std::nullopt : std::optional(found->name);
}

std::string hexOf(char byte) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(byte);
    return {'0', 'x', digits[value >> 4U], digits[value & 0xFU]};
}

/// Why a line cannot be read, if so.
std::optional<std::string> faultOf(std::string_view line) {
    if (line.find('\0') != std::string_view::npos)
        return "has a NUL byte; the file must be plain text in UTF-8";
    if (line.starts_with(byteOrderMark))
        return "begins with a byte order mark, which may only be at the beginning of the file";
    for (std::size_t at = 0; at < line.size();) {
        const auto length = utf8SequenceLength(line.substr(at));
        if (length == 0)
            return "is not UTF-8: byte " + hexOf(line[at]) + " in column " + std::to_string(at + 1) +
                   " looks like Latin-1 or another 8-bit encoding; save the file as UTF-8";
        at += length;
    }
    return std::nullopt;
}

/// The file's bytes; std::nullopt and a fault if it cannot be read.
std::optional<std::string> contentOf(const std::string& path, std::vector<SettingFault>& faults) {
    std::ifstream file(path, std::ios::binary);
    std::string text(maxSettingsFileBytes + 1, '\0');
    if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad()) {
        faults.push_back({path, "", "cannot be read: " + errnoText()});
        return std::nullopt;
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() <= maxSettingsFileBytes) return text;
    faults.push_back({path, "", "is longer than " + std::to_string(maxSettingsFileBytes) + " bytes"});
    return std::nullopt;
}

/// Empties each line that cannot be read.
std::string checkedLines(std::string_view text, const std::string& path, std::vector<SettingFault>& faults) {
    std::string good;
    good.reserve(text.size());
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        if (auto why = faultOf(line)) {
            faults.push_back({path + ":" + std::to_string(number), "", std::move(*why)});
        } else {
            good += line;
        }
        if (end < text.size()) good += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return good;
}

}  // namespace

std::string readSettingsFile(const std::string& path, std::vector<SettingFault>& faults) {
    const auto content = contentOf(path, faults);
    if (!content) return {};
    if (const auto encoding = otherEncodingOf(*content)) {
        faults.push_back({path + ":1", "", "is " + std::string(*encoding) + "; save the file as UTF-8"});
        return {};
    }
    return checkedLines(withoutByteOrderMark(*content), path, faults);
}

}  // namespace changebank::daemon
