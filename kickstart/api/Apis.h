#pragma once

#include "changebank/kickstart/api/ApiRouter.h"

namespace changebank::kickstart {

// Each of these functions adds the routes of one of FusionAuth's APIs.

/// `POST /api/tenant[/{tenantId}]` creates a tenant, `GET` shows one, `PATCH` changes what it
/// names. What has an effect here is said at Tenant.
void addTenantApi(ApiRouter& router);

/// `POST /api/key/generate[/{keyId}]` generates a key for one of the algorithms of KeyAlgorithm,
/// `POST /api/key/import[/{keyId}]` takes one that exists, `GET /api/key/{keyId}` shows one,
/// `DELETE /api/key/{keyId}` ends one that nothing signs with.
void addKeyApi(ApiRouter& router);

/// `POST /api/application[/{applicationId}]` creates an application, `GET` shows one, `PATCH` changes
/// what it names, `DELETE` deactivates one, and with `hardDelete=true` ends it with all its
/// registrations. What has an effect here is said at Application.
void addApplicationApi(ApiRouter& router);

/// `POST /api/user[/{userId}]` creates a user, `GET` shows one, `PATCH`
/// changes one, `DELETE` deactivates one, and with `hardDelete=true` ends it; `PUT` with `reactivate=true`
/// takes a deactivation back.
void addUserApi(ApiRouter& router);

/// Puts the user whom the member `user` of the body describes into the state, and tells of it. nullptr if
/// something is in the way, which is noted, or if anything was noted before. For the two APIs that create
/// users.
User* addUser(ApiCall& call, const Uuid& id, const Uuid& tenantId);

/// `POST /api/user/registration[/{userId}]` creates a user and registers it with an application, or registers
/// a user that exists if the body has no user; `GET` and `DELETE
/// /api/user/registration/{userId}/{applicationId}` show and end a registration.
void addRegistrationApi(ApiRouter& router);

/// `POST /api/login`: 200 with a token and the user; 202 for a user who is not registered with the
/// application, whose token then carries no roles; 401 without the API key that the application or tenant
/// asks for; 404 for an unknown user and for a wrong password alike; 423 for a user who was deactivated.
void addLoginApi(ApiRouter& router);

/// `POST /api/jwt/refresh` makes a new access token of a refresh token, `DELETE` revokes one, those of a
/// user, of an application or of both; `POST /api/logout` revokes that of the caller.
void addRefreshTokenApi(ApiRouter& router);

/// `GET /api/jwt/validate` says what a token of ours says, `GET /api/jwt/public-key` shows keys as PEM.
void addJwtApi(ApiRouter& router);

/// `POST /api/webhook[/{webhookId}]` creates a webhook, `GET` shows one, `DELETE` ends one.
void addWebhookApi(ApiRouter& router);

/// What a resource server or a client learns without a key: `GET /.well-known/jwks.json` (RFC 7517 section 5,
/// every public key), `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0), both with a
/// tenant's id in front of the path as well, `GET /api/status` and `GET /api/health`. The tenant of the
/// configuration may also be named by the parameter `tenantId`.
void addDiscoveryApi(ApiRouter& router);

}  // namespace changebank::kickstart
