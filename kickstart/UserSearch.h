#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "kickstart/Errors.h"
#include "kickstart/User.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// What `/api/user/search` looks for: the users of a list of ids, or those that a text fits. The text is
/// compared as FusionAuth's database search does, with the email address, the username and the names, in any
/// case and anywhere in them; `*` alone fits everybody, and `email:TEXT`, `username:TEXT`, `firstName:TEXT`,
/// `lastName:TEXT` and `fullName:TEXT` look at one of them.
class UserSearch {
public:
    /// Reads the query of a GET or the member `search` of a body. Notes what is wrong, and the member
    /// `query`, which is Elasticsearch's.
    static UserSearch read(const ApiCall& call, Errors& errors);

    /// `{"total":…,"users":[…]}`, in the order of the email addresses or usernames.
    security::Json find(const ApiCall& call, const DirectoryState& state) const;

private:
    bool fits(const User& user) const;

    std::vector<std::string> _ids;
    std::string _field;
    std::string _text;
    std::size_t _startRow = 0;
    /// FusionAuth's default.
    std::size_t _numberOfResults = 25;
};

}  // namespace changebank::kickstart
