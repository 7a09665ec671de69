#pragma once

#include <map>
#include <string>
#include <string_view>

#include "changebank/kickstart/oauth/WebResponse.h"

namespace changebank::kickstart {

/// The values for a template, by name.
using HtmlFields = std::map<std::string_view, std::string>;

/// Replaces each `{{name}}` in a template by the field of that name, escaped for the content of elements and
/// for quoted attributes, and each `{{{name}}}` by the field as it is, which must be HTML that filled()
/// returned.
std::string filled(std::string_view text, const HtmlFields& fields);

/// A page that runs no script and cannot be framed. `formAction` is the source list of the directive
/// form-action.
WebResponse htmlPage(int status, std::string html, const std::string& formAction = "'none'");

}  // namespace changebank::kickstart
