#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

/// Takes a JSON text (RFC 8259) apart by its structure alone: brackets, quotation marks, commas and colons.
/// What is inside a part is not checked, so that each part can be read, and be wrong, on its own. Any
/// well-formed array or object is taken apart correctly. Takes linear time, without recursion.
namespace changebank {

/// The text of each element; views into `text`. std::nullopt if that is not an array by its structure.
std::optional<std::vector<std::string_view>> elementsOf(std::string_view text);

/// The text of each member's name, with its quotation marks, and of its value; views into `text`.
/// std::nullopt if that is not an object by its structure.
std::optional<std::vector<std::pair<std::string_view, std::string_view>>> membersOf(std::string_view text);

}  // namespace changebank
