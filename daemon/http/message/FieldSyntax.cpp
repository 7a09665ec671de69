#include "changebank/daemon/http/message/FieldSyntax.h"

#include <algorithm>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/daemon/http/message/CharacterSet.h"

namespace changebank::http {

namespace {

constexpr unsigned char byte(char c) {
    return static_cast<unsigned char>(c);
}

constexpr CharacterSet tokenCharacters = lettersDigitsAnd("!#$%&'*+-.^_`|~");

constexpr bool isValueCharacter(char c) {
    return c == '\t' || !isControl(c);
}

}  // namespace

bool isToken(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return tokenCharacters[byte(c)]; });
}

// Access tokens make this the longest loop over a request, and they have no tab either.
bool isFieldValue(std::string_view text) noexcept {
    return !hasControl(text) || std::all_of(text.begin(), text.end(), isValueCharacter);
}

bool isSameName(std::string_view one, std::string_view other) noexcept {
    return isSameIgnoringCase(one, other);
}

}  // namespace changebank::http
