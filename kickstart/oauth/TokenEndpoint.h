#pragma once

#include "kickstart/Directory.h"
#include "kickstart/oauth/TokenGrants.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"

namespace changebank::kickstart {

/// Answers `POST /oauth2/token`, the token endpoint (RFC 6749 section 3.2), with the grants
/// authorization_code and refresh_token, each for the applications that enable it. A client names itself and
/// shows its secret by the header `Authorization: Basic` or by fields (section 2.3.1); a secret that is sent
/// is always checked.
WebAnswer answerTokenRequest(const WebRequest& request, const Directory& directory, TokenGrants& grants);

}  // namespace changebank::kickstart
