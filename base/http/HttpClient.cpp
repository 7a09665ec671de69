#include "changebank/base/http/HttpClient.h"

#include <utility>

#include "changebank/base/http/HttpExchange.h"
#include "changebank/base/text/Utf8.h"

namespace changebank {

HttpClient::HttpClient(Options options) : _options(std::move(options)) {
    if (!_options.authorities)
        _options.authorities = std::make_shared<const CertificateAuthorities>(_options.caFile);
}

HttpClient::Result HttpClient::send(const Request& request, std::chrono::milliseconds timeout,
                                    const std::stop_token& stopping) const {
    // libcurl sends fields as they are, so a line break in one would add another.
    for (const auto& [name, value] : request.fields) {
        if (hasControl(name) || hasControl(value))
            return Failure{Failure::Kind::unreachable, "a field of the request has a control character"};
    }
    return HttpExchange(_options, _options.authorities->store(), request, timeout, stopping).run();
}

}  // namespace changebank
