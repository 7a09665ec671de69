#include "changebank/security/keys/BearerTokenFile.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string_view>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank::security {

namespace {

/// RFC 6750 section 2.1, b64token.
bool isToken(std::string_view text) {
    const auto isAllowed = [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != ','; };
    return !text.empty() && std::all_of(text.begin(), text.end(), isAllowed);
}

}  // namespace

std::variant<std::string, FetchFailure> BearerTokenFile::authorization() const {
    if (_path.empty()) return std::string();
    errno = 0;
    std::ifstream file(_path, std::ios::binary);
    std::string content(maxSize + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (file.bad() || (!file.eof() && file.gcount() == 0))
        return FetchFailure{Cause::keysUnreachable, "the token file " + _path + ": " + errnoText()};
    content.resize(static_cast<std::size_t>(file.gcount()));
    const auto token = trimmed(content, " \t\r\n");
    if (content.size() > maxSize || !isToken(token))
        return FetchFailure{Cause::keysUnreachable, "the token file " + _path + " is not one token"};
    return "Bearer " + std::string(token);
}

}  // namespace changebank::security
