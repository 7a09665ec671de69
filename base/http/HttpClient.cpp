#include "changebank/base/http/HttpClient.h"

#include <Poco/Exception.h>

#include <array>

#include "changebank/base/http/HttpExchange.h"
#include "changebank/base/text/Utf8.h"

namespace changebank {

namespace {

std::string firstQueuedError() {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    return text.data();
}

}  // namespace

HttpClient::HttpClient(Options options) : _options(std::move(options)), _authorities(X509_STORE_new()) {
    const ErrorQueueCleaner cleaner;
    const auto& file = _options.caFile;
    const bool isLoaded =
        _authorities && (file.empty() ? X509_STORE_set_default_paths(_authorities.get()) == 1
                                      : X509_STORE_load_file(_authorities.get(), file.c_str()) == 1);
    if (!isLoaded)
        throw Poco::FileException("cannot read the certificate authorities: " + firstQueuedError());
}

HttpClient::Result HttpClient::send(const Request& request, std::chrono::milliseconds timeout,
                                    const std::stop_token& stopping) const {
    // libcurl sends fields as they are, so a line break in one would add another.
    for (const auto& [name, value] : request.fields) {
        if (hasControl(name) || hasControl(value))
            return Failure{Failure::Kind::unreachable, "a field of the request has a control character"};
    }
    return HttpExchange(_options, *_authorities, request, timeout, stopping).run();
}

}  // namespace changebank
