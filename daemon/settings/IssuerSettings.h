#pragma once

#include <string>
#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of auth.*, without those of the keys and of auth.dpop.*.
void addIssuerSettings(std::vector<SettingDefinition>& table);

/// Adds those of auth.discovery and auth.jwks.*, and those of auth.issuer.NAME.* for the names of further
/// issuers, as in auth.issuers.
void addIssuerKeySettings(std::vector<SettingDefinition>& table, const std::vector<std::string>& issuers);

/// Checks what the issuers must have and that they differ, and derives where their keys are.
void checkIssuers(ParsedSettings& parsed);

/// Checks the files that auth.jwks.* name.
void checkFilesOfKeys(ParsedSettings& parsed);

}  // namespace changebank::daemon
