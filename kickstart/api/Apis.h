#pragma once

#include "changebank/kickstart/api/ApiRouter.h"

namespace changebank::kickstart {

// Each of these functions adds the routes of one of FusionAuth's APIs.

/// `POST /api/tenant[/{tenantId}]` creates a tenant, `GET` returns one, `PATCH` changes the members it names.
/// Tenant has the members that take effect.
void addTenantApi(ApiRouter& router);

/// `POST /api/key/generate[/{keyId}]` generates a key for one of the algorithms of KeyAlgorithm, `POST
/// /api/key/import[/{keyId}]` imports one, `GET /api/key/{keyId}` returns one, `DELETE /api/key/{keyId}`
/// deletes one that nothing signs with.
void addKeyApi(ApiRouter& router);

/// `POST /api/application[/{applicationId}]` creates an application, `GET` returns one, `PATCH` changes the
/// members it names, `DELETE` deactivates one, or with `hardDelete=true` deletes it with all its
/// registrations. Application has the members that take effect.
void addApplicationApi(ApiRouter& router);

/// `POST /api/application/{applicationId}/scope[/{scopeId}]` creates a scope of an application, `GET` with
/// the scope's id returns one, `PATCH` changes its description, `DELETE` deletes one.
void addScopeApi(ApiRouter& router);

/// `POST /api/user[/{userId}]` creates a user, `GET` returns one, `PATCH` changes one, `DELETE` deactivates
/// one, or with `hardDelete=true` deletes it; `PUT` with `reactivate=true` reactivates one.
void addUserApi(ApiRouter& router);

/// Creates the user described by the body's member `user` and publishes the event. nullptr if the call has
/// errors, before or after. For the two APIs that create users.
User* addUser(ApiCall& call, const Uuid& id, const Uuid& tenantId);

/// `POST /api/user/registration[/{userId}]` creates a user and registers it with an application, or registers
/// an existing user if the body has no user; `GET` and `DELETE
/// /api/user/registration/{userId}/{applicationId}` return and delete a registration.
void addRegistrationApi(ApiRouter& router);

/// `POST /api/login`: 200 with a token and the user; 202 if the user is not registered with the application,
/// with a token without roles; 401 without the API key that the application or tenant requires; 404 for an
/// unknown user or a wrong password; 423 for a deactivated user.
void addLoginApi(ApiRouter& router);

/// `POST /api/jwt/refresh` exchanges a refresh token for a new access token; `DELETE` revokes one refresh
/// token, or those of a user, an application or both; `POST /api/logout` revokes the caller's.
void addRefreshTokenApi(ApiRouter& router);

/// `GET /api/jwt/validate` returns the claims of a valid token, `GET /api/jwt/public-key` the public keys as
/// PEM.
void addJwtApi(ApiRouter& router);

/// `POST /api/webhook[/{webhookId}]` creates a webhook, `GET` returns one, `DELETE` deletes one.
void addWebhookApi(ApiRouter& router);

/// The endpoints without an API key: `GET /.well-known/jwks.json` (RFC 7517 section 5, every public key) and
/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0), each optionally with a tenant's id
/// before the path, `GET /api/status` and `GET /api/health`. The parameter `tenantId` also selects the tenant
/// of the configuration.
void addDiscoveryApi(ApiRouter& router);

}  // namespace changebank::kickstart
