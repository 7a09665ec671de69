#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/text/JsonText.h"

namespace changebank::kickstart {

/// Says that kickstartd has no such request: "GET /api/user/search".
inline std::string notOfferedText(const std::string& what) {
    return "kickstartd does not offer " + what + "; docs/kickstartd.md lists what it offers";
}

/// The errors of a request, as in the body of FusionAuth's 400: field errors by the member's path, and
/// general errors. Messages never contain a password or another secret.
class Errors {
public:
    /// `kind` is the bracketed part of the code: ("user.email", "duplicate") gives the code
    /// `[duplicate]user.email`.
    void addField(std::string_view field, std::string_view kind, std::string_view message);

    void addGeneral(std::string_view code, std::string_view message);

    bool empty() const noexcept { return _entries.empty(); }

    /// `{"fieldErrors":{NAME:[{"code":…,"message":…}]},"generalErrors":[…]}`; an empty member is left out.
    Poco::JSON::Object toJson() const;

    /// All errors in one line of text.
    std::string toText() const;

private:
    struct Entry {
        /// Empty for a general error.
        std::string field;
        std::string code;
        std::string message;
    };

    std::vector<Entry> _entries;
};

}  // namespace changebank::kickstart
