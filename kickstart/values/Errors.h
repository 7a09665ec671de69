#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/text/Json.h"

namespace changebank::kickstart {

/// What is wrong with a request, as FusionAuth's body of a 400 response says it: field errors under the path
/// of the member, and general errors. Messages never repeat a password or another secret.
class Errors {
public:
    /// `kind` is the bracketed part of the code: ("user.email", "duplicate") gives the code
    /// `[duplicate]user.email`.
    void addField(std::string_view field, std::string_view kind, std::string_view message);

    void addGeneral(std::string_view code, std::string_view message);

    bool empty() const noexcept { return _entries.empty(); }

    /// `{"fieldErrors":{NAME:[{"code":…,"message":…}]},"generalErrors":[…]}`, without an empty one of the
    /// two.
    Json toJson() const;

    /// All of it in one line of text, for a person.
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
