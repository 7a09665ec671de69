#include "kickstart/oauth/OAuthError.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

Json OAuthError::toJson() const {
    auto object = members;
    object.emplace_back("error", jsonText(error));
    object.emplace_back("error_description", jsonText(description));
    object.emplace_back("error_reason", jsonText(reason));
    return Json(std::move(object));
}

FormData OAuthError::toParameters() const {
    FormData parameters;
    parameters.add("error", error);
    parameters.add("error_reason", reason);
    parameters.add("error_description", description);
    return parameters;
}

}  // namespace changebank::kickstart
