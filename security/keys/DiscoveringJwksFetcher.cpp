#include "changebank/security/keys/DiscoveringJwksFetcher.h"

#include <Poco/URI.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "changebank/base/http/HttpUrl.h"
#include "changebank/base/text/Json.h"

namespace changebank::security {

namespace {

HttpClient::Options withSizeOfConfiguration(HttpClient::Options options) {
    options.maxBodySize = DiscoveringJwksFetcher::maxConfigurationSize;
    return options;
}

FetchFailure malformed(const std::string& why) {
    return {Cause::keysMalformed, "the OpenID configuration " + why};
}

bool isSameOrigin(const std::string& one, const std::string& other) {
    const auto left = httpUrl(one);
    const auto right = httpUrl(other);
    return left && right && left->getScheme() == right->getScheme() && left->getHost() == right->getHost() &&
           left->getPort() == right->getPort();
}

}  // namespace

DiscoveringJwksFetcher::DiscoveringJwksFetcher(Options options)
    : _options(std::move(options)),
      _client(withSizeOfConfiguration(_options.client)),
      _token(_options.tokenFile) {}

FetchResult DiscoveringJwksFetcher::fetch(const std::string& entityTag, bool forced,
                                          std::chrono::milliseconds timeout,
                                          const std::stop_token& stopping) {
    using Steady = std::chrono::steady_clock;
    const auto deadline = Steady::now() + timeout;
    auto address = discover(timeout, stopping);
    if (auto* failure = std::get_if<FetchFailure>(&address)) return std::move(*failure);
    if (!_fetcher || std::get<std::string>(address) != _address) follow(std::get<std::string>(address));
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now());
    // An entity tag belongs to the address that sent it: the same one elsewhere would confirm other keys.
    auto result = _fetcher->fetch(_address == _confirmedAddress ? entityTag : std::string(), forced,
                                  std::max(left, std::chrono::milliseconds(1)), stopping);
    if (std::holds_alternative<FetchedKeys>(result)) _confirmedAddress = _address;
    return result;
}

void DiscoveringJwksFetcher::follow(const std::string& address) {
    const bool mayHaveToken = isSameOrigin(address, _options.configuration);
    _fetcher = std::make_unique<HttpJwksFetcher>(Poco::URI(address), _options.client,
                                                 mayHaveToken ? _options.tokenFile : std::string());
    _address = address;
}

std::variant<std::string, FetchFailure> DiscoveringJwksFetcher::discover(
    std::chrono::milliseconds timeout, const std::stop_token& stopping) const {
    HttpClient::Request request{.url = _options.configuration,
                                .fields = {{"Accept", "application/json"}, {"User-Agent", "changebank"}}};
    auto authorization = _token.authorization();
    if (auto* failure = std::get_if<FetchFailure>(&authorization)) return std::move(*failure);
    if (const auto& value = std::get<std::string>(authorization); !value.empty())
        request.fields.emplace_back("Authorization", value);
    const auto result = _client.send(request, timeout, stopping);
    if (const auto* failure = std::get_if<HttpClient::Failure>(&result)) return failureOf(*failure);
    const auto& response = std::get<HttpClient::Response>(result);
    if (response.status != 200) {
        return FetchFailure{Cause::keysStatus, "the OpenID configuration has status " +
                                                   std::to_string(response.status) + ", not 200"};
    }
    return addressIn(response.body);
}

std::variant<std::string, FetchFailure> DiscoveringJwksFetcher::addressIn(
    const std::string& configuration) const {
    const auto parsed = Json::parse(configuration);
    if (!parsed || !parsed->object()) return malformed("is not a JSON object");
    const auto* issuer = parsed->find("issuer");
    if (!issuer || !issuer->string()) return malformed("has no issuer");
    if (*issuer->string() != _options.issuer)
        return malformed("is that of the issuer " + quoteJson(*issuer->string()) + ", not of " +
                         quoteJson(_options.issuer));
    const auto* address = parsed->find("jwks_uri");
    if (!address || !address->string()) return malformed("has no jwks_uri");
    const auto uri = httpUrl(*address->string());
    const auto shown = quoteJson(*address->string());
    if (!uri) return malformed("has a jwks_uri that is not an http or https URL: " + shown);
    if (!uri->getUserInfo().empty()) return malformed("has a jwks_uri with a user name or password in it");
    if (isPlainHttpToOthers(*uri) && !_options.allowHttp)
        return malformed("has a jwks_uri that is plain http to another machine: " + shown);
    return *address->string();
}

}  // namespace changebank::security
