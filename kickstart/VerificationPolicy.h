#pragma once

#include <array>
#include <string_view>

#include "kickstart/BodyReader.h"

namespace changebank::kickstart {

/// Whether email addresses (`tenant.emailConfiguration`) or registrations (an `application`) have to be
/// verified, and how. No mail is sent here; the API hands the ids and codes out.
struct VerificationPolicy {
    /// FusionAuth's `verifyEmail` or `verifyRegistration`.
    bool isRequired = false;
    /// The verification strategy FormField: a code is typed into a form, besides the id.
    bool asksForCode = false;
    /// FusionAuth's `unverified.behavior` Gated: the login page lets nobody through who is not verified.
    bool isGate = false;

    /// Takes over what the object says; what it does not say stays. Notes values that cannot be.
    void readFrom(const BodyReader& object, const char* requirement) {
        constexpr std::array<std::string_view, 2> strategies{"ClickableLink", "FormField"};
        constexpr std::array<std::string_view, 2> behaviors{"Allow", "Gated"};
        isRequired = object.boolean(requirement).value_or(isRequired);
        asksForCode = object.oneOf<bool>("verificationStrategy", strategies).value_or(asksForCode);
        isGate = object.object("unverified").oneOf<bool>("behavior", behaviors).value_or(isGate);
    }
};

}  // namespace changebank::kickstart
