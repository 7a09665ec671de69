#pragma once

#include <string_view>

namespace changebank::kickstart::pages {

/// The files of kickstart/oauth/page/, compiled into the program.
extern const std::string_view login;
extern const std::string_view user;
extern const std::string_view home;
extern const std::string_view error;
extern const std::string_view style;

}  // namespace changebank::kickstart::pages
