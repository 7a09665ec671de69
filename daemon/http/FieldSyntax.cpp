#include "daemon/http/FieldSyntax.h"

#include <algorithm>

#include "daemon/http/CharacterSet.h"
#include "security/Utf8.h"

namespace changebank::http {

namespace {

constexpr unsigned char octet(char c) {
    return static_cast<unsigned char>(c);
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr CharacterSet tokenCharacters = lettersDigitsAnd("!#$%&'*+-.^_`|~");

constexpr bool isValueCharacter(char c) {
    return c == '\t' || (octet(c) >= 0x20 && c != '\x7f');
}

}  // namespace

bool isToken(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return tokenCharacters[octet(c)]; });
}

// Access tokens make this the longest loop over a request, and they have no tab either.
bool isFieldValue(std::string_view text) noexcept {
    return !security::hasControl(text) || std::all_of(text.begin(), text.end(), isValueCharacter);
}

bool isSameName(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && std::equal(one.begin(), one.end(), other.begin(),
                                                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace changebank::http
