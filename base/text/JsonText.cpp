#include "changebank/base/text/JsonText.h"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "changebank/base/text/Json.h"
#include "changebank/base/text/Utf8.h"

namespace changebank {

Poco::JSON::Object jsonObject(std::initializer_list<std::pair<std::string, Poco::Dynamic::Var>> members) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    for (const auto& [name, value] : members)
        object.set(name, value);
    return object;
}

std::string textOf(const Poco::JSON::Object& object) {
    std::ostringstream stream;
    object.stringify(stream);
    auto text = stream.str();
    if (isUtf8(text) && !hasHidden(text)) return text;
    std::string valid;
    for (std::string_view rest = text; !rest.empty();) {
        const auto length = utf8SequenceLength(rest);
        const auto sequence = length == 0 ? std::string_view("\xEF\xBF\xBD") : rest.substr(0, length);
        // Only a string literal can have such a character.
        const auto codePoint = codePointOf(sequence);
        isHidden(codePoint) ? valid += escapedJson(codePoint) : valid += sequence;
        rest.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return valid;
}

}  // namespace changebank
