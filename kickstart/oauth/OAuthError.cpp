#include "kickstart/oauth/OAuthError.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

Json OAuthError::toJson() const {
    return Json(Json::Object{{"error", jsonText(error)},
                             {"error_description", jsonText(description)},
                             {"error_reason", jsonText(reason)}});
}

FormData OAuthError::toParameters() const {
    FormData parameters;
    parameters.add("error", error);
    parameters.add("error_reason", reason);
    parameters.add("error_description", description);
    return parameters;
}

}  // namespace changebank::kickstart
