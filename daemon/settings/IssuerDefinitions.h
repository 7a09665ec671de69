#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingDefinition.h"

/// The settings of one issuer: those of auth.* for the first, of auth.issuer.NAME.* for another, which must
/// be named and described, since it has nothing to begin with. `place` is its place in
/// Settings::Auth::issuers.
namespace changebank::daemon {

/// Adds the definitions of what its tokens must be.
void addPolicyDefinitions(std::vector<SettingDefinition>& table, const std::string& issuer,
                          std::size_t place);

/// Adds the definitions of where its keys are and how they are fetched.
void addKeyDefinitions(std::vector<SettingDefinition>& table, const std::string& issuer, std::size_t place);

}  // namespace changebank::daemon
